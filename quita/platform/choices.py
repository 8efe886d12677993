"""Choices that the tables of several apps share, so that no app has to ask another's tables for their names."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DebtRegime(models.TextChoices):
    """The legal regime of a debt; caps and defaults hang on it (see quita.domain.charges.regimes)."""

    CONDO = "CONDO", _("Condominium quotas")
    ISP = "ISP", _("Internet service to consumers")
    LEASE = "LEASE", _("Lease")
    PROPERTY_SALE = "PROPERTY_SALE", _("Property sale")
    B2C_GENERIC = "B2C_GENERIC", _("Consumers, other")
    B2B_GENERIC = "B2B_GENERIC", _("Companies, other")


class DayBasis(models.TextChoices):
    """Which days lateness is counted in."""

    CALENDAR = "calendar", _("calendar days")
    BUSINESS = "business", _("business days")
