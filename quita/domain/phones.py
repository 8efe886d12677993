"""Brazilian telephone numbers: normalise to E.164, say what kind they are and which state the area code belongs to.

Plan of numbers (Anatel, Resolução 749/2022): area code (DDD) of two digits, then nine digits starting with 9 (mobile)
or eight starting with 2 to 5 (landline). Mobiles written the old way, eight digits starting with 6 to 9, get the
ninth digit. Non-geographic numbers (0800, 0300, 4004, 3003) are companies' lines and never a debtor's.

The state of an area code is a hint, not an address: people move and keep their number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers

from quita.domain import refusals

Kind = Literal["mobile", "landline", "foreign"]

# Area code → state. Where one area code covers towns of two states (61: DF and GO), the larger population decides.
DDD_UF: dict[str, str] = {
    ddd: uf
    for uf, ddds in {
        "SP": (11, 12, 13, 14, 15, 16, 17, 18, 19),
        "RJ": (21, 22, 24),
        "ES": (27, 28),
        "MG": (31, 32, 33, 34, 35, 37, 38),
        "PR": (41, 42, 43, 44, 45, 46),
        "SC": (47, 48, 49),
        "RS": (51, 53, 54, 55),
        "DF": (61,),
        "GO": (62, 64),
        "TO": (63,),
        "MT": (65, 66),
        "MS": (67,),
        "AC": (68,),
        "RO": (69,),
        "BA": (71, 73, 74, 75, 77),
        "SE": (79,),
        "PE": (81, 87),
        "AL": (82,),
        "PB": (83,),
        "RN": (84,),
        "CE": (85, 88),
        "PI": (86, 89),
        "PA": (91, 93, 94),
        "AM": (92, 97),
        "RR": (95,),
        "AP": (96,),
        "MA": (98, 99),
    }.items()
    for ddd in map(str, ddds)
}

_LANDLINE = re.compile(r"[2-5][0-9]{7}")
_MOBILE = re.compile(r"9[0-9]{8}")
_OLD_MOBILE = re.compile(r"[6-9][0-9]{7}")
_SERVICE = re.compile(r"0[3589]00[0-9]{6,7}|(400|300)[0-9]{5}")
# A long-distance prefix: 0, optionally the carrier's two digits.
_TRUNK = re.compile(r"0([1-9][0-9])?(?=[1-9][0-9][2-9][0-9]{7,8}\Z)")


@dataclass(frozen=True)
class Phone:
    """A number ready to be used. `uf` is None for foreign numbers; `normalised` says that the ninth digit was added."""

    e164: str
    kind: Kind
    uf: str | None
    ddd: str | None = None
    normalised: bool = False

    @property
    def can_receive_text(self) -> bool:
        """Whether SMS and WhatsApp can be tried."""
        return self.kind != "landline"


def parse(text: str, default_ddd: str | None = None) -> Phone:
    """Read a number as people and systems write it. A number without area code takes `default_ddd` when given.

    Refusals: phone_missing, phone_invalid, phone_ddd_missing, phone_ddd_unknown, phone_service_number.
    """
    stripped = text.strip()
    if not stripped:
        raise refusals.Refusal("phone_missing", "The phone number is missing.")
    if not stripped.isascii() or re.search(r"[A-Za-z]", stripped):
        raise _invalid(text)
    digits = re.sub(r"[^0-9]", "", stripped)
    if stripped.startswith("+") and not digits.startswith("55"):
        return _foreign(text)
    if digits.startswith("55") and (stripped.startswith("+") or len(digits) >= 12):
        digits = digits[2:]
    if _SERVICE.fullmatch(digits):
        raise refusals.Refusal(
            "phone_service_number",
            "“%(text)s” is a company's service line and not a person's phone. Give a landline or a mobile number.",
            {"text": text[:30]},
        )
    digits = _TRUNK.sub("", digits)
    if len(digits) in (8, 9):
        if default_ddd is None:
            raise refusals.Refusal(
                "phone_ddd_missing",
                "“%(text)s” has no area code. Write it with the two digits of the DDD, like (11) 98765-4321.",
                {"text": text[:30]},
            )
        digits = default_ddd + digits
    return _brazilian(digits, text)


def _brazilian(digits: str, text: str) -> Phone:
    ddd, number = digits[:2], digits[2:]
    added = bool(_OLD_MOBILE.fullmatch(number))
    if added:
        number = "9" + number
    if not (_MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number)):
        raise _invalid(text)
    if ddd not in DDD_UF:
        raise refusals.Refusal(
            "phone_ddd_unknown",
            "%(ddd)s is not an area code of Brazil. Check the first two digits of “%(text)s”.",
            {"ddd": ddd, "text": text[:30]},
        )
    kind: Kind = "mobile" if len(number) == 9 else "landline"
    return Phone(f"+55{ddd}{number}", kind, DDD_UF[ddd], ddd, added)


def _foreign(text: str) -> Phone:
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException as error:
        raise _invalid(text) from error
    if not phonenumbers.is_valid_number(number):
        raise _invalid(text)
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), "foreign", None)


def format_phone(e164: str) -> str:
    """Write for people: (11) 98765-4321 for Brazilian numbers, international notation for others."""
    if re.fullmatch(r"\+55[1-9][0-9]{9,10}", e164):
        ddd, number = e164[3:5], e164[5:]
        return f"({ddd}) {number[:-4]}-{number[-4:]}"
    try:
        number_object = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        # Not a number at all: show what is stored.
        return e164
    return str(phonenumbers.format_number(number_object, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def mask(e164: str) -> str:
    """Write so that the holder recognises it and others cannot call it: (11) *****-4321."""
    return re.sub(r"[0-9](?=[0-9]*-[0-9]{4}\Z)", "*", format_phone(e164))


def _invalid(text: str) -> refusals.Refusal:
    return refusals.Refusal(
        "phone_invalid",
        "“%(text)s” is not a phone number. Write it with the area code, like (11) 98765-4321.",
        {"text": text[:30]},
    )
