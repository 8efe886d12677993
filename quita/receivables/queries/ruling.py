"""Everything but the titles that an amount depends on: terms, index values and calendars, read once per process.

The stamp says whether any of it changed since; it costs one small statement, where the calendars alone are half a
million rows.
"""

import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from quita.domain import calendars
from quita.domain.charges import Published
from quita.domain.charges.policies import TAXA_LEGAL_INDEX, ChargePolicy
from quita.parties import commands as parties
from quita.receivables import terms as term_versions
from quita.receivables.models import ChargePolicyVersion, IndexValue


@dataclass(frozen=True)
class Rules:
    """What `payoff_frame` and the folding of payments take besides titles.

    `indexes` is what was known on the day asked for, `published` all of it with the days it became known.
    """

    stamp: str
    terms: term_versions.Terms
    indexes: Mapping[str, Mapping[dt.date, int]]
    published: Published
    business_days: calendars.BusinessDays

    @property
    def policies(self) -> Mapping[int, ChargePolicy]:
        """Terms by version id (see `Terms.with_versions`)."""
        return self.terms.by_version


@dataclass(frozen=True)
class _Everything:
    terms: term_versions.Terms
    published: Published
    business_days: calendars.BusinessDays


_cache: dict[str, _Everything] = {}
_lock = threading.Lock()


def rules(as_of: dt.date) -> Rules:
    """The rules as they were known on a day: an index value published later does not change what was quoted."""
    stamp = _stamp()
    with _lock:
        everything = _cache.get(stamp)
        if everything is None:
            everything = _read()
            _cache.clear()
            _cache[stamp] = everything
    return Rules(
        stamp, everything.terms, everything.published.as_of(as_of), everything.published, everything.business_days
    )


def known_on(series: str, month: dt.date, published_on: dt.date | None) -> dt.date:
    """The day from which a value may be used: its publication, or the usual day where the source did not give it.

    The institutes publish a month's inflation until about the 11th of the next one; the Central Bank publishes the
    taxa legal of a month on that month's first day (Res. CMN 5.171/2024).
    """
    if published_on is not None:
        return published_on
    if series == TAXA_LEGAL_INDEX:
        return month
    return (month + dt.timedelta(days=31)).replace(day=11)


def _stamp() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select concat_ws('-',
                (select sum(hashtextextended(concat_ws('|', id, policy_id, valid, terms), 0))
                 from receivables_chargepolicyversion),
                (select sum(hashtextextended(concat_ws('|', series, month, rate_e8, published_on), 0))
                 from receivables_indexvalue),
                (select sum(hashtextextended(concat_ws('|', id, uf, ibge_code), 0)) from parties_calendar),
                (select sum(hashtextextended(concat_ws('|', calendar_id, day), 0)) from parties_calendarholiday))
            """
        )
        return str(cursor.fetchone()[0])


def _read() -> _Everything:
    versions = tuple(
        term_versions.Version(
            version.pk,
            version.policy_id,
            version.valid.lower,
            version.valid.upper,
            ChargePolicy.from_facts(version.terms),
        )
        for version in ChargePolicyVersion.objects.order_by("policy_id", "valid")
    )
    values = tuple(
        (series, month, rate, known_on(series, month, published_on))
        for series, month, rate, published_on in IndexValue.objects.order_by("series", "month").values_list(
            "series", "month", "rate_e8", "published_on"
        )
    )
    days = calendars.frame(parties.domain_calendars() or {0: calendars.bank_calendar()})
    return _Everything(term_versions.Terms(versions), Published(values), calendars.BusinessDays.of(days))
