"""Holidays of each state by rule, with the years they apply to and the ones that move.

State days are laws of the states; the years come from those laws. A day that only some municipalities keep is not
here: municipal days are maintained by the user and handed in by the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from quita.domain.calendars.national import easter

UFS = (
    "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA",
    "PB", "PE", "PI", "PR", "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
)  # fmt: skip

_TUESDAY, _THURSDAY, _SUNDAY = 1, 3, 6


@dataclass(frozen=True)
class StateDay:
    """One holiday of one state. `falls_on` gives its date in a year from `since` to `until` (inclusive)."""

    uf: str
    name: str
    falls_on: Callable[[int], date]
    since: int = 1900
    until: int = 9999


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _after_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


def _sunday_from(month: int, day: int) -> Callable[[int], date]:
    """Return the first Sunday on or after that day."""
    return lambda year: (start := date(year, month, day)) + timedelta(days=(_SUNDAY - start.weekday()) % 7)


def _acre(month: int, day: int) -> Callable[[int], date]:
    """From 2009 on Acre keeps holidays that fall from Tuesday to Thursday on the Friday (Lei AC 2.126/2009)."""

    def falls_on(year: int) -> date:
        nominal = date(year, month, day)
        if year >= 2009 and _TUESDAY <= nominal.weekday() <= _THURSDAY:
            return nominal + timedelta(days=4 - nominal.weekday())
        return nominal

    return falls_on


_BLACK_AWARENESS = "Consciência Negra"
# Before Lei 14.759/2023 made 20 November national, these states already kept it.
_BLACK_AWARENESS_SINCE = {"AL": 1995, "AM": 2010, "AP": 2008, "MT": 2003, "RJ": 2002, "SP": 2023}

STATE_DAYS: tuple[StateDay, ...] = (
    StateDay("AC", "Dia do Evangélico", _acre(1, 23), 2005),
    StateDay("AC", "Dia Internacional da Mulher", _acre(3, 8), 2002),
    StateDay("AC", "Aniversário do Acre", _fixed(6, 15)),
    StateDay("AC", "Dia da Amazônia", _acre(9, 5), 2004),
    StateDay("AC", "Tratado de Petrópolis", _acre(11, 17)),
    StateDay("AL", "São João", _fixed(6, 24)),
    StateDay("AL", "São Pedro", _fixed(6, 29)),
    StateDay("AL", "Emancipação Política de Alagoas", _fixed(9, 16)),
    StateDay("AL", "Dia do Evangélico", _fixed(11, 30), 2013),
    StateDay("AM", "Elevação do Amazonas à categoria de província", _fixed(9, 5)),
    StateDay("AP", "São José", _fixed(3, 19), 2003),
    StateDay("AP", "São Tiago", _fixed(7, 25), 2012),
    StateDay("AP", "Criação do Território Federal", _fixed(9, 13)),
    StateDay("BA", "Independência da Bahia", _fixed(7, 2)),
    StateDay("CE", "São José", _fixed(3, 19)),
    StateDay("CE", "Abolição da escravidão no Ceará", _fixed(3, 25)),
    StateDay("CE", "Nossa Senhora da Assunção", _fixed(8, 15), 2004),
    StateDay("DF", "Dia do Evangélico", _fixed(11, 30)),
    StateDay("ES", "Nossa Senhora da Penha", _after_easter(8), 2020),
    StateDay("GO", "Fundação da cidade de Goiás", _fixed(7, 26)),
    StateDay("GO", "Pedra fundamental de Goiânia", _fixed(10, 24)),
    StateDay("MA", "Adesão do Maranhão à Independência", _fixed(7, 28)),
    StateDay("MS", "Criação do Estado", _fixed(10, 11)),
    StateDay("PA", "Adesão do Grão-Pará à Independência", _fixed(8, 15)),
    StateDay("PB", "Fundação do Estado", _fixed(8, 5)),
    StateDay("PE", "Revolução Pernambucana", _sunday_from(3, 1), 2008, 2017),
    StateDay("PE", "Revolução Pernambucana", _fixed(3, 6), 2018),
    StateDay("PI", "Dia do Piauí", _fixed(10, 19)),
    StateDay("PR", "Emancipação do Paraná", _fixed(12, 19), 1900, 2013),
    StateDay("RJ", "Carnaval", _after_easter(-47), 2009),
    StateDay("RJ", "São Jorge", _fixed(4, 23), 2008),
    StateDay("RN", "Dia do Rio Grande do Norte", _fixed(8, 7), 2000),
    StateDay("RN", "Mártires de Cunhaú e Uruaçu", _fixed(10, 3), 2007),
    StateDay("RO", "Criação do Estado", _fixed(1, 4)),
    StateDay("RO", "Dia do Evangélico", _fixed(6, 18), 2002),
    StateDay("RR", "Criação do Estado", _fixed(10, 5)),
    StateDay("RS", "Dia do Gaúcho", _fixed(9, 20)),
    StateDay("SC", "Dia do Estado de Santa Catarina", _fixed(8, 11), 2004, 2004),
    StateDay("SC", "Dia do Estado de Santa Catarina", _sunday_from(8, 11), 2005),
    StateDay("SC", "Santa Catarina de Alexandria", _sunday_from(11, 25), 1999, 2003),
    StateDay("SC", "Santa Catarina de Alexandria", _fixed(11, 25), 2004, 2004),
    StateDay("SC", "Santa Catarina de Alexandria", _sunday_from(11, 25), 2005),
    StateDay("SE", "Emancipação Política de Sergipe", _fixed(7, 8)),
    StateDay("SP", "Revolução Constitucionalista", _fixed(7, 9), 1997),
    StateDay("TO", "Dia da Autonomia", _fixed(3, 18), 1998),
    StateDay("TO", "Nossa Senhora da Natividade", _fixed(9, 8)),
    StateDay("TO", "Criação do Estado", _fixed(10, 5)),
    *(StateDay(uf, _BLACK_AWARENESS, _fixed(11, 20), since, 2023) for uf, since in _BLACK_AWARENESS_SINCE.items()),
)


def state_days(uf: str, year: int) -> dict[date, str]:
    """Return the holidays that a state adds to the national ones in a year. Raises ValueError for an unknown UF."""
    if uf not in UFS:
        raise ValueError(f"unknown UF: {uf!r}")
    return {d.falls_on(year): d.name for d in STATE_DAYS if d.uf == uf and d.since <= year <= d.until}
