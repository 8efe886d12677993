"""Events waiting for their handlers."""

from django.db import models


class Event(models.Model):
    """One thing that happened, in the words of the app that owns it. Handled at least once; handlers are idempotent."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    payload = models.JSONField()
    at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["id"], name="outbox_pending", condition=models.Q(handled_at__isnull=True))]
