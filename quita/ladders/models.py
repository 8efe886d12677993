"""Tables of ladders, portfolios, runs and executions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quita.platform.choices import DayBasis


class Ladder(models.Model):
    """A dunning plan people can read as a table. What it says lives in versions."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class LateEntry(models.TextChoices):
    """What a title gets that enters the ladder late."""

    LATEST = "latest", _("the latest step that applies")
    WAIT = "wait", _("wait for the next step")


class LadderVersion(models.Model):
    """One published wording of a ladder. A run uses the version in force on its day, and says which."""

    ladder = models.ForeignKey(Ladder, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    in_force_from = models.DateField(_("in force from"))
    late_entry = models.CharField(_("late entry"), max_length=10, choices=LateEntry.choices, default=LateEntry.LATEST)
    end_after_days = models.PositiveSmallIntegerField(_("days after the last step"), default=7)
    end_role = models.CharField(_("then a task for"), max_length=20, default="supervisor")
    minimum_cents = models.BigIntegerField(_("smallest balance to chase"), default=0)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["ladder", "number"], name="ladder_version_once"),
            models.UniqueConstraint(fields=["ladder", "in_force_from", "number"], name="ladder_version_day"),
        ]


class Grouping(models.TextChoices):
    DEBTOR = "debtor", _("one message per debtor")
    TITLE = "title", _("one message per title")


class StepKey(models.Model):
    """The identity of a step, kept from version to version so that editing a text fires nothing again."""

    ladder = models.ForeignKey(Ladder, on_delete=models.CASCADE, related_name="step_keys")


class Step(models.Model):
    """A rung: what happens so many days before or after the due date."""

    version = models.ForeignKey(LadderVersion, on_delete=models.CASCADE, related_name="steps")
    key = models.ForeignKey(StepKey, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    action = models.CharField(_("action"), max_length=20)
    offset_days = models.SmallIntegerField(_("days from the due date"))
    basis = models.CharField(_("counted in"), max_length=10, choices=DayBasis.choices, default=DayBasis.CALENDAR)
    repeat_every_days = models.PositiveSmallIntegerField(_("repeat every (days)"), null=True, blank=True)
    repeat_at_most = models.PositiveSmallIntegerField(_("at most (times)"), null=True, blank=True)
    grouping = models.CharField(_("grouping"), max_length=10, choices=Grouping.choices, default=Grouping.DEBTOR)
    priority = models.SmallIntegerField(_("priority"), default=0)
    channels = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["offset_days", "-priority", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="step_once_per_version"),
            models.CheckConstraint(
                condition=Q(repeat_every_days__isnull=True, repeat_at_most__isnull=True)
                | Q(repeat_every_days__gt=0, repeat_at_most__gt=0),
                name="step_repeat_is_whole",
            ),
        ]


class StepTemplate(models.Model):
    """Which template a message step uses on each of its channels."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="templates")
    channel = models.CharField(max_length=10)
    template = models.ForeignKey("messaging.Template", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "channel"], name="step_template_once")]


class Portfolio(models.Model):
    """A collection profile: a condition, a priority and, unless worked by hand, a ladder."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=100, help_text=_("The smallest number that matches wins.")
    )
    condition = models.JSONField(_("who enters"), default=dict)
    ladder = models.ForeignKey(
        Ladder, verbose_name=_("ladder"), on_delete=models.PROTECT, related_name="portfolios", null=True, blank=True,
        help_text=_("Empty: worked by hand."),
    )  # fmt: skip
    is_default = models.BooleanField(_("takes whatever no other takes"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["priority", "id"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="portfolio_one_default"),
        ]

    def __str__(self) -> str:
        return self.name


class DebtorRule(models.Model):
    """A rule of one debtor's own: its portfolio, its ladder, or both."""

    debtor = models.OneToOneField("parties.Debtor", on_delete=models.CASCADE, related_name="+")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ladder = models.ForeignKey(Ladder, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(portfolio__isnull=False) | Q(ladder__isnull=False), name="debtor_rule_says_something"
            ),
        ]


class RunState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Run(models.Model):
    """One dated pass over everything open. A second run of a day finds nothing left to do."""

    day = models.DateField(_("day"))
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.WAITING)
    trigger = models.CharField(max_length=10, default="page")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    shard_count = models.PositiveSmallIntegerField(default=0)
    rules = models.JSONField(
        default=dict, help_text="the rules in force, as decided with: ladder versions, policies, conditions"
    )
    excluded_message_keys = models.JSONField(default=list, help_text="message keys a person took out in the preview")
    counts = models.JSONField(default=dict)
    timings = models.JSONField(default=dict)
    decisions_hash = models.CharField(max_length=64, blank=True, default="")
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["-day", "-id"], name="run_newest")]


class RunShard(models.Model):
    """A range of debtors, read, decided and written by one worker in one transaction. `stage` is for watching only."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="shards")
    number = models.PositiveSmallIntegerField()
    first_debtor_id = models.BigIntegerField()
    last_debtor_id = models.BigIntegerField()
    stage = models.CharField(max_length=20, blank=True, default="")
    worker = models.CharField(max_length=60, blank=True, default="")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="run_shard_once")]


class ShardResult(models.Model):
    """Written in the shard's own transaction: it is there if and only if the shard's effects are."""

    shard = models.OneToOneField(RunShard, on_delete=models.CASCADE, primary_key=True, related_name="result")
    counts = models.JSONField()
    timings = models.JSONField()
    facts_hash = models.CharField(max_length=64)
    decisions_hash = models.CharField(max_length=64)
    finished_at = models.DateTimeField()


class Decision(models.IntegerChoices):
    """What became of an occurrence, for good. The codes are those of quita.domain.ladder.reasons."""

    SENT = 1, _("message")
    MERGED = 2, _("part of another message")
    TASK_OPENED = 3, _("task opened")
    TICKET_OPENED = 4, _("ticket opened")
    TICKET_UPDATED = 5, _("ticket updated")
    PHASE_SET = 6, _("phase set")
    SUPERSEDED = 20, _("superseded by a later step")
    BEFORE_VERSION = 21, _("before the ladder was in force")
    PRESCRIBED = 22, _("debt prescribed")
    NO_USABLE_CONTACT = 23, _("no usable contact")
    REMOVED_BY_HAND = 24, _("taken out by a person")


class Execution(models.Model):
    """An occurrence of a step on a title that is settled for good. The key makes it happen once.

    `supersedes` lists the older occurrences of the same title that this one put aside, each as
    step key * 1000 + occurrence, so that catching up a month costs one row, not ten.
    """

    pk = models.CompositePrimaryKey("receivable_id", "due_on", "step_key", "occurrence")
    receivable = models.ForeignKey(
        "receivables.Receivable", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    due_on = models.DateField()
    step_key = models.IntegerField()
    occurrence = models.SmallIntegerField()
    day = models.DateField(help_text="the day of the occurrence")
    decided_on = models.DateField()
    decision = models.SmallIntegerField(choices=Decision.choices)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    ladder_version = models.ForeignKey(
        LadderVersion, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    supersedes = ArrayField(models.IntegerField(), null=True)
