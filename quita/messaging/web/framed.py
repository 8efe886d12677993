"""Letters shown as they are: see `quita.platform.ui.framed`, which other apps use as well."""

from quita.platform.ui.framed import letter, plain

__all__ = ["letter", "plain"]
