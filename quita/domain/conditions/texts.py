"""The refusals of condition trees: stable codes, English source sentences, small words in both languages."""

from __future__ import annotations

import json

from quita.domain.conditions.registry import is_portuguese
from quita.domain.refusals import Refusal, worded

MESSAGES: dict[str, str] = {
    "malformed": worded(
        "“%(got)s” is not a rule. Write a group (all, any or none) with a list of conditions, or one"
        " condition with field, op and value."
    ),
    "unknown_key": worded("A condition has only field, op and value; “%(key)s” would have no effect. Remove it."),
    "too_deep": worded(
        "This rule has groups inside groups more than %(limit)s deep, the limit. Join groups that say the same."
    ),
    "too_many": worded(
        "This rule has more than %(limit)s conditions and groups, the limit. Use “is one of” with a list,"
        " or split the rule."
    ),
    "empty_group": worded("The group “%(group)s” is empty and would say nothing. Add a condition to it or remove it."),
    "unknown_field": worded("There is no field “%(field)s” to ask about here. Choose one from the list."),
    "unknown_field_near": worded(
        "There is no field “%(field)s” to ask about here. Did you mean “%(near)s” (%(label)s)?"
    ),
    "wrong_operator": worded("“%(label)s” cannot be compared by “%(op)s”. Use one of: %(allowed)s."),
    "value_missing": worded("“%(label)s” is compared with nothing. Fill in %(wanted)s."),
    "value_unexpected": worded("“%(op)s” takes no value, but “%(got)s” was given. Remove the value."),
    "wrong_value": worded("“%(got)s” does not fit “%(label)s”. Write %(wanted)s."),
    "out_of_range": worded(
        "“%(got)s” is outside what “%(label)s” accepts: from %(low)s to %(high)s. Correct the value."
    ),
    "reversed_interval": worded("Nothing of “%(label)s” lies between %(low)s and %(high)s. Put the lower value first."),
    "unknown_choice": worded("“%(got)s” is not a choice of “%(label)s”. Choose one of: %(allowed)s."),
    "blank_text": worded("“%(label)s” is compared with a blank text. Write something, or use “is blank”."),
    "text_too_long": worded("The text for “%(label)s” has %(length)s characters; the limit is %(limit)s. Shorten it."),
    "unprintable_text": worded("The text for “%(label)s” holds characters that cannot be printed. Type it again."),
    "too_many_values": worded(
        "“%(label)s” is compared with %(count)s values; the limit is %(limit)s. Shorten the list."
    ),
}

# What a value should look like: (English, Portuguese).
WANTED: dict[str, tuple[str, str]] = {
    "int": ("a whole number", "um número inteiro"),
    "money": ("an amount in whole cents", "um valor em centavos inteiros"),
    "date": ("a date (year-month-day)", "uma data (ano-mês-dia)"),
    "text": ("a text", "um texto"),
    "choice": ("one of its choices", "uma das opções"),
    "flag": ("yes or no (true, false)", "sim ou não (true, false)"),
    "id": ("one of the records listed", "um dos registros da lista"),
    "days": ("a whole number of days", "um número inteiro de dias"),
    "pair": ("two values, the lower first", "dois valores, o menor primeiro"),
    "many": ("a list with at least one value", "uma lista com pelo menos um valor"),
}

GROUPS: dict[str, tuple[str, str]] = {
    "all": ("all of these", "todas estas"),
    "any": ("any of these", "qualquer destas"),
    "none": ("none of these", "nenhuma destas"),
}


def refusal(code: str, **params: object) -> Refusal:
    """The refusal `condition_<code>` with its sentence."""
    return Refusal(f"condition_{code}", MESSAGES[code], params)


def wanted(what: str, language: str) -> str:
    """What should have been written, in the reader's language."""
    english, portuguese = WANTED[what]
    return portuguese if is_portuguese(language) else english


def group_name(kind: str, language: str) -> str:
    """The name of a group in the builder."""
    english, portuguese = GROUPS[kind]
    return portuguese if is_portuguese(language) else english


def short(raw: object, limit: int = 60) -> str:
    """What was asked, as a person can recognise it: the text itself, or JSON, cut when long."""
    if not isinstance(raw, str):
        try:
            raw = json.dumps(raw, ensure_ascii=False)
        except (TypeError, ValueError, RecursionError):
            raw = type(raw).__name__
    printable = "".join(sign if sign.isprintable() else "�" for sign in raw[: limit + 1])
    return printable if len(printable) <= limit else printable[: limit - 1] + "…"
