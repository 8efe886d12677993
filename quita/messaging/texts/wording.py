"""Words that must not be said to a debtor: threats, exposure, false urgency.

CDC art. 42 forbids exposing a debtor to ridicule, constraint or threat, and art. 71 makes it a crime. Only legal
action that is really available may be announced, and then through the step made for it, not in a text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Forbidden:
    """A pattern over text without accents in lower case, and how to name it to the writer."""

    pattern: re.Pattern[str]
    shown: str


def _word(pattern: str, shown: str) -> Forbidden:
    return Forbidden(re.compile(rf"\b(?:{pattern})\b"), shown)


LEXICON: tuple[Forbidden, ...] = (
    _word(r"pris(?:ao|oes)|pres[oa]s?|cadeia", "prisão"),
    _word(r"polici(?:a|as|al|ais)|delegacias?|delegad[oa]s?", "polícia"),
    _word(r"crim(?:e|es|inal|inais|inoso)|estelionat(?:o|ario)s?", "crime"),
    _word(r"ultimas? chances?|ultimos? avisos?|ultimat(?:o|um)", "última chance"),
    _word(r"calotei?r[oa]s?|calotes?|velhac[oa]s?|pilantras?|vagabund[oa]s?|sem[- ]vergonhas?", "caloteiro"),
    _word(r"inadimplente contumaz|mau[- ]pagador|devedor contumaz", "mau pagador"),
    _word(r"vergonha|constrangimentos?|humilha\w*", "vergonha"),
    _word(r"nome sujo|sujar (?:o )?(?:seu )?nome|negativa(?:r|cao|remos|do|da)|spc|serasa", "SPC/Serasa"),
    _word(
        r"penhora(?:r|remos|do|da|s)?|oficial de justica|busca e apreensao|bloque\w+ (?:de )?(?:suas? )?contas?",
        "penhora",
    ),
    _word(r"seus? (?:vizinhos?|parentes?|familiares|patrao|empregador|chefe)", "vizinhos, parentes, empregador"),
    _word(r"sofrer[aá]? as consequencias|medidas drasticas|custe o que custar", "ameaça"),
    _word(r"jail|prison|police|arrest(?:ed)?|last chance|final warning|deadbeat", "threat"),
)


def plain(text: str) -> str:
    """Lower case without accents, for matching."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def forbidden_in(text: str) -> list[str]:
    """Return what of the lexicon the text says, as shown to the writer."""
    searched = plain(text)
    return [entry.shown for entry in LEXICON if entry.pattern.search(searched)]
