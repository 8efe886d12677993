from django.apps import AppConfig


class ReceivablesConfig(AppConfig):
    name = "quita.receivables"
    label = "receivables"
