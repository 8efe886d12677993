from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "quita.parties"
    label = "parties"
