"""Where a person can go: one registry line per entry.

The top bar, the phone menu and the command palette are all rendered from `ENTRIES`. An entry is shown to those whose
role holds its permission; the entry whose address is the longest prefix of the current path is the current one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Groups in the order of the menu. "work" stands in the bar itself, the others open under "Setup".
GROUPS: dict[str, Promise] = {
    "work": _("Work"),
    "rules": _("Rules"),
    "records": _("Records"),
    "system": _("System"),
}


@dataclass(frozen=True)
class Entry:
    """One place. `permission` None means everybody who is signed in; `words` are further words the palette finds
    it by.
    """

    label: Promise
    url_name: str
    icon: str
    permission: str | None
    group: str
    words: Promise | str = ""
    shortcut: str = ""


ENTRIES: list[Entry] = [
    Entry(_("Home"), "backoffice:home", "layout-dashboard", "worklist.view", "work", _("dashboard today panel"), "h"),
    Entry(_("Worklist"), "backoffice:worklist", "list-todo", "worklist.view", "work", _("titles queue"), "f"),
    Entry(_("Cases"), "backoffice:cases", "briefcase", "case.view", "work", _("collections"), "c"),
    Entry(_("Tasks"), "backoffice:tasks", "phone-call", "task.do", "work", _("calls tickets to do"), "t"),
    Entry(_("Daily run"), "ladders:runs", "play", "run.view", "work", _("execute preview explain"), "x"),
    Entry(_("Messages"), "messaging:messages", "mail", "case.view", "work", _("sent queue e-mail outbox"), "m"),
    Entry(_("Import"), "imports:files", "upload", "import.run", "work", _("file upload CSV XLSX payments"), "i"),
    Entry(_("Ladders"), "ladders:ladders", "list-ordered", "rules.view", "rules", _("dunning steps")),
    Entry(_("Portfolios"), "ladders:portfolios", "folders", "rules.view", "rules", _("filter conditions")),
    Entry(_("Phases"), "ladders:phases", "milestone", "rules.view", "rules"),
    Entry(_("Templates"), "messaging:templates", "file-text", "rules.view", "rules", _("messages text e-mail")),
    Entry(_("Contact policy"), "messaging:policy", "shield-check", "rules.view", "rules", _("hours caps law")),
    Entry(_("Companies"), "parties:companies", "building-2", "parties.view", "records", _("creditors branches")),
    Entry(_("Debtors"), "parties:debtors", "users", "debtor.view", "records", _("customers people")),
    Entry(_("Calendars"), "parties:calendars", "calendar-days", "parties.view", "records", _("holidays business days")),
    Entry(_("Charge policies"), "receivables:policies", "percent", "parties.view", "records", _("fine interest")),
    Entry(_("Index values"), "receivables:index_values", "trending-up", "parties.view", "records", _("IPCA IGP-M")),
    Entry(_("Users"), "access:users", "user-cog", "users.edit", "system", _("roles passwords people")),
    Entry(_("Local mailbox"), "messaging:mailbox", "inbox", "system.view", "system", _("demo e-mail received")),
]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """An entry as one person sees it."""

    entry: Entry
    url: str
    current: bool = False


@dataclass(frozen=True)
class Group:
    """Places under one heading."""

    key: str
    label: Promise
    places: list[Place] = field(default_factory=list)

    @property
    def current(self) -> bool:
        """True when the person stands in one of the group's places."""
        return any(place.current for place in self.places)


def _reachable(user: object) -> Iterator[tuple[Entry, str]]:
    for entry in ENTRIES:
        if entry.permission and not user.may(entry.permission):  # type: ignore[attr-defined]  # the project's own User
            continue
        try:
            yield entry, reverse(entry.url_name)
        except NoReverseMatch:
            # An installation may leave an app out; `test_navigation` fails when a shipped app forgets its address.
            continue


def visible(user: object, path: str) -> list[Group]:
    """The groups a person may see, with the current place marked."""
    reachable = list(_reachable(user))
    fitting = [url for _entry, url in reachable if path == url or (url != "/" and path.startswith(url))]
    current = max(fitting, key=len, default="")
    groups = [Group(key, label) for key, label in GROUPS.items()]
    for group in groups:
        group.places.extend(Place(entry, url, url == current) for entry, url in reachable if entry.group == group.key)
    return [group for group in groups if group.places]
