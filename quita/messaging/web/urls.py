"""Addresses under mensagens/."""

from django.urls import path

from quita.messaging.web import mailbox, messages, policy, templates

app_name = "messaging"
urlpatterns = [
    path("", messages.messages, name="messages"),
    path("retirar/", messages.withdraw, name="withdraw"),
    path("<int:message_id>/", messages.message, name="message"),
    path("<int:message_id>/carta/", messages.letter, name="letter"),
    path("<int:message_id>/reenviar/", messages.resend, name="resend"),
    path("modelos/", templates.templates, name="templates"),
    path("modelos/novo/", templates.create, name="create_template"),
    path("modelos/previa/", templates.preview, name="preview"),
    path("modelos/previa/carta/", templates.preview_letter, name="preview_letter"),
    path("modelos/<int:template_id>/", templates.edit, name="template"),
    path("modelos/<int:template_id>/versoes/", templates.versions, name="versions"),
    path("modelos/<int:template_id>/versoes/<int:number>/carta/", templates.version_letter, name="version_letter"),
    path("modelos/<int:template_id>/ativo/", templates.set_active, name="set_template_active"),
    path("politica/", policy.policy, name="policy"),
    path("politica/horario/", policy.add_rule, name="add_rule"),
    path("politica/horario/encerrar/", policy.end_rules, name="end_rules"),
    path("politica/limite/", policy.add_cap, name="add_cap"),
    path("politica/limite/<int:cap_id>/encerrar/", policy.end_cap, name="end_cap"),
    path("caixa/", mailbox.mailbox, name="mailbox"),
    path("caixa/servidor/", mailbox.server, name="mail_server"),
    path("caixa/<str:key>/", mailbox.mail, name="mail"),
    path("caixa/<str:key>/carta/", mailbox.mail_letter, name="mail_letter"),
]
