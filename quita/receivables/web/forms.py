"""Forms of charge policies and index values."""

import dataclasses
import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quita.domain import charges
from quita.platform.choices import DebtRegime
from quita.platform.ui import fields as ui_fields
from quita.receivables import index_files

NO_INDEX = ""
INDEX_NAMES = {
    "IPCA": "IPCA", "IPCA15": "IPCA-15", "INPC": "INPC", "IGPM": "IGP-M", "INCC": "INCC", "TAXA_LEGAL": _("Legal rate"),
}  # fmt: skip
_FINE = [("PERCENT", _("Per cent")), ("FIXED", _("Fixed amount"))]
_INTEREST = [
    ("NONE", _("None")), ("SIMPLE_MONTHLY", _("Per cent a month")), ("SIMPLE_DAILY", _("Per cent a day")),
    ("FIXED_PER_DAY", _("Amount per day")), ("TAXA_LEGAL", _("Legal rate (Selic less IPCA-15)")),
]  # fmt: skip
_BASIS = [
    ("D30", _("Monthly rate ÷ 30 a day")), ("ACT_MONTH", _("Monthly rate ÷ days of the month")),
    ("ACT365", _("12 monthly rates ÷ 365 a day")), ("MONTHS_PLUS_DAYS30", _("Whole months, then ÷ 30")),
]  # fmt: skip
_BASE = [("PRINCIPAL", _("on the principal")), ("PRINCIPAL_CORRECTED", _("on the corrected principal"))]
_START = [("ORIGINAL_DUE", _("The due date")), ("ADJUSTED_DUE", _("The next business day (Pix)"))]
_PRORATA = [("NONE", _("Whole months")), ("CALENDAR_DAYS", _("First and last month by days"))]
_LAG = [("IGNORE_UNPUBLISHED", _("Left out")), ("REPEAT_LAST", _("The last published one again"))]
_SHORTFALL = [
    ("WAIVE_UNDER_TOLERANCE", _("Small rests are written off")), ("KEEP_OPEN", _("Every centavo stays due")),
    ("WAIVE_CHARGES", _("Who pays the principal owes no charges")),
]  # fmt: skip


class PolicyForm(forms.Form):
    """The terms as people set them; what it does not ask for keeps the value of the version before."""

    fine_kind = forms.ChoiceField(label=_("how it is set"), choices=_FINE, widget=ui_fields.ChipsWidget)
    fine_ppm = ui_fields.PercentField(label=_("per cent of the amount"), minimum=0, required=False)
    fine_cents = ui_fields.MoneyField(label=_("amount"), minimum=0, required=False)
    fine_base = forms.ChoiceField(label=_("counted"), choices=_BASE)
    interest_kind = forms.ChoiceField(label=_("how it accrues"), choices=_INTEREST)
    interest_ppm = ui_fields.PercentField(label=_("rate"), minimum=0, required=False)
    interest_cents_per_day = ui_fields.MoneyField(label=_("amount per day"), minimum=0, required=False)
    interest_basis = forms.ChoiceField(label=_("counted by the day as"), choices=_BASIS)
    interest_base = forms.ChoiceField(label=_("counted"), choices=_BASE)
    interest_start = forms.ChoiceField(
        label=_("counts from"), choices=_START,
        help_text=_("Where the due date has no bank service and the next business day is missed as well."),
    )  # fmt: skip
    index = forms.ChoiceField(label=_("index"), required=False)
    index_prorata = forms.ChoiceField(label=_("counted by"), choices=_PRORATA)
    index_lag = forms.ChoiceField(label=_("month not yet published"), choices=_LAG)
    grace_days = forms.IntegerField(label=_("grace days"), min_value=0, max_value=365)
    discount_ppm = ui_fields.PercentField(
        label=_("discount"), minimum=0, required=False,
        help_text=_("For payment by its day. A title's own discounts take precedence."),
    )  # fmt: skip
    discount_days = forms.IntegerField(label=_("until how many days before the due date"), min_value=0, required=False)
    shortfall = forms.ChoiceField(label=_("when too little is paid"), choices=_SHORTFALL)
    write_off_tolerance_cents = ui_fields.MoneyField(label=_("rest that is written off, at most"), minimum=0)
    fine_legal_basis = forms.CharField(label=_("clause or law"), max_length=300, required=False)
    interest_legal_basis = forms.CharField(label=_("clause or law"), max_length=300, required=False)
    index_legal_basis = forms.CharField(label=_("clause or law"), max_length=300, required=False)

    def __init__(self, *args: Any, terms: charges.ChargePolicy, **kwargs: Any) -> None:
        self.terms = terms
        kwargs.setdefault("initial", {}).update(_initial(terms))
        super().__init__(*args, **kwargs)
        series = [(key, name) for key, name in INDEX_NAMES.items() if key != "TAXA_LEGAL"]
        self.fields["index"].choices = [(NO_INDEX, _("None")), *series]  # type: ignore[attr-defined]  # a ChoiceField

    def as_terms(self, regime: charges.Regime) -> charges.ChargePolicy:
        """The terms as the core takes them, with the ceilings of the regime."""
        data = self.cleaned_data
        discounts = self.terms.discounts[1:]
        if data["discount_ppm"]:
            first = charges.Discount(rate_ppm=data["discount_ppm"], days_before_due=data["discount_days"] or 0)
            discounts = (first, *discounts)
        return dataclasses.replace(
            self.terms,
            fine_kind=charges.FineKind(data["fine_kind"]), fine_ppm=data["fine_ppm"] or 0,
            fine_cents=data["fine_cents"] or 0, fine_cap_ppm=regime.fine_cap_ppm,
            fine_base=charges.ChargeBase(data["fine_base"]),
            interest_kind=charges.InterestKind(data["interest_kind"]), interest_ppm=data["interest_ppm"] or 0,
            interest_cents_per_day=data["interest_cents_per_day"] or 0, interest_cap_ppm=regime.interest_cap_ppm,
            interest_basis=charges.DayBasis(data["interest_basis"]),
            interest_base=charges.ChargeBase(data["interest_base"]),
            interest_start=charges.InterestStart(data["interest_start"]),
            index=data["index"] or None, index_prorata=charges.IndexProrata(data["index_prorata"]),
            index_lag=charges.IndexLag(data["index_lag"]), grace_days=data["grace_days"], discounts=discounts,
            shortfall=charges.Shortfall(data["shortfall"]),
            write_off_tolerance_cents=data["write_off_tolerance_cents"],
            fine_legal_basis=data["fine_legal_basis"], interest_legal_basis=data["interest_legal_basis"],
            index_legal_basis=data["index_legal_basis"],
        )  # fmt: skip


class NewPolicyForm(PolicyForm):
    name = forms.CharField(label=_("name"), max_length=80)
    regime = forms.ChoiceField(
        label=_("debt regime"), choices=DebtRegime.choices,
        help_text=_("The law that the debts fall under; it sets the caps of fine and interest."),
    )  # fmt: skip


class VersionForm(PolicyForm):
    valid_from = ui_fields.DayField(
        label=_("for titles due from"), help_text=_("Titles due earlier keep the terms they have.")
    )


class RenameForm(forms.Form):
    name = forms.CharField(label=_("name"), max_length=80)
    is_active = forms.BooleanField(label=_("active"), required=False)


class IndexFileForm(forms.Form):
    file = forms.FileField(
        label=_("file"),
        help_text=_("As the Central Bank's series service gives it (JSON or CSV), or a table series, month, percent."),
    )
    series = forms.ChoiceField(label=_("index"), required=False)
    source = forms.CharField(label=_("source"), max_length=80, initial="BCB/SGS")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(key, INDEX_NAMES[key]) for key in index_files.SERIES]
        self.fields["series"].choices = [("", _("The file says it")), *known]  # type: ignore[attr-defined]  # a ChoiceField


def _initial(terms: charges.ChargePolicy) -> dict[str, Any]:
    values = {name: getattr(terms, name) for name in PolicyForm.base_fields if hasattr(terms, name)}
    initial = {name: str(value) if isinstance(value, str) else value for name, value in values.items()}
    initial["index"] = terms.index or NO_INDEX
    if terms.discounts:
        initial["discount_ppm"] = terms.discounts[0].rate_ppm
        initial["discount_days"] = terms.discounts[0].days_before_due
    return initial


def next_month(today: dt.date) -> dt.date:
    """The first day of the month after: what a new version usually starts on."""
    return (today.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
