"""What waits in the outbox of events."""

from quita.platform.outbox.commands import MAX_ATTEMPTS
from quita.platform.outbox.models import Event


def stuck_events(limit: int = 50) -> list[str]:
    """Name and id of events that failed too often to be tried again."""
    rows = Event.objects.filter(handled_at__isnull=True, attempts__gte=MAX_ATTEMPTS).order_by("id")[:limit]
    return [f"{event.name} {event.pk} ({event.error})" for event in rows]
