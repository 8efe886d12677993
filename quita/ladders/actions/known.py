"""What actions are judged and described by: the templates, phases, roles and channels of this installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHANNEL_LABELS: Mapping[str, str | Promise] = {
    "email": _("E-mail"),
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "letter": _("Letter"),
    "voice": _("Phone call"),
}


@dataclass(frozen=True)
class TemplateChoice:
    """A template that a step may name."""

    template_id: int
    name: str
    channel: str
    is_active: bool


@dataclass(frozen=True)
class PhaseChoice:
    """A phase; steps set only active ones that lateness never sets."""

    phase_id: int
    name: str
    is_manual: bool
    is_active: bool


@dataclass(frozen=True)
class Known:
    """One reading of everything that the actions' fields choose from. `channels` are those that can deliver today."""

    channels: tuple[str, ...] = ()
    channel_labels: Mapping[str, str | Promise] = field(default_factory=dict)
    templates: Mapping[int, TemplateChoice] = field(default_factory=dict)
    phases: Mapping[int, PhaseChoice] = field(default_factory=dict)
    roles: Mapping[str, str | Promise] = field(default_factory=dict)

    def templates_for(self, channel: str) -> list[TemplateChoice]:
        """The active templates of a channel, by name."""
        found = [one for one in self.templates.values() if one.channel == channel and one.is_active]
        return sorted(found, key=lambda one: (one.name, one.template_id))

    def settable_phases(self) -> list[PhaseChoice]:
        """The phases that a step may set, in their order."""
        return [one for one in self.phases.values() if one.is_manual and one.is_active]


@dataclass(frozen=True)
class Param:
    """One field of an action. `kind`: text, role or phase; `limit` is the longest text."""

    name: str
    label: str | Promise
    kind: str
    limit: int = 60
    hint: str | Promise = ""
