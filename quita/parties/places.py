"""Municipality codes: the first two digits of an IBGE code name the state."""

from quita.domain.refusals import Refusals

IBGE_STATE = {
    "RO": "11", "AC": "12", "AM": "13", "RR": "14", "PA": "15", "AP": "16", "TO": "17", "MA": "21", "PI": "22",
    "CE": "23", "RN": "24", "PB": "25", "PE": "26", "AL": "27", "SE": "28", "BA": "29", "MG": "31", "ES": "32",
    "RJ": "33", "SP": "35", "PR": "41", "SC": "42", "RS": "43", "MS": "50", "MT": "51", "GO": "52", "DF": "53",
}  # fmt: skip


def check_place(uf: str, ibge_code: str, refusals: Refusals) -> None:
    """Notes what is wrong with a state and a municipality code; both may be empty."""
    if uf and uf not in IBGE_STATE:
        refusals.add(
            "state_unknown",
            "“%(uf)s” is not a Brazilian state. Give its two letters, like PE.",
            {"uf": uf[:20]},
            field="uf",
        )
        return
    if not ibge_code:
        return
    if len(ibge_code) != 7 or not ibge_code.isascii() or not ibge_code.isdigit():
        refusals.add(
            "municipality_code_invalid",
            "“%(code)s” is not an IBGE municipality code. It has seven digits, like 2611606 for Recife.",
            {"code": ibge_code[:20]},
            field="ibge_code",
        )
    elif uf and IBGE_STATE[uf] != ibge_code[:2]:
        refusals.add(
            "municipality_outside_state",
            "The municipality code %(code)s does not lie in %(uf)s: codes of %(uf)s start with %(prefix)s.",
            {"code": ibge_code, "uf": uf, "prefix": IBGE_STATE[uf]},
            field="ibge_code",
        )


def uf_of(ibge_code: str) -> str:
    """The state of a municipality code; empty when the code names none."""
    return next((uf for uf, prefix in IBGE_STATE.items() if ibge_code.startswith(prefix)), "")
