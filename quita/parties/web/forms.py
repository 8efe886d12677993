"""Forms of the records. What a value must be is decided by the commands; forms say only how it is asked for."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from quita.domain import documents
from quita.parties.models import (
    UF_CHOICES,
    Address,
    Branch,
    Calendar,
    Company,
    ContactKind,
    ContactPoint,
    ContactState,
    Contract,
    Debtor,
    Protection,
)
from quita.platform.ui import fields as ui_fields

UFS = [("", "—"), *UF_CHOICES]


class _RecordForm(forms.ModelForm):
    """Draws a model's fields; saving is a command's work, and so are the model's own checks."""

    def _post_clean(self) -> None:
        """The command checks and says it in full sentences; Django's own model validation would say it twice."""

    def values(self) -> dict[str, Any]:
        """The cleaned values by the names that commands take: a foreign key is its id."""
        return {
            f"{name}_id" if isinstance(value, models.Model) or name in self._keys() else name:
            value.pk if isinstance(value, models.Model) else value
            for name, value in self.cleaned_data.items()
        }  # fmt: skip

    def _keys(self) -> set[str]:
        return {f.name for f in self._meta.model._meta.fields if f.is_relation}


class CompanyForm(_RecordForm):
    tax_id = forms.CharField(label=_("CPF/CNPJ"), max_length=24)
    postal_code = forms.CharField(label=_("postal code (CEP)"), max_length=12, required=False)
    email = forms.CharField(label=_("e-mail for replies"), max_length=254, required=False)

    class Meta:
        model = Company
        fields = (
            "legal_name", "trade_name", "tax_id", "company_type", "segment", "regime", "default_policy", "address_line",
            "city", "uf", "postal_code", "email", "phone", "payment_instructions", "feed_lease_days", "is_active",
        )  # fmt: skip
        widgets = {"payment_instructions": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "legal_name": _("Every message to a debtor names the creditor (CDC art. 42-A)."),
            "regime": _("The law that the debts fall under; it sets the caps of fine and interest."),
            "default_policy": _("For titles that come without a policy of their own."),
            "payment_instructions": _("Stands in messages where the template asks for it."),
            "email": _("Where debtors' answers go."),
            "segment": _("Free text that rules can ask for."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound and self.instance.pk:
            self.initial["tax_id"] = documents.format_document(self.instance.tax_id)
        policies = self.fields["default_policy"]
        policies.queryset = policies.queryset.filter(  # type: ignore[attr-defined]  # a ModelChoiceField
            models.Q(is_active=True) | models.Q(pk=self.instance.default_policy_id)
        )


class NewCompanyForm(CompanyForm):
    """With the municipality of the first branch, which decides its calendar."""

    ibge_code = forms.CharField(
        label=_("IBGE municipality code"), max_length=7, required=False,
        help_text=_("Seven digits. The main branch follows this municipality's calendar where there is one."),
    )  # fmt: skip
    field_order = [*CompanyForm.Meta.fields[:10], "ibge_code", *CompanyForm.Meta.fields[10:]]


class BranchForm(_RecordForm):
    class Meta:
        model = Branch
        fields = ("code", "name", "calendar", "is_active")
        help_texts = {
            "code": _("As the import names it."),
            "calendar": _("Decides when titles are late, where the payer's municipality has no calendar of its own."),
        }


class CalendarForm(_RecordForm):
    uf = forms.ChoiceField(label=_("state"), choices=UFS)
    ibge_code = forms.CharField(
        label=_("IBGE municipality code"), max_length=7,
        help_text=_("Seven digits, like 2611606 for Recife. Payers who live there follow this calendar."),
    )  # fmt: skip

    class Meta:
        model = Calendar
        fields = ("name", "uf", "ibge_code")


class HolidayForm(forms.Form):
    day = ui_fields.DayField(label=_("day"))
    name = forms.CharField(label=_("name"), max_length=80)


class DebtorForm(_RecordForm):
    tax_id = forms.CharField(label=_("CPF/CNPJ"), max_length=24, required=False)

    class Meta:
        model = Debtor
        fields = ("name", "kind", "tax_id", "debtor_type", "segment")
        widgets = {"kind": ui_fields.ChipsWidget}
        help_texts = {
            "debtor_type": _("Free text that rules can ask for, like “VIP” or “employee”."),
            "segment": _("Free text that rules can ask for."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial["tax_id"] = documents.format_document(self.instance.tax_id or "")


class ProtectionForm(forms.Form):
    protection = forms.ChoiceField(
        label=_("protection"), choices=[("", _("None: may be contacted")), *Protection.choices], required=False
    )
    reason = forms.CharField(
        label=_("reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who told us, when, and with which document. It stays on the record."),
    )  # fmt: skip


class AddressForm(_RecordForm):
    uf = forms.ChoiceField(label=_("state"), choices=UFS, required=False)
    postal_code = forms.CharField(label=_("postal code (CEP)"), max_length=12, required=False)
    is_primary = forms.BooleanField(
        label=_("primary"), required=False,
        help_text=_("Decides the calendar of this debtor's titles and the hours in which they may be contacted."),
    )  # fmt: skip

    class Meta:
        model = Address
        fields = ("line", "district", "city", "uf", "postal_code", "ibge_code", "is_primary")


class NewContactForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("kind"), choices=ContactKind.choices, widget=ui_fields.ChipsWidget, initial=ContactKind.EMAIL
    )
    value = forms.CharField(
        label=_("address or number"), max_length=254, help_text=_("A phone with its area code, like (81) 98765-4321.")
    )
    label = forms.CharField(label=_("label"), max_length=40, required=False, help_text=_("Like “work” or “daughter”."))
    source = forms.CharField(
        label=_("source"), max_length=40, help_text=_("Where it is known from; the law asks (LGPD).")
    )


class ContactStateForm(forms.Form):
    state = forms.ChoiceField(label=_("state"), choices=ContactState.choices, widget=ui_fields.ChipsWidget)
    source = forms.CharField(label=_("known from"), max_length=40, help_text=_("The debtor, a delivery, a call…"))

    def __init__(self, data: Any, *, point: ContactPoint) -> None:
        super().__init__(data, initial={"state": point.state})


class ContractForm(_RecordForm):
    started_on = ui_fields.DayField(label=_("started on"), required=False)

    class Meta:
        model = Contract
        fields = ("kind", "branch", "plan", "unit", "city", "started_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branches = self.fields["branch"]
        branches.queryset = branches.queryset.filter(company_id=self.instance.company_id)  # type: ignore[attr-defined]  # a ModelChoiceField
