from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "quita.messaging"
    label = "messaging"
