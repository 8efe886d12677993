"""Addresses of the rules that people write."""

from django.urls import path

from quita.ladders.web.rules import debtor_rules, ladders, phases, portfolios

urlpatterns = [
    path("carteiras/", portfolios.portfolios, name="portfolios"),
    path("carteiras/nova/", portfolios.create, name="create_portfolio"),
    path("carteiras/ordem/", portfolios.reorder, name="reorder_portfolios"),
    path("carteiras/<int:portfolio_id>/", portfolios.edit, name="portfolio"),
    path("carteiras/<int:portfolio_id>/uso/", portfolios.set_active, name="set_portfolio_active"),
    path("carteiras/devedores/", debtor_rules.debtor_rules, name="debtor_rules"),
    path("carteiras/devedores/nova/", debtor_rules.create, name="create_debtor_rule"),
    path("carteiras/devedores/<int:debtor_id>/", debtor_rules.edit, name="debtor_rule"),
    path("carteiras/devedores/<int:debtor_id>/liberar/", debtor_rules.release, name="release_debtor_rule"),
    path("reguas/", ladders.ladders, name="ladders"),
    path("reguas/nova/", ladders.create, name="create_ladder"),
    path("reguas/arquivo/", ladders.import_file, name="import_ladder"),
    path("reguas/<int:ladder_id>/", ladders.ladder, name="ladder"),
    path("reguas/<int:ladder_id>/editar/", ladders.edit, name="edit_ladder"),
    path("reguas/<int:ladder_id>/arquivo/", ladders.export, name="export_ladder"),
    path("reguas/<int:ladder_id>/uso/", ladders.set_active, name="set_ladder_active"),
    path("fases/", phases.phases, name="phases"),
    path("fases/nova/", phases.create, name="create_phase"),
    path("fases/ordem/", phases.reorder, name="reorder_phases"),
    path("fases/<int:phase_id>/", phases.edit, name="phase"),
]
