"""Which news travels to whom: event → handlers. The only place where a lower app's event meets an upper app."""

from collections.abc import Callable

SUBSCRIPTIONS: dict[type, list[Callable[..., None]]] = {}
