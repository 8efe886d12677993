"""Reads on users and roles."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quita.platform.access import directory, roles
from quita.platform.access.models import User

# What each permission lets a person do, in the order of the screen.
ABILITIES: dict[str, Promise] = {
    "worklist.view": _("See the worklist"),
    "case.view": _("See cases"),
    "case.work": _("Work cases: contacts, promises, disputes, holds"),
    "task.do": _("Do tasks and calls"),
    "case.move": _("Move cases between portfolios and phases"),
    "debtor.view": _("See debtors' records"),
    "debtor.edit": _("Edit debtors' records"),
    "run.view": _("See daily runs"),
    "run.preview": _("Preview and explain runs"),
    "run.start": _("Start runs"),
    "message.withdraw": _("Withdraw and resend messages"),
    "import.run": _("Import files"),
    "rules.view": _("See rules, ladders and templates"),
    "rules.edit": _("Edit rules and ladders"),
    "templates.edit": _("Edit templates"),
    "policy.edit": _("Edit the contact policy"),
    "parties.view": _("See companies, calendars and charge policies"),
    "parties.edit": _("Edit companies, calendars and charge policies"),
    "audit.view": _("See the audit"),
    "system.view": _("See the state of the system"),
    "users.edit": _("Edit users"),
}


@dataclass(frozen=True)
class RoleCard:
    """A role and what it lets a person do."""

    key: str
    label: str
    abilities: tuple[str, ...]


def role_cards() -> list[RoleCard]:
    """Every role with its abilities, in the language of the page."""
    return [
        RoleCard(
            role.value,
            str(role.label),
            tuple(str(text) for key, text in ABILITIES.items() if key in roles.PERMISSIONS[role]),
        )
        for role in roles.Role
    ]


def users(*, search: str = "", active: bool | None = None) -> "QuerySet[User]":
    """Users by name. `search` looks into names and e-mail; `active` None means all."""
    found = User.objects.order_by("-is_active", "username", "pk")
    if active is not None:
        found = found.filter(is_active=active)
    for word in search.split():
        found = found.filter(
            Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
        )
    return found


def user(user_id: int) -> User | None:
    """One user, or None."""
    return User.objects.filter(pk=user_id).first()


def company_choices() -> list[tuple[int, str]]:
    """Active companies by name."""
    return directory.companies().choices()


def granted_companies(user_id: int) -> frozenset[int]:
    """Companies granted to a user by name (those who see every company need none)."""
    return directory.companies().granted(user_id)
