from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "quita.platform.audit"
    label = "audit"
