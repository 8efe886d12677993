"""Tables of cases, phases, tasks, tickets, promises, disputes and holds."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from quita.platform.choices import DayBasis


class CloseReason(models.TextChoices):
    PAID = "paid", _("paid")
    AGREED = "agreed", _("agreed")
    CANCELLED = "cancelled", _("cancelled")
    WRITTEN_OFF = "written_off", _("written off")
    NOT_DUE = "not_due", _("no longer past due")


class Case(models.Model):
    """The collection work on one debtor, contract and origin. One row for ever: reopened, not remade."""

    company = models.ForeignKey(
        "parties.Company", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    debtor = models.ForeignKey("parties.Debtor", on_delete=models.PROTECT, related_name="+", db_constraint=False)
    contract = models.ForeignKey(
        "parties.Contract", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    origin = models.CharField(_("origin"), max_length=20)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True)
    close_reason = models.CharField(max_length=12, choices=CloseReason.choices, blank=True, default="", db_default="")
    portfolio = models.ForeignKey(
        "ladders.Portfolio", on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False
    )
    portfolio_by_hand = models.BooleanField(default=False, db_default=False)
    exhausted_on = models.DateField(null=True)
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "origin"], name="case_one_per_contract_and_origin"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(close_reason=""), name="case_closed_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "id"], name="case_open_company", condition=Q(closed_on__isnull=True))
        ]


class Phase(models.Model):
    """Where a title stands in the collection. Automatic phases are set by lateness, manual ones only by people."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), unique=True)
    is_automatic = models.BooleanField(_("set by lateness"), default=True)
    basis = models.CharField(
        _("lateness counted in"), max_length=10, choices=DayBasis.choices, default=DayBasis.CALENDAR
    )
    from_days = models.IntegerField(_("from day"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_automatic=True, from_days__isnull=False) | Q(is_automatic=False, from_days__isnull=True),
                name="phase_days_iff_automatic",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PhasePeriod(models.Model):
    """The phase history of a title: one row per stay; the open row is where it stands."""

    id = models.BigAutoField(primary_key=True)
    receivable = models.ForeignKey(
        "receivables.Receivable", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    by_hand = models.BooleanField(default=False, db_default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receivable"], condition=Q(ended_on__isnull=True), name="phase_period_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")), name="phase_period_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["receivable", "id"], name="phase_period_receivable"),
            models.Index(
                fields=["phase", "receivable"], name="phase_period_standing", condition=Q(ended_on__isnull=True)
            ),
        ]


class TaskKind(models.TextChoices):
    CALL = "call", _("call")
    EXHAUSTED = "exhausted", _("end of the ladder")
    NO_CONTACT = "no_contact", _("no usable contact")
    SEND_IN_DOUBT = "send_in_doubt", _("check whether a message left")


class Task(models.Model):
    """Something a person must do on a case. `natural_key` makes a rerun find the task it already made."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks", null=True)
    company = models.ForeignKey("parties.Company", on_delete=models.PROTECT, related_name="+")
    debtor = models.ForeignKey("parties.Debtor", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=TaskKind.choices)
    title = models.CharField(max_length=200)
    natural_key = models.CharField(max_length=120, unique=True)
    due_on = models.DateField()
    role = models.CharField(max_length=20, blank=True, default="")
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["due_on", "id"], name="task_open", condition=Q(done_at__isnull=True))]


class Ticket(models.Model):
    """A service request opened by a ladder step. While one is open on the case it is updated, never doubled."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tickets")
    group = models.CharField(max_length=60)
    ticket_type = models.CharField(max_length=60)
    opened_on = models.DateField()
    last_update_on = models.DateField()
    update_count = models.PositiveIntegerField(default=0, db_default=0)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(closed_at__isnull=True), name="ticket_one_open_per_case"
            )
        ]


class Promise(models.Model):
    """The debtor said they would pay by a day. Open, kept or broken is derived from payments, never typed."""

    company = models.ForeignKey("parties.Company", on_delete=models.PROTECT, related_name="+")
    debtor = models.ForeignKey("parties.Debtor", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="promises", null=True)
    amount_cents = models.BigIntegerField(_("amount"))
    promised_on = models.DateField()
    pay_on = models.DateField(_("will pay on"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="promise_amount_is_positive"),
            models.CheckConstraint(condition=Q(pay_on__gte=F("promised_on")), name="promise_not_in_the_past"),
        ]


class Dispute(models.Model):
    """The debtor contests a title. While open, that title is not chased; the others are."""

    receivable = models.ForeignKey("receivables.Receivable", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    resolution = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receivable"], condition=Q(closed_on__isnull=True), name="dispute_one_open_per_title"
            ),
        ]


class Hold(models.Model):
    """Collection is suspended for a title, a case or a debtor, for a reason, until a day. It ends by itself."""

    debtor = models.ForeignKey("parties.Debtor", on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey("parties.Company", on_delete=models.PROTECT, related_name="+", null=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds", null=True)
    receivable = models.ForeignKey("receivables.Receivable", on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.CharField(_("reason"), max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until (inclusive)"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_on = models.DateField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="hold_forward"),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_a_reason"),
            models.CheckConstraint(
                condition=Q(case__isnull=True) | Q(receivable__isnull=True), name="hold_on_one_thing"
            ),
        ]
