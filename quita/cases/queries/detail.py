"""One case with everything that was agreed, contested, suspended, asked for and paid in it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from quita.cases.models import Case, Dispute, Hold, PhasePeriod, Task, Ticket
from quita.cases.neighbours import TITLES
from quita.cases.queries import promises
from quita.cases.queries.worklist import edges
from quita.platform.access.scopes import Scope
from quita.receivables import queries as receivables

# A unit of a condominium may have decades of quotas; the page shows every open one and the latest closed ones.
CLOSED_SHOWN = 24

STATUS_LABELS = dict(TITLES._meta.get_field("status").flatchoices)

# What a CaseTitle takes over from the title's row as it is.
_FACTS = (
    "id", "number", "document_type", "billing_method", "issue_on", "due_on", "calendar_id", "original_cents",
    "balance_cents", "status", "closed_on", "policy_id",
)  # fmt: skip
_TITLES = f"""
select {", ".join(f"r.{name}" for name in _FACTS)}
from receivables_receivable r
where r.contract_id = %(contract)s and r.origin = %(origin)s
  and (r.status = 'open' or r.id in (
        select c.id from receivables_receivable c
        where c.contract_id = %(contract)s and c.origin = %(origin)s and c.status <> 'open'
        order by c.closed_on desc, c.id desc limit %(closed)s))
order by (r.status <> 'open'), r.due_on, r.id
"""

_PAYMENTS = """
select y.id, y.paid_on, y.method, y.amount_cents, y.recorded_at, y.reversed_on, y.reversal_reason, r.id, r.number,
       sum(a.amount_cents)::bigint,
       sum(a.amount_cents) filter (where a.component = 'principal')::bigint
from receivables_receivable r
join receivables_allocation a on a.receivable_id = r.id
join receivables_payment y on y.id = a.payment_id
where r.id = any(%(titles)s::bigint[]) and a.component in ('fees', 'interest', 'fine', 'correction', 'principal')
group by y.id, r.id
order by y.paid_on desc, y.id desc, r.id
limit 200
"""


@dataclass(frozen=True)
class CaseTitle:
    """A title of the case. `payoff` itemises what clears it on the day asked for; None when it is closed.

    The names in `payoff` are those of quita.domain.charges.PAYOFF_COLUMNS, and `off_cents` for all that is taken off.
    """

    id: int
    number: str
    document_type: str
    billing_method: str
    issue_on: dt.date | None
    due_on: dt.date | None
    calendar_id: int
    original_cents: int
    balance_cents: int
    status: str
    closed_on: dt.date | None
    policy_id: int | None
    days_past_due: int | None
    payoff: dict[str, Any] | None
    periods: tuple[PhasePeriod, ...]
    dispute: Dispute | None
    hold: Hold | None

    @property
    def status_label(self) -> str:
        """The status as the screen says it."""
        return str(STATUS_LABELS.get(self.status, self.status))

    @property
    def phase(self) -> PhasePeriod | None:
        """Where the title stands."""
        return next((period for period in self.periods if period.ended_on is None), None)


@dataclass(frozen=True)
class PaymentShare:
    """What one payment gave to one title."""

    payment_id: int
    paid_on: dt.date
    method: str
    payment_cents: int
    recorded_at: dt.datetime
    reversed_on: dt.date | None
    reversal_reason: str
    receivable_id: int
    number: str
    share_cents: int
    principal_cents: int | None


@dataclass(frozen=True)
class CaseDetail:
    """A case as it stands today, its open titles worth what they are worth on `as_of`."""

    case: Case
    as_of: dt.date
    titles: tuple[CaseTitle, ...]
    promises: tuple[promises.PromiseState, ...]
    disputes: tuple[Dispute, ...]
    holds: tuple[Hold, ...]
    tasks: tuple[Task, ...]
    tickets: tuple[Ticket, ...]
    payments: tuple[PaymentShare, ...]

    @property
    def open_titles(self) -> tuple[CaseTitle, ...]:
        """The titles that are still owed."""
        return tuple(title for title in self.titles if title.status == "open")

    @property
    def closed_titles(self) -> tuple[CaseTitle, ...]:
        """The latest of those that are not."""
        return tuple(title for title in self.titles if title.status != "open")

    @property
    def late_titles(self) -> tuple[CaseTitle, ...]:
        """The titles past due today."""
        return tuple(title for title in self.open_titles if (title.days_past_due or 0) > 0)


def case_or_none(*, case_id: int, scope: Scope) -> Case | None:
    """One case with whom and what it is about, or None outside the scope: the two are not told apart."""
    rows = Case.objects.select_related(
        "company", "debtor", "contract", "contract__branch", "portfolio", "portfolio__ladder", "assigned_to"
    )
    return scope.limit(rows).filter(pk=case_id).first()


def case_of_title(*, receivable_id: int, scope: Scope) -> int | None:
    """The case a title belongs to, open or closed; None when it never had one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select cs.id, cs.company_id from receivables_receivable r
               join cases_case cs on cs.contract_id = r.contract_id and cs.origin = r.origin where r.id = %s""",
            [receivable_id],
        )
        row = cursor.fetchone()
    return row[0] if row is not None and scope.sees(row[1]) else None


def cases_of_titles(*, receivable_ids: Sequence[int], scope: Scope) -> list[int]:
    """The open cases that these titles belong to, each once, by id. Titles without an open case bring none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select distinct cs.id from receivables_receivable r
               join cases_case cs on cs.contract_id = r.contract_id and cs.origin = r.origin and cs.closed_on is null
               where r.id = any(%(ids)s::bigint[])
                 and (%(companies)s::bigint[] is null or cs.company_id = any(%(companies)s::bigint[]))
               order by cs.id""",
            {
                "ids": list(receivable_ids),
                "companies": None if scope.company_ids is None else sorted(scope.company_ids),
            },
        )
        return [row[0] for row in cursor.fetchall()]


def case_detail(*, case_id: int, scope: Scope, today: dt.date, as_of: dt.date) -> CaseDetail | None:
    """Everything about one case in a constant number of statements; None outside the scope."""
    case = case_or_none(case_id=case_id, scope=scope)
    if case is None:
        return None
    facts = _title_facts(case)
    ids = [row[0] for row in facts]
    disputes = tuple(
        Dispute.objects.filter(receivable_id__in=ids)
        .select_related("opened_by", "closed_by", "receivable")
        .order_by("-id")
    )
    holds = _holds(case, ids)
    return CaseDetail(
        case=case,
        as_of=as_of,
        titles=_titles(facts, disputes, holds, scope=scope, today=today, as_of=as_of),
        promises=tuple(promises.promises_of_case(case_id=case.pk, scope=scope, today=today)),
        disputes=disputes,
        holds=holds,
        tasks=tuple(
            Task.objects.filter(case=case)
            .select_related("assigned_to", "done_by")
            .order_by("done_at", "due_on", "id")[:50]
        ),
        tickets=tuple(Ticket.objects.filter(case=case).select_related("closed_by").order_by("-id")[:20]),
        payments=_payments(ids),
    )


def holds_in_force(holds: Sequence[Hold], today: dt.date) -> list[Hold]:
    """Those of the holds that suspend something today."""
    return [hold for hold in holds if hold.lifted_at is None and hold.starts_on <= today <= hold.ends_on]


def _title_facts(case: Case) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_TITLES, {"contract": case.contract_id, "origin": case.origin, "closed": CLOSED_SHOWN})
        return list(cursor.fetchall())


def _titles(
    facts: list[tuple[Any, ...]],
    disputes: Sequence[Dispute],
    holds: Sequence[Hold],
    *,
    scope: Scope,
    today: dt.date,
    as_of: dt.date,
) -> tuple[CaseTitle, ...]:
    ids = [row[0] for row in facts]
    known = edges.edges(today)
    worth = receivables.payoffs([row[0] for row in facts if row[9] == "open"], as_of, scope=scope)
    for payoff in worth.values():
        payoff["off_cents"] = payoff["discount_cents"] + payoff["rebate_cents"]
    periods: dict[int, list[PhasePeriod]] = {}
    for period in PhasePeriod.objects.filter(receivable_id__in=ids).select_related("phase", "by").order_by("-id"):
        periods.setdefault(period.receivable_id, []).append(period)
    contested = {dispute.receivable_id: dispute for dispute in disputes if dispute.closed_on is None}
    held = {hold.receivable_id: hold for hold in holds_in_force(holds, today) if hold.receivable_id is not None}
    return tuple(
        CaseTitle(
            **dict(zip(_FACTS, row, strict=True)),
            days_past_due=known.days_past_due(row[5], row[6]),
            payoff=worth.get(row[0]),
            periods=tuple(periods.get(row[0], ())),
            dispute=contested.get(row[0]),
            hold=held.get(row[0]),
        )
        for row in facts
    )


def _holds(case: Case, receivable_ids: list[int]) -> tuple[Hold, ...]:
    of_debtor = Q(case__isnull=True, receivable__isnull=True) & (Q(company__isnull=True) | Q(company=case.company_id))
    rows = Hold.objects.filter(Q(case=case) | Q(receivable_id__in=receivable_ids) | of_debtor, debtor_id=case.debtor_id)
    return tuple(rows.select_related("by", "lifted_by", "receivable").order_by("-id")[:50])


def _payments(receivable_ids: list[int]) -> tuple[PaymentShare, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_PAYMENTS, {"titles": receivable_ids})
        return tuple(PaymentShare(*row) for row in cursor.fetchall())
