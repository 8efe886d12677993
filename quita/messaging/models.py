"""Tables of templates, messages (the outbox) and contact policy."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quita.messaging import reasons


class Channel(models.TextChoices):
    """Ways of reaching a person. What can be delivered today is in the registry `messaging.channels`."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")
    WHATSAPP = "whatsapp", _("WhatsApp")
    LETTER = "letter", _("Letter")
    VOICE = "voice", _("Phone call")


class Template(models.Model):
    """A text people write once; every edit makes a new version, and a message says which one it used."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="")
    body = models.TextField(_("text"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_version_once")]


class MessageState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Message(models.Model):
    """The outbox: one effect on one debtor. The four `lead_` columns are the execution behind it, its natural key."""

    id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(
        "parties.Company", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    debtor = models.ForeignKey(
        "parties.Debtor", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    contact_point = models.ForeignKey(
        "parties.ContactPoint",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    template_version = models.ForeignKey(
        TemplateVersion, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    run_id = models.BigIntegerField(null=True)
    lead_receivable_id = models.BigIntegerField()
    lead_due_on = models.DateField()
    lead_step_key = models.IntegerField()
    lead_occurrence = models.SmallIntegerField()
    receivable_ids = ArrayField(models.BigIntegerField())
    day = models.DateField(help_text="the business day of the run that decided it; amounts are of that day")
    not_before = models.DateTimeField()
    not_after = models.DateTimeField(help_text="after this instant it is not sent any more that day")
    state = models.CharField(
        max_length=10, choices=MessageState.choices, default=MessageState.QUEUED, db_default=MessageState.QUEUED
    )
    reason = models.CharField(max_length=40, blank=True, default="", db_default="")
    detail = models.CharField(max_length=300, blank=True, default="", db_default="")
    attempts = models.SmallIntegerField(default=0, db_default=0)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=60, blank=True, default="", db_default="")
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A released message went nowhere and its executions are taken back: a later run may write it anew.
            models.UniqueConstraint(
                fields=["lead_receivable_id", "lead_due_on", "lead_step_key", "lead_occurrence"],
                condition=~Q(state="withdrawn", reason__in=sorted(reasons.RELEASED)),
                name="message_once_per_execution",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending"], ended_at__isnull=True)
                | Q(state__in=["sent", "failed", "withdrawn"], ended_at__isnull=False),
                name="message_ended_has_an_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["failed", "withdrawn"]) | ~Q(reason=""), name="message_end_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"], name="message_waiting", condition=Q(state__in=["queued", "sending"])
            ),
            models.Index(fields=["debtor", "-id"], name="message_debtor"),
            models.Index(fields=["run_id", "id"], name="message_run"),
        ]


class SentFacts(models.Model):
    """The facts of a letter that left: with its template version they show it exactly as the debtor read it."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="sent_facts")
    message_ref = models.CharField(max_length=120, help_text="the Message-ID it left with")
    subject = models.CharField(max_length=400)
    facts = models.JSONField(help_text="messaging.texts.facts.LetterFacts")


class ContactRule(models.Model):
    """When a channel may be used, as dated data with its legal reference. Several rules on one day intersect."""

    uf = models.CharField(_("state"), max_length=2, blank=True, default="", help_text=_("Empty: everywhere."))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    weekday = models.PositiveSmallIntegerField(_("weekday"), help_text=_("0 Monday … 6 Sunday; 7 civil holiday"))
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("until"), null=True, blank=True, help_text=_("Both empty: not allowed on that day."))
    legal_ref = models.CharField(_("reason or law"), max_length=160)
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["uf", "channel", "weekday", "valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=7), name="contact_rule_weekday"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True, ends__isnull=True) | Q(starts__lt=models.F("ends")),
                name="contact_rule_interval",
            ),
        ]


class ContactCap(models.Model):
    """How often one person may be contacted, over all companies. Channel empty: all channels together."""

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True, default="")
    window_days = models.PositiveSmallIntegerField(_("in days"), null=True, blank=True)
    at_most = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True)
    min_gap_hours = models.PositiveSmallIntegerField(_("hours between contacts"), null=True, blank=True)
    legal_ref = models.CharField(_("reason or law"), max_length=160)
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["channel", "window_days", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(window_days__isnull=False, at_most__isnull=False, min_gap_hours__isnull=True)
                | Q(window_days__isnull=True, at_most__isnull=True, min_gap_hours__isnull=False),
                name="contact_cap_is_a_cap_or_a_gap",
            ),
        ]
