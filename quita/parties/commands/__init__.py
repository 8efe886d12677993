"""Verbs on companies, calendars, debtors and contracts. Each is atomic and audited; see the module of each noun."""

from quita.parties.commands.access import grant_company_access
from quita.parties.commands.addresses import remove_address, save_address
from quita.parties.commands.calendars import (
    add_holiday,
    add_holidays,
    create_calendar,
    domain_calendars,
    ensure_reference_calendars,
    rebuild_calendar,
    remove_holiday,
)
from quita.parties.commands.companies import (
    create_branch,
    create_company,
    declare_payments_known,
    update_branch,
    update_company,
)
from quita.parties.commands.contact_points import add_contact_point, change_contact_state, refresh_reach
from quita.parties.commands.contracts import ensure_contract, update_contract
from quita.parties.commands.debtors import change_protection, find_or_create_debtor, update_debtor

__all__ = [
    "add_contact_point",
    "add_holiday",
    "add_holidays",
    "change_contact_state",
    "change_protection",
    "create_branch",
    "create_calendar",
    "create_company",
    "declare_payments_known",
    "domain_calendars",
    "ensure_contract",
    "ensure_reference_calendars",
    "find_or_create_debtor",
    "grant_company_access",
    "rebuild_calendar",
    "refresh_reach",
    "remove_address",
    "remove_holiday",
    "save_address",
    "update_branch",
    "update_company",
    "update_contract",
    "update_debtor",
]
