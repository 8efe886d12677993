"""Forms of the work on one case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quita.platform.ui import fields


class PromiseForm(forms.Form):
    """How much and when."""

    amount_cents = fields.MoneyField(label=_("Amount (R$)"), minimum=1)
    pay_on = fields.DayField(label=_("Will pay on"), help_text=_("Nothing of this case is chased until then."))


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class DisputeForm(forms.Form):
    """What the debtor contests."""

    reason = forms.CharField(
        label=_("What does the debtor contest?"), max_length=200,
        help_text=_("This title rests until the dispute is closed; the others go on."),
    )  # fmt: skip


class ResolutionForm(forms.Form):
    """What was decided."""

    resolution = forms.CharField(
        label=_("What was decided?"), max_length=200, help_text=_("From now on the title is collected again.")
    )


class OutcomeForm(forms.Form):
    """What came of a task."""

    outcome = forms.CharField(label=_("What came of it?"), max_length=200)


class NothingForm(forms.Form):
    """A question that is answered by the button."""


class AsOfForm(forms.Form):
    """The day for which amounts are reckoned."""

    as_of = fields.DayField(label=_("Amounts on"), required=False)
