"""The form of a portfolio, without its condition."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quita.ladders.commands.portfolios import HIGHEST_PRIORITY, MAX_NAME
from quita.ladders.models import Portfolio


class PortfolioForm(forms.Form):
    """Name, order, ladder and what happens to the rest."""

    name = forms.CharField(label=_("Name"), max_length=MAX_NAME)
    priority = forms.IntegerField(
        label=_("Priority"), min_value=0, max_value=HIGHEST_PRIORITY,
        help_text=_("Portfolios are tried from the smallest number on; the first that matches takes the case."),
    )  # fmt: skip
    ladder_id = forms.TypedChoiceField(
        label=_("Ladder"), coerce=int, empty_value=None, required=False,
        help_text=_("Without a ladder the cases are worked by hand: nothing is sent by itself."),
    )  # fmt: skip
    is_default = forms.BooleanField(label=_("Takes whatever no other portfolio takes"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, ladders: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: forms.TypedChoiceField = self.fields["ladder_id"]  # type: ignore[assignment]  # declared above
        chosen.choices = [("", _("None: worked by hand")), *ladders]


def initial(portfolio: Portfolio | None, next_priority: int) -> dict[str, Any]:
    """The values an edit starts from."""
    if portfolio is None:
        return {"priority": next_priority, "is_active": True}
    return {name: getattr(portfolio, name) for name in ("name", "priority", "ladder_id", "is_default", "is_active")}
