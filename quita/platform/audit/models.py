"""The audit table. Rows are only ever added: a trigger refuses updates and deletes."""

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One thing somebody (or the system) did. `params` holds ids and amounts, never personal data."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60)
    company_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    params = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["-id", "verb"], name="audit_newest"),
        ]
