"""People and places that stories of this and upper apps begin with, made through commands."""

import datetime as dt
from typing import Any

from quita.parties import commands
from quita.parties.models import Company, Debtor
from quita.platform.actors import SYSTEM, When

MORNING = When.on(dt.date(2026, 11, 3))
CNPJS = ("11222333000181", "12ABC34501DE35", "11444777000161")
CPFS = ("52998224725", "11144477735")
RECIFE, OLINDA = "2611606", "2609600"


def company(name: str = "Condomínio Edifício Aurora", tax_id: str = CNPJS[0], uf: str = "PE", **fields: Any) -> Company:
    """A creditor in Recife unless said otherwise, with its calendars."""
    commands.ensure_reference_calendars(ufs=(uf,), by=SYSTEM, when=MORNING)
    basics = {
        "legal_name": name, "tax_id": tax_id, "company_type": "condominium", "regime": "CONDO",
        "address_line": "Rua da Aurora, 325", "city": "Recife", "uf": uf,
    }  # fmt: skip
    return commands.create_company(fields=basics | fields, by=SYSTEM, when=MORNING)


def debtor(name: str = "Ana Souza", tax_id: str = CPFS[0], city: str = "", ibge_code: str = "") -> Debtor:
    """A person, with an address where a city is given."""
    found, _ = commands.find_or_create_debtor(name=name, tax_id=tax_id, by=SYSTEM, when=MORNING)
    if city:
        commands.save_address(
            debtor_id=found.pk, fields={"city": city, "ibge_code": ibge_code}, by=SYSTEM, when=MORNING
        )
    found.refresh_from_db()
    return found
