from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "quita.cases"
    label = "cases"
