from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "quita.platform.outbox"
    label = "outbox"
