from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "quita.backoffice"
    label = "backoffice"
