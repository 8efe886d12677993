from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "quita.imports"
    label = "imports"
