"""Addresses of the frame itself."""

from django.urls import path

from quita.platform.ui import views

app_name = "ui"
urlpatterns = [
    path("tema/", views.choose_theme, name="theme"),
    path("idioma/", views.choose_language, name="language"),
]
