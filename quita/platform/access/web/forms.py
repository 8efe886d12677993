"""Forms of sign-in, users and preferences."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quita.platform.access import roles
from quita.platform.access.models import User
from quita.platform.ui import fields as ui_fields


class SignInForm(forms.Form):
    """A name and a password."""

    username = forms.CharField(
        label=_("User"), max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none", "spellcheck": "false"}
        ),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class UserForm(forms.Form):
    """Who a user is, their role and the companies they see."""

    username = forms.CharField(label=_("User"), max_length=150, help_text=_("What the person types to sign in."))
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=roles.Role.choices, widget=ui_fields.ChipsWidget)
    sees = forms.ChoiceField(
        label=_("Companies"),
        choices=[("all", _("Every company, also future ones")), ("some", _("Only these"))],
        widget=ui_fields.ChipsWidget,
    )
    companies = forms.TypedMultipleChoiceField(
        label=_("Companies the person sees"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, companies: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: forms.TypedMultipleChoiceField = self.fields["companies"]  # type: ignore[assignment]  # declared above
        chosen.choices = companies

    def person(self) -> dict[str, Any]:
        """The cleaned values as arguments of the commands."""
        cleaned = {name: self.cleaned_data[name] for name in ("username", "first_name", "last_name", "email", "role")}
        every = self.cleaned_data["sees"] == "all"
        return {**cleaned, "company_ids": None if every else frozenset(self.cleaned_data["companies"])}


class PreferencesForm(forms.ModelForm):
    """A person's own choices."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "language", "theme", "single_key_shortcuts"]
        widgets = {"language": ui_fields.ChipsWidget, "theme": ui_fields.ChipsWidget}
        # Django's own labels for names and e-mail are worded differently from the rest of our screens.
        labels = {
            "first_name": _("First name"), "last_name": _("Last name"), "email": _("E-mail"),
            "language": _("Language"), "theme": _("Theme"),
            "single_key_shortcuts": _("Single-letter keyboard shortcuts"),
        }  # fmt: skip
        help_texts = {
            "single_key_shortcuts": _(
                "Switch them off if you dictate or often press keys by accident. Ctrl K and the arrows always work."
            )
        }


class PasswordForm(forms.Form):
    """The current password and a new one, twice."""

    current = forms.CharField(
        label=_("Current password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("New password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters; a sentence is easier to remember than symbols."),
    )  # fmt: skip
    again = forms.CharField(
        label=_("New password, again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error(
                "again",
                forms.ValidationError(
                    _("The two new passwords differ. Type the same one twice."), code="passwords_differ"
                ),
            )
        return cleaned
