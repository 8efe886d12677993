"""What the daily run asks of the phases."""

from quita.cases.models import Phase
from quita.domain.ladder import rules


def phases_in_force() -> list[rules.Phase]:
    """The active phases; those that only people or steps set have no day."""
    rows = Phase.objects.filter(is_active=True).order_by("position", "id")
    return [rules.Phase(pk, basis, from_days) for pk, basis, from_days in rows.values_list("pk", "basis", "from_days")]
