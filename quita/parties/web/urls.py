"""Addresses of the records: companies, branches, calendars, debtors."""

from django.urls import path

from quita.parties.web import calendars, companies, contact_points, debtors

app_name = "parties"
urlpatterns = [
    path("empresas/", companies.companies, name="companies"),
    path("empresas/nova/", companies.create, name="create_company"),
    path("empresas/<int:company_id>/", companies.edit, name="company"),
    path("empresas/<int:company_id>/filiais/nova/", companies.create_branch, name="create_branch"),
    path("filiais/<int:branch_id>/", companies.edit_branch, name="branch"),
    path("calendarios/", calendars.calendars, name="calendars"),
    path("calendarios/novo/", calendars.create, name="create_calendar"),
    path("calendarios/<int:calendar_id>/", calendars.year, name="calendar"),
    path("calendarios/<int:calendar_id>/dias/", calendars.add_holiday, name="add_holiday"),
    path("calendarios/<int:calendar_id>/dias/<str:day>/retirar/", calendars.remove_holiday, name="remove_holiday"),
    path("devedores/", debtors.debtors, name="debtors"),
    path("devedores/<int:debtor_id>/", debtors.record, name="debtor"),
    path("devedores/<int:debtor_id>/editar/", debtors.edit, name="edit_debtor"),
    path("devedores/<int:debtor_id>/protecao/", debtors.protection, name="debtor_protection"),
    path("devedores/<int:debtor_id>/enderecos/novo/", debtors.create_address, name="create_address"),
    path("devedores/<int:debtor_id>/enderecos/<int:address_id>/", debtors.edit_address, name="address"),
    path("devedores/<int:debtor_id>/contatos/novo/", contact_points.create, name="create_contact_point"),
    path("devedores/<int:debtor_id>/contatos/<int:contact_point_id>/", contact_points.change, name="contact_point"),
    path("devedores/<int:debtor_id>/contratos/<int:contract_id>/", debtors.edit_contract, name="contract"),
]
