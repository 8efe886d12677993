"""Roles as permission sets. A permission is checked in the view and again where a command says so."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    SUPERVISOR = "supervisor", _("Supervisor")
    OPERATOR = "operator", _("Operator")
    AGENCY = "agency", _("Collection agency")
    AUDITOR = "auditor", _("Auditor")


READ = {"worklist.view", "case.view", "run.view"}
WORK = READ | {"case.work", "task.do"}
STEER = WORK | {
    "debtor.view", "debtor.edit", "run.start", "run.preview", "message.withdraw", "case.move",
    "import.run", "rules.view", "rules.edit", "templates.edit", "parties.view", "parties.edit",
}  # fmt: skip

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.ADMINISTRATOR: frozenset(STEER | {"users.edit", "system.view", "policy.edit", "audit.view"}),
    Role.SUPERVISOR: frozenset(STEER | {"system.view", "audit.view"}),
    Role.OPERATOR: frozenset(WORK | {"debtor.view", "debtor.edit", "rules.view", "run.preview"}),
    # An outside collector works the cases given to it and never opens the debtor's record.
    Role.AGENCY: frozenset(WORK),
    Role.AUDITOR: frozenset(
        READ | {"debtor.view", "rules.view", "parties.view", "audit.view", "system.view", "run.preview"}
    ),
}
