from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "quita.platform.access"
    label = "access"
