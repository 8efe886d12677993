"""Addresses of charge policies and index values."""

from django.urls import path

from quita.receivables.web import index_values, policies

app_name = "receivables"
urlpatterns = [
    path("encargos/", policies.policies, name="policies"),
    path("encargos/nova/", policies.create, name="create_policy"),
    path("encargos/amostra/", policies.sample, name="policy_sample"),
    path("encargos/<int:policy_id>/", policies.edit, name="policy"),
    path("encargos/<int:policy_id>/nome/", policies.rename, name="rename_policy"),
    path("indices/", index_values.values, name="index_values"),
    path("indices/carregar/", index_values.load, name="load_index_values"),
]
