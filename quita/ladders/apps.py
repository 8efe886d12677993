from django.apps import AppConfig


class LaddersConfig(AppConfig):
    name = "quita.ladders"
    label = "ladders"
