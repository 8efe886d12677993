"""Addresses of sign-in, users and preferences."""

from django.urls import path

from quita.platform.access.web import preferences, sign_in, users

app_name = "access"
urlpatterns = [
    path("entrar/", sign_in.sign_in, name="sign_in"),
    path("sair/", sign_in.sign_out, name="sign_out"),
    path("preferencias/", preferences.preferences, name="preferences"),
    path("preferencias/senha/", preferences.password, name="password"),
    path("usuarios/", users.users, name="users"),
    path("usuarios/novo/", users.create, name="create_user"),
    path("usuarios/<int:user_id>/", users.edit, name="edit_user"),
    path("usuarios/<int:user_id>/desativar/", users.deactivate, name="deactivate_user"),
    path("usuarios/<int:user_id>/reativar/", users.reactivate, name="reactivate_user"),
    path("usuarios/<int:user_id>/senha/", users.reset_password, name="reset_password"),
]
