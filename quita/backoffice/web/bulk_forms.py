"""Forms of the actions that one row or many can take."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quita.cases import queries
from quita.platform.ui import fields


class MoveForm(forms.Form):
    """To which portfolio."""

    portfolio_id = forms.TypedChoiceField(
        label=_("Portfolio"), coerce=int,
        help_text=_("A move by hand holds until it is released, whatever the rules say."),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        choice: forms.TypedChoiceField = self.fields["portfolio_id"]  # type: ignore[assignment]  # declared above
        choice.choices = [("", "—"), *queries.portfolio_names().items()]


class PhaseForm(forms.Form):
    """Into which phase."""

    phase_id = forms.TypedChoiceField(
        label=_("Phase"), coerce=int,
        help_text=_("A phase set by hand holds until it is released; then lateness decides again."),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        choice: forms.TypedChoiceField = self.fields["phase_id"]  # type: ignore[assignment]  # declared above
        choice.choices = [("", "—"), *queries.phase_names().items()]


class AssignForm(forms.Form):
    """To whom; nobody in particular is an answer too."""

    user_id = forms.TypedChoiceField(label=_("Person"), coerce=int, empty_value=None, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        choice: forms.TypedChoiceField = self.fields["user_id"]  # type: ignore[assignment]  # declared above
        choice.choices = [("", _("Nobody in particular")), *queries.people().items()]


class HoldForm(forms.Form):
    """Why, and until when."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("It stays on the case; people will ask."))
    ends_on = fields.DayField(label=_("Until (inclusive)"), help_text=_("Collection resumes by itself the day after."))


class ReleaseForm(forms.Form):
    """Nothing to say: the rules decide again."""
