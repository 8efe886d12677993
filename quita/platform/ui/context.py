"""What every page needs to draw its frame. Lazy: a fragment that draws no frame pays nothing."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

import quita
from quita.platform.ui import icons, navigation, theme


class Shell:
    """The frame around a page for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def user(self) -> Any:
        """The signed-in person, or None."""
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def groups(self) -> list[navigation.Group]:
        """Navigation of this person."""
        return navigation.visible(self.user, self._request.path) if self.user else []

    @property
    def bar(self) -> list[navigation.Place]:
        """The places that stand in the bar itself."""
        return [place for group in self.groups if group.key == "work" for place in group.places]

    @property
    def setup(self) -> list[navigation.Group]:
        """The groups behind the setup menu."""
        return [group for group in self.groups if group.key != "work"]

    @property
    def setup_current(self) -> bool:
        """True when the person stands somewhere behind the setup menu."""
        return any(group.current for group in self.setup)

    @cached_property
    def theme(self) -> str:
        """auto, light or dark."""
        return theme.chosen(self._request)

    @property
    def language(self) -> str:
        """The active language as an HTML `lang` value."""
        return {"pt-br": "pt-BR"}.get(translation.get_language() or "", translation.get_language() or "pt-BR")

    @property
    def languages(self) -> list[tuple[str, str, bool]]:
        """Code, own name and whether it is the active one."""
        return [(code, name, code == translation.get_language()) for code, name in settings.LANGUAGES]

    @property
    def initials(self) -> str:
        """Two letters for the round button."""
        words = (self.user.get_full_name() or self.user.get_username()).split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else words[0][1:2])).upper()

    @property
    def shortcuts(self) -> bool:
        """False when this person switched single-letter shortcuts off (WCAG 2.1.4)."""
        return self.user is None or self.user.single_key_shortcuts

    @property
    def sprite(self) -> str:
        """The icons of the page."""
        return icons.sprite()

    @property
    def version(self) -> str:
        """The product's version."""
        return quita.__version__


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The context processor named in the settings."""
    return {"shell": Shell(request)}
