from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "quita.platform.ui"
    label = "ui"
