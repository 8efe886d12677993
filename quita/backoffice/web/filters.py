"""The filters of the worklists as people set them, from the address and back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quita.cases import queries
from quita.cases.queries import worklist
from quita.domain import calendars
from quita.platform.ui import fields

# What the aging colours mean: the same edges.
BANDS = {
    "1-10": (1, 10), "11-30": (11, 30), "31-60": (31, 60), "61-90": (61, 90), "91-": (91, None),
}  # fmt: skip
BAND_LABELS = [
    ("", _("Any lateness")), ("1-10", _("1–10 days")), ("11-30", _("11–30 days")), ("31-60", _("31–60 days")),
    ("61-90", _("61–90 days")), ("91-", _("Over 90 days")),
]  # fmt: skip
DUES = [
    ("late", _("Past due")), ("today", _("Due today")), ("late_or_today", _("Late and due today")),
    ("upcoming", _("Still to come")), ("undated", _("Without due date")), ("any", _("All open")),
]  # fmt: skip
STOPS = [
    ("", _("Any situation")), ("free", _("Free to collect")), ("on_hold", _("On hold")), ("disputed", _("In dispute")),
    ("promised", _("Promise in progress")),
]  # fmt: skip
NONE = "none"
MOST_DAYS = 36_500


class FilterForm(forms.Form):
    """Everything a list can be narrowed by. An empty form is the list as it opens."""

    q = forms.CharField(label=_("Debtor, CPF/CNPJ or title"), required=False, max_length=100)
    due = forms.ChoiceField(label=_("Due date"), choices=DUES, required=False)
    band = forms.ChoiceField(label=_("Days late"), choices=BAND_LABELS, required=False)
    days_from = forms.IntegerField(label=_("From (days)"), required=False, min_value=-MOST_DAYS, max_value=MOST_DAYS)
    days_to = forms.IntegerField(label=_("To (days)"), required=False, min_value=-MOST_DAYS, max_value=MOST_DAYS)
    company = forms.TypedChoiceField(label=_("Company"), required=False, coerce=int, empty_value=None)
    portfolio = forms.CharField(label=_("Portfolio"), required=False)
    rule = forms.TypedChoiceField(label=_("Fits the rule of"), required=False, coerce=int, empty_value=None)
    phase = forms.CharField(label=_("Phase"), required=False)
    stop = forms.ChoiceField(label=_("Situation"), choices=STOPS, required=False)
    amount_from = fields.MoneyField(label=_("From (R$)"), required=False, minimum=0)
    amount_to = fields.MoneyField(label=_("To (R$)"), required=False, minimum=0)
    uf = forms.ChoiceField(
        label=_("State"), choices=[("", "—"), *((uf, uf) for uf in sorted(calendars.UFS))], required=False
    )
    city = forms.CharField(label=_("City"), required=False, max_length=80)
    person = forms.CharField(label=_("Assigned to"), required=False)
    task = forms.BooleanField(label=_("Has an open task"), required=False)

    def __init__(self, data: Any, *, user_id: int, companies: dict[int, str]) -> None:
        super().__init__(data)
        self.user_id = user_id
        self.portfolios, self.phases, self.people = queries.portfolio_names(), queries.phase_names(), queries.people()
        self._choose("company", companies, _("Every company"))
        self._choose("rule", self.portfolios, "—")
        self._choose("portfolio", self.portfolios, _("Every portfolio"), none=_("Without portfolio"))
        self._choose("phase", self.phases, _("Every phase"), none=_("Without phase"))
        self._choose("person", {0: _("Me"), **self.people}, _("Anybody"), none=_("Nobody"))

    def _choose(self, name: str, names: dict[int, Any], every: Any, none: Any = None) -> None:
        keys = {0: "me"} if name == "person" else {}
        choices = [("", every), *((str(keys.get(key, key)), text) for key, text in names.items())]
        if none is not None:
            choices.insert(1, (NONE, none))
        field = self.fields[name]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = choices
        else:
            self.fields[name] = forms.ChoiceField(label=field.label, choices=choices, required=False)

    @property
    def chosen_count(self) -> int:
        """How many filters are set, beyond the search and the due date."""
        if not self.is_valid():
            return 0
        return sum(bool(value) for name, value in self.cleaned_data.items() if name not in ("q", "due"))

    @property
    def chosen_more(self) -> bool:
        """True when one of the filters that are folded away is set."""
        names = ("company", "days_from", "days_to", "amount_from", "amount_to", "uf", "city", "rule")
        return any(self.data.get(name) for name in names)

    def filters(self) -> worklist.Filters:
        """The filters as the queries take them; an invalid form filters nothing."""
        if not self.is_valid():
            return worklist.Filters()
        chosen = self.cleaned_data
        low, high = BANDS.get(chosen["band"], (chosen["days_from"], chosen["days_to"]))
        stop = chosen["stop"]
        free = False if stop == "free" else None
        condition = queries.portfolio_condition(portfolio_id=chosen["rule"]) if chosen["rule"] else None
        return worklist.Filters(
            due=chosen["due"] or "late",
            search=chosen["q"],
            company_id=chosen["company"],
            portfolio_id=_number(chosen["portfolio"]),
            phase_id=_number(chosen["phase"]),
            days_from=low,
            days_to=high,
            amount_from_cents=chosen["amount_from"],
            amount_to_cents=chosen["amount_to"],
            city=chosen["city"],
            uf=chosen["uf"],
            on_hold=True if stop == "on_hold" else free,
            disputed=True if stop == "disputed" else free,
            promised=True if stop == "promised" else free,
            has_task=True if chosen["task"] else None,
            assigned_to_id=self.user_id if chosen["person"] == "me" else _number(chosen["person"]),
            condition=condition,
        )


def _number(text: str) -> int | None:
    """A chosen id; "none" asks for rows without one, which the queries write as 0."""
    return None if not text else 0 if text == NONE else int(text)
