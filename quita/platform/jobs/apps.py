from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "quita.platform.jobs"
    label = "jobs"
