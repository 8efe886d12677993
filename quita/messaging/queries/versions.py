"""Which wording of a template is the present one."""

from collections.abc import Collection

from quita.messaging.models import TemplateVersion


def latest_versions(template_ids: Collection[int]) -> dict[int, int]:
    """Template id → id of its newest version; one statement."""
    rows = TemplateVersion.objects.filter(template_id__in=template_ids).order_by("template_id", "-number")
    return dict(rows.distinct("template_id").values_list("template_id", "pk"))
