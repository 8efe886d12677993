from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "quita.parties"
    label = "parties"

    def ready(self) -> None:
        """Offers the companies to the user screens, which stand below."""
        from quita.parties import company_directory

        company_directory.register()
