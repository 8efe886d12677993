"""Tables of titles, payments, allocations, charge policies and index values. Amounts are integer centavos."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from quita.platform.choices import DebtRegime


class ChargePolicy(models.Model):
    """What lateness costs under one kind of debt. The numbers live in dated versions."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    regime = models.CharField(_("debt regime"), max_length=20, choices=DebtRegime.choices)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class ChargePolicyVersion(models.Model):
    """The terms of a policy for titles due inside `valid`. `terms` is quita.domain.charges.ChargePolicy as JSON."""

    policy = models.ForeignKey(ChargePolicy, on_delete=models.CASCADE, related_name="versions")
    valid = DateRangeField()
    terms = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="charge_policy_versions_do_not_overlap",
                expressions=[("policy", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]


class IndexValue(models.Model):
    """A published monthly value: IPCA, IGP-M, INPC, INCC, taxa legal… as a fraction times 1e8, exactly as published."""

    series = models.CharField(_("index"), max_length=20)
    month = models.DateField(_("month"))
    rate_e8 = models.BigIntegerField(_("rate"))
    published_on = models.DateField(_("published on"), null=True)
    source = models.CharField(_("source"), max_length=80)

    class Meta:
        ordering = ["series", "month"]
        constraints = [
            models.UniqueConstraint(fields=["series", "month"], name="index_value_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="index_month_is_first_day"),
        ]


class Status(models.TextChoices):
    OPEN = "open", _("open")
    PAID = "paid", _("paid")
    CANCELLED = "cancelled", _("cancelled")
    WRITTEN_OFF = "written_off", _("written off")
    RENEGOTIATED = "renegotiated", _("renegotiated")


class Receivable(models.Model):
    """One amount a debtor owes a company. What was agreed never changes here except by the source system's own update.

    The columns after `# position` are folded from payments and contra entries by `receivables.commands`
    (never edited): the principal still open, charges assessed at an earlier partial payment and still unpaid,
    and the day from which charges run on.
    """

    company = models.ForeignKey("parties.Company", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("parties.Branch", on_delete=models.PROTECT, related_name="+", db_index=False)
    debtor = models.ForeignKey("parties.Debtor", on_delete=models.PROTECT, related_name="+", db_index=False)
    contract = models.ForeignKey("parties.Contract", on_delete=models.PROTECT, related_name="+", db_index=False)
    calendar = models.ForeignKey("parties.Calendar", on_delete=models.PROTECT, related_name="+", db_index=False)
    policy = models.ForeignKey(ChargePolicy, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    source = models.CharField(_("source"), max_length=40)
    external_id = models.CharField(_("id in the source"), max_length=80)
    number = models.CharField(_("number"), max_length=60)
    document_type = models.CharField(_("document type"), max_length=40, blank=True, default="")
    origin = models.CharField(_("origin"), max_length=20, default="other")
    billing_method = models.CharField(_("billing method"), max_length=40, blank=True, default="")
    issue_on = models.DateField(_("issue date"), null=True)
    due_on = models.DateField(_("due date"), null=True)
    original_cents = models.BigIntegerField(_("original amount"))
    rebate_cents = models.BigIntegerField(_("rebate"), default=0)
    discount1_cents = models.BigIntegerField(null=True)
    discount1_until_on = models.DateField(null=True)
    discount2_cents = models.BigIntegerField(null=True)
    discount2_until_on = models.DateField(null=True)
    discount3_cents = models.BigIntegerField(null=True)
    discount3_until_on = models.DateField(null=True)
    # position
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.OPEN)
    closed_on = models.DateField(_("closed on"), null=True)
    balance_cents = models.BigIntegerField(_("open balance"))
    correction_open_cents = models.BigIntegerField(default=0)
    interest_open_cents = models.BigIntegerField(default=0)
    fine_open_cents = models.BigIntegerField(default=0)
    fine_assessed = models.BooleanField(default=False)
    position_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    row_hash = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "source", "external_id"], name="receivable_once_per_source"),
            models.CheckConstraint(condition=Q(original_cents__gt=0), name="receivable_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(balance_cents__gte=0) & Q(balance_cents__lte=F("original_cents")),
                name="receivable_balance_in_range",
            ),
            models.CheckConstraint(
                condition=Q(status="open", closed_on__isnull=True) | (~Q(status="open") & Q(closed_on__isnull=False)),
                name="receivable_closed_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status="open") | Q(balance_cents=0), name="receivable_closed_has_no_balance"
            ),
            models.CheckConstraint(
                condition=Q(
                    correction_open_cents__gte=0,
                    interest_open_cents__gte=0,
                    fine_open_cents__gte=0,
                    rebate_cents__gte=0,
                ),
                name="receivable_components_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["debtor", "id"], name="receivable_debtor"),
            models.Index(fields=["contract", "origin"], name="receivable_contract"),
            # Covers counting and aging: neither reads the table.
            models.Index(
                fields=["due_on", "id"],
                include=["company", "calendar", "balance_cents"],
                name="receivable_open_due_covering",
                condition=Q(status="open"),
            ),
            models.Index(
                fields=["company", "due_on", "id"], name="receivable_open_company_due", condition=Q(status="open")
            ),
            models.Index(fields=["balance_cents", "id"], name="receivable_open_balance", condition=Q(status="open")),
            models.Index(fields=["number"], name="receivable_number", opclasses=["text_pattern_ops"]),
        ]


class Payment(models.Model):
    """Money that came in, by the day the payer paid (not the credit date). Never deleted: reversed by contra entry."""

    company = models.ForeignKey("parties.Company", on_delete=models.PROTECT, related_name="+", db_index=False)
    debtor = models.ForeignKey("parties.Debtor", on_delete=models.PROTECT, related_name="+", null=True)
    receivable = models.ForeignKey(
        Receivable,
        on_delete=models.PROTECT,
        related_name="payments",
        null=True,
        help_text="the title it names, if it names one",
    )
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=80)
    paid_on = models.DateField(_("paid on"))
    amount_cents = models.BigIntegerField(_("amount"))
    method = models.CharField(_("method"), max_length=40, blank=True, default="")
    recorded_at = models.DateTimeField()
    reversed_at = models.DateTimeField(null=True)
    reversed_on = models.DateField(null=True)
    reversal_reason = models.CharField(max_length=200, blank=True, default="")
    row_hash = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "source", "external_id"], name="payment_once_per_source"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payment_amount_is_positive"),
        ]


class Component(models.TextChoices):
    FEES = "fees", _("fees")
    INTEREST = "interest", _("default interest")
    FINE = "fine", _("late fee")
    CORRECTION = "correction", _("correction")
    PRINCIPAL = "principal", _("principal")
    DISCOUNT = "discount", _("discount")
    REBATE = "rebate", _("rebate")
    WAIVER = "waiver", _("small balance written off")


class Allocation(models.Model):
    """Which part of which payment extinguished which part of which title. Rewritten whole when a title is refolded."""

    id = models.BigAutoField(primary_key=True)
    receivable = models.ForeignKey(Receivable, on_delete=models.PROTECT, related_name="allocations")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations", null=True)
    component = models.CharField(max_length=12, choices=Component.choices)
    amount_cents = models.BigIntegerField()
    value_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="allocation_amount_is_positive"),
        ]


class Credit(models.Model):
    """What a payment brought beyond the debt: the debtor's money, kept apart; a title never goes negative."""

    company = models.ForeignKey("parties.Company", on_delete=models.PROTECT, related_name="+")
    debtor = models.ForeignKey("parties.Debtor", on_delete=models.PROTECT, related_name="+", null=True)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="credit")
    amount_cents = models.BigIntegerField()
    value_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_cents__gt=0), name="credit_amount_is_positive")]


class ClosureKind(models.TextChoices):
    CANCELLED = "cancelled", _("cancelled")
    WRITTEN_OFF = "written_off", _("written off")


class Closure(models.Model):
    """A contra entry: the title was cancelled or written off on a day, and possibly reinstated later."""

    receivable = models.ForeignKey(Receivable, on_delete=models.PROTECT, related_name="closures")
    kind = models.CharField(max_length=12, choices=ClosureKind.choices)
    amount_cents = models.BigIntegerField()
    value_on = models.DateField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reversed_at = models.DateTimeField(null=True)
    reversal_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receivable"], condition=Q(reversed_at__isnull=True), name="closure_one_in_force"
            ),
        ]
