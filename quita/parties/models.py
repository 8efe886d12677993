"""Tables of companies, calendars, debtors and contracts."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate, Lower
from django.utils.translation import gettext_lazy as _

from quita.platform.choices import DebtRegime

UF_CHOICES = [(uf, uf) for uf in (
    "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split()
)]  # fmt: skip


class SearchKey(models.Func):
    """lower(unaccent(text)) through an immutable wrapper, so that it may be stored and indexed."""

    function = "quita_search_key"
    output_field = models.TextField()


class CompanyType(models.TextChoices):
    CONDOMINIUM = "condominium", _("Condominium")
    ISP = "isp", _("Internet provider")
    DEVELOPER = "developer", _("Property developer")
    LANDLORD = "landlord", _("Landlord")
    RETAIL = "retail", _("Retail")
    OTHER = "other", _("Other")


class Calendar(models.Model):
    """A place whose business days count: a state and, where given, a municipality with its own days."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    uf = models.CharField(_("state"), max_length=2, choices=UF_CHOICES, blank=True, default="")
    ibge_code = models.CharField(_("IBGE municipality code"), max_length=7, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["uf", "ibge_code"], name="calendar_one_per_place"),
            models.CheckConstraint(
                condition=Q(ibge_code="") | Q(ibge_code__regex=r"^\d{7}$"), name="calendar_ibge_code"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarHoliday(models.Model):
    """A day kept by people for one calendar: municipal holidays, local closures."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="calendar_holiday_once")]
        ordering = ["day"]


class CalendarDay(models.Model):
    """The calendar written out, 2000–2050, by `parties.commands.rebuild_calendar`; SQL derives lateness from it.

    Half a million rows made from the calendar itself: checking each of them for its calendar would cost more than
    writing them, so the key is not a constraint and a trigger keeps calendars from being deleted.
    """

    pk = models.CompositePrimaryKey("calendar_id", "day")
    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()
    is_business = models.BooleanField()
    business_seq = models.IntegerField()
    next_business_on = models.DateField()


class Company(models.Model):
    """The creditor. Its identification goes into every message (CDC art. 42-A)."""

    legal_name = models.CharField(_("legal name"), max_length=160)
    trade_name = models.CharField(_("trade name"), max_length=160, blank=True, default="")
    tax_id = models.CharField(_("CPF/CNPJ"), max_length=14, unique=True)
    company_type = models.CharField(_("type"), max_length=20, choices=CompanyType.choices, default=CompanyType.OTHER)
    segment = models.CharField(_("segment"), max_length=60, blank=True, default="")
    regime = models.CharField(
        _("debt regime"), max_length=20, choices=DebtRegime.choices, default=DebtRegime.B2C_GENERIC
    )
    address_line = models.CharField(_("address"), max_length=200)
    city = models.CharField(_("city"), max_length=80)
    uf = models.CharField(_("state"), max_length=2, choices=UF_CHOICES)
    postal_code = models.CharField(_("postal code (CEP)"), max_length=8, blank=True, default="")
    email = models.EmailField(_("e-mail for replies"), blank=True, default="")
    phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    payment_instructions = models.TextField(_("how to pay"), blank=True, default="")
    default_policy = models.ForeignKey(
        "receivables.ChargePolicy",
        verbose_name=_("charge policy"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    feed_lease_days = models.PositiveSmallIntegerField(
        _("payment data is good for (business days)"), null=True, blank=True,
        help_text=_("Empty: payment data is never considered stale."),
    )  # fmt: skip
    payments_known_until = models.DateField(_("payments known until"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["legal_name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tax_id__regex=r"^(\d{11}|[0-9A-Z]{12}\d{2})$"), name="company_tax_id_form"
            ),
        ]

    def __str__(self) -> str:
        return self.trade_name or self.legal_name


class CompanyAccess(models.Model):
    """Which companies a user may see, for users who do not see every company."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="company_access")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="user_access")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "company"], name="company_access_once")]


class Branch(models.Model):
    """A site of the company. Its calendar drives days past due where the payer's own place has none."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="branches")
    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=120)
    calendar = models.ForeignKey(
        Calendar, verbose_name=_("calendar"), on_delete=models.PROTECT, related_name="branches"
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="branch_code_once")]

    def __str__(self) -> str:
        return self.name


class DebtorKind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANIZATION = "organization", _("Organisation")


class Protection(models.TextChoices):
    """Why a person must not be chased by machine (law and decency); empty is the usual case."""

    DECEASED = "deceased", _("Deceased or estate")
    MINOR = "minor", _("Minor")
    LAWYER = "lawyer", _("Represented by a lawyer")
    OVER_INDEBTED = "over_indebted", _("Over-indebtedness proceeding")
    INSOLVENCY = "insolvency", _("Court-supervised recovery or bankruptcy")
    VULNERABLE = "vulnerable", _("Vulnerable: people only")


class Debtor(models.Model):
    """The person or organisation that owes, once, whatever companies it owes to.

    `city`, `uf` and `ibge_code` repeat the primary address and `has_email`/`has_phone` the usable contact
    points: kept by `parties.commands`, so that rules over a million rows need no join.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=DebtorKind.choices, default=DebtorKind.PERSON)
    name = models.CharField(_("name"), max_length=200)
    name_key = models.GeneratedField(expression=SearchKey("name"), output_field=models.TextField(), db_persist=True)
    tax_id = models.CharField(_("CPF/CNPJ"), max_length=14, null=True, blank=True, unique=True)
    debtor_type = models.CharField(_("customer type"), max_length=40, blank=True, default="")
    segment = models.CharField(_("segment"), max_length=60, blank=True, default="")
    protection = models.CharField(_("protection"), max_length=20, choices=Protection.choices, blank=True, default="")
    city = models.CharField(max_length=80, blank=True, default="")
    uf = models.CharField(max_length=2, blank=True, default="")
    ibge_code = models.CharField(max_length=7, blank=True, default="")
    has_email = models.BooleanField(default=False)
    has_phone = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tax_id__isnull=True) | Q(tax_id__regex=r"^(\d{11}|[0-9A-Z]{12}\d{2})$"),
                name="debtor_tax_id_form",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="debtor_has_a_name"),
        ]
        indexes = [
            GinIndex(fields=["name_key"], name="debtor_name_trigrams", opclasses=["gin_trgm_ops"]),
            # Keys are plain lower-case letters, which the "C" order sorts well, the same on every server.
            models.Index(Collate("name_key", "C"), F("id"), name="debtor_name_order"),
            models.Index(SearchKey("city"), name="debtor_city_key"),
        ]

    def __str__(self) -> str:
        return self.name


class DebtorReference(models.Model):
    """How a source system names this debtor; the identity of debtors without CPF/CNPJ."""

    debtor = models.ForeignKey(Debtor, on_delete=models.CASCADE, related_name="references")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "source", "external_id"], name="debtor_reference_once")
        ]


class Address(models.Model):
    debtor = models.ForeignKey(Debtor, on_delete=models.CASCADE, related_name="addresses")
    line = models.CharField(_("address"), max_length=200, blank=True, default="")
    district = models.CharField(_("district"), max_length=80, blank=True, default="")
    city = models.CharField(_("city"), max_length=80)
    uf = models.CharField(_("state"), max_length=2, choices=UF_CHOICES, blank=True, default="")
    ibge_code = models.CharField(_("IBGE municipality code"), max_length=7, blank=True, default="")
    postal_code = models.CharField(_("postal code (CEP)"), max_length=8, blank=True, default="")
    is_primary = models.BooleanField(_("primary"), default=False)
    source = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["debtor"], condition=Q(is_primary=True), name="address_one_primary"),
            models.CheckConstraint(
                condition=Q(postal_code="") | Q(postal_code__regex=r"^\d{8}$"), name="address_postal_code"
            ),
        ]


class ContactKind(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")


class ContactState(models.TextChoices):
    UNVERIFIED = "unverified", _("not verified")
    VERIFIED = "verified", _("verified")
    BOUNCED = "bounced", _("bounced")
    WRONG_PERSON = "wrong_person", _("wrong person")
    OPTED_OUT = "opted_out", _("opted out")


class ContactPoint(models.Model):
    """One address or number, with its own health: a bounce sticks to the address, not to the person."""

    debtor = models.ForeignKey(Debtor, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(_("kind"), max_length=10, choices=ContactKind.choices)
    value = models.CharField(_("address or number"), max_length=254)
    label = models.CharField(_("label"), max_length=40, blank=True, default="")
    state = models.CharField(_("state"), max_length=12, choices=ContactState.choices, default=ContactState.UNVERIFIED)
    preference = models.SmallIntegerField(_("order of use"), default=0)
    source = models.CharField(_("source"), max_length=40, blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["preference", "id"]
        constraints = [
            models.UniqueConstraint("debtor", "kind", Lower("value"), name="contact_point_once"),
            models.CheckConstraint(
                condition=Q(kind="email", value__contains="@") | Q(kind="phone", value__regex=r"^\+\d{8,15}$"),
                name="contact_point_form",
            ),
        ]


class ContractKind(models.TextChoices):
    SALE = "sale", _("Sale")
    RENTAL = "rental", _("Rental")
    SUBSCRIPTION = "subscription", _("Subscription")
    CONDOMINIUM_UNIT = "condominium_unit", _("Condominium unit")
    OTHER = "other", _("Other")


class Contract(models.Model):
    """What the debt hangs on. Titles that came without one hang on the debtor's blank contract (number '')."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="contracts")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    debtor = models.ForeignKey(Debtor, on_delete=models.PROTECT, related_name="contracts")
    kind = models.CharField(_("kind"), max_length=20, choices=ContractKind.choices, default=ContractKind.OTHER)
    number = models.CharField(_("number"), max_length=60, blank=True, default="")
    plan = models.CharField(_("plan"), max_length=80, blank=True, default="")
    unit = models.CharField(_("unit or property"), max_length=120, blank=True, default="")
    city = models.CharField(_("city"), max_length=80, blank=True, default="")
    started_on = models.DateField(_("started on"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "debtor", "number"], name="contract_once")]

    def __str__(self) -> str:
        return self.number or "–"
