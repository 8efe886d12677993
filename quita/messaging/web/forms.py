"""Forms of templates, messages and the contact policy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quita.domain import calendars
from quita.messaging import reasons
from quita.messaging.models import Channel, MessageState
from quita.platform.ui import fields as ui_fields

ANY = [("", _("Any"))]
UFS = [(uf, uf) for uf in calendars.UFS]
WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")), (5, _("Saturday")),
    (6, _("Sunday")), (7, _("Civil holiday")),
]  # fmt: skip

# Worded here because "failed" and "sent" are said otherwise of files and runs.
STATES = {
    MessageState.QUEUED: pgettext_lazy("message", "waiting"),
    MessageState.SENDING: pgettext_lazy("message", "being sent"),
    MessageState.SENT: pgettext_lazy("message", "sent"),
    MessageState.FAILED: pgettext_lazy("message", "failed"),
    MessageState.WITHDRAWN: pgettext_lazy("message", "withdrawn"),
}


class TextForm(forms.Form):
    """What a template says. Lengths and words are the command's business, which explains them."""

    subject = forms.CharField(
        label=_("Subject"),
        required=False,
        help_text=_("Neutral, without amounts: others may read it on a locked screen."),
    )
    body = forms.CharField(
        label=_("Text"), strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true", "class": "source"}),
        help_text=_("Markdown: **bold**, # heading, - list. The creditor's identification is added below."),
    )  # fmt: skip

    def __init__(self, *args: Any, channel: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = channel or (self.data.get("channel") if self.is_bound else "") or Channel.EMAIL
        self.fields["subject"].required = chosen == Channel.EMAIL


class TemplateForm(TextForm):
    """A new template."""

    name = forms.CharField(label=_("Name"))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.EMAIL)
    field_order = ["name", "channel", "subject", "body"]


class FilterForm(forms.Form):
    """Which messages a list shows."""

    state = forms.ChoiceField(label=_("State"), choices=[*ANY, *STATES.items()], required=False)
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    company = forms.TypedChoiceField(label=_("Company"), coerce=int, empty_value=None, required=False)
    day = ui_fields.DayField(label=_("Day"), required=False)
    run = forms.IntegerField(widget=forms.HiddenInput, required=False)
    debtor = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, companies: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        by_label = sorted(reasons.LABELS.items(), key=lambda pair: str(pair[1]))
        self.fields["reason"].choices = [*ANY, *by_label]  # type: ignore[attr-defined]  # declared above
        self.fields["company"].choices = [*ANY, *companies]  # type: ignore[attr-defined]  # declared above


class RuleForm(forms.Form):
    """A window of hours, or a closed day."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    uf = forms.ChoiceField(label=_("State (UF)"), choices=[("", _("Everywhere")), *UFS], required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    starts = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("Leave both hours empty to close the day."),
    )  # fmt: skip
    ends = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    legal_ref = forms.CharField(label=_("Law or decision"), max_length=160)
    valid_from = ui_fields.DayField(label=_("In force from"))
    field_order = ["channel", "uf", "starts", "ends", "weekdays", "legal_ref", "valid_from"]


class CapForm(forms.Form):
    """A limit per person."""

    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("", _("All channels together")), *Channel.choices], required=False
    )
    at_most = forms.IntegerField(label=_("At most (contacts)"), min_value=0, required=False)
    window_days = forms.IntegerField(label=_("in (days)"), min_value=1, required=False)
    min_gap_hours = forms.IntegerField(
        label=_("or hours between two contacts"), min_value=0, max_value=2_000, required=False
    )
    legal_ref = forms.CharField(label=_("Law or decision"), max_length=160)
    valid_from = ui_fields.DayField(label=_("In force from"))


class EndForm(forms.Form):
    """The last day of a rule or a limit."""

    last_on = ui_fields.DayField(label=_("Last day in force"))


class TrialForm(forms.Form):
    """Somebody to ask the policy about."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    uf = forms.ChoiceField(label=_("State of the address"), choices=[("", "—"), *UFS], required=False)
    phone_uf = forms.ChoiceField(label=_("State of the phone"), choices=[("", "—"), *UFS], required=False)
    day = ui_fields.DayField(label=_("Day"))
