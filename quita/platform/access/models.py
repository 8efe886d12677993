"""Users of the installation. A role is a named set of permissions, defined in `roles.py`."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from quita.platform.access import roles


class User(AbstractUser):
    """A person who signs in. Never deleted once they acted: deactivated."""

    role = models.CharField(_("role"), max_length=20, choices=roles.Role.choices, default=roles.Role.OPERATOR)
    sees_all_companies = models.BooleanField(_("sees every company"), default=False)
    language = models.CharField(
        _("language"), max_length=5, choices=[("pt-br", "Português (Brasil)"), ("en", "English")], default="pt-br"
    )
    theme = models.CharField(
        _("theme"),
        max_length=5,
        choices=[("auto", _("as the device")), ("light", _("light")), ("dark", _("dark"))],
        default="auto",
    )
    single_key_shortcuts = models.BooleanField(_("single-letter shortcuts"), default=True)

    def may(self, permission: str) -> bool:
        """True when this person's role holds the permission (see `roles.PERMISSIONS`)."""
        return self.is_active and (self.is_superuser or permission in roles.PERMISSIONS[roles.Role(self.role)])


class SignInAttempts(models.Model):
    """Failed sign-ins of one name from one address (or of any name from one address), for the lock-out.

    `key` is a keyed hash: the table says nothing about who tried, and rows can be deleted at any time.
    """

    key = models.CharField(primary_key=True, max_length=64)
    failed_count = models.PositiveIntegerField(default=0)
    last_failed_at = models.DateTimeField()
    locked_until_at = models.DateTimeField(null=True)
