"""Charge policies and their versions."""

from django.db.models import Count, QuerySet

from quita.receivables.models import ChargePolicy, ChargePolicyVersion, IndexValue, Receivable


def policies(*, only_active: bool = False) -> QuerySet[ChargePolicy]:
    """Policies by name. They belong to the installation, not to a company."""
    rows = ChargePolicy.objects.order_by("name", "id")
    return rows.filter(is_active=True) if only_active else rows


def policy(*, policy_id: int) -> ChargePolicy | None:
    """One policy."""
    return ChargePolicy.objects.filter(pk=policy_id).first()


def policy_versions(*, policy_id: int) -> QuerySet[ChargePolicyVersion]:
    """The versions of a policy, newest first."""
    return ChargePolicyVersion.objects.filter(policy_id=policy_id).select_related("created_by").order_by("-id")


def title_counts(policy_ids: list[int]) -> dict[int, int]:
    """How many open titles follow each policy."""
    rows = (
        Receivable.objects.filter(policy_id__in=policy_ids, status="open")
        .values_list("policy_id")
        .annotate(count=Count("id"))
        .order_by("policy_id")
    )
    return {policy_id: count for policy_id, count in rows if policy_id is not None}


def index_values(*, series: str) -> QuerySet[IndexValue]:
    """The values of one index, newest month first."""
    return IndexValue.objects.filter(series=series).order_by("-month")


def index_summary() -> list[tuple[str, int, str]]:
    """Each index with how many months are loaded and the newest one, as (series, months, "2026-10")."""
    found: dict[str, tuple[int, str]] = {}
    for series, month in IndexValue.objects.order_by("series", "month").values_list("series", "month"):
        found[series] = (found.get(series, (0, ""))[0] + 1, f"{month:%Y-%m}")
    return [(series, count, newest) for series, (count, newest) in sorted(found.items())]
