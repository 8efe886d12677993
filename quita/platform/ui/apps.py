from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "quita.platform.ui"
    label = "ui"

    def ready(self) -> None:
        """Compiles the Portuguese catalogue where an installation has not yet: nobody needs gettext."""
        from quita.platform.ui import translations

        translations.compile_if_stale()
