"""Tables of saved mappings, uploaded files and their refused rows."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Target(models.TextChoices):
    RECEIVABLES = "receivables", _("Receivables")
    PAYMENTS = "payments", _("Payments")


class Mapping(models.Model):
    """How the columns of one system's file become our fields. `spec` is validated by quita.imports.mappings."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    target = models.CharField(_("brings in"), max_length=12, choices=Target.choices)
    spec = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class FileState(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class ImportFile(models.Model):
    """One file somebody brought, and what became of its rows."""

    target = models.CharField(max_length=12, choices=Target.choices)
    company = models.ForeignKey("parties.Company", on_delete=models.PROTECT, related_name="+", null=True)
    name = models.CharField(_("file"), max_length=200)
    path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    spec = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.UPLOADED)
    stage = models.CharField(max_length=20, blank=True, default="")
    rows_total = models.IntegerField(null=True)
    rows_done = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    error = models.TextField(blank=True, default="")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class RefusedRow(models.Model):
    """A row that did not go in: where it stands, what is wrong, what to do."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="refused_rows")
    row_number = models.IntegerField(_("row"))
    field = models.CharField(_("field"), max_length=60)
    value = models.CharField(_("value"), max_length=200)
    code = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    raw = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(row_number__gt=0), name="refused_row_number")]
        ordering = ["row_number", "id"]
