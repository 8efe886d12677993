"""Addresses of runs, previews and explanations."""

from django.urls import path

from quita.ladders.web.runs import explaining, previews, runs

urlpatterns = [
    path("execucoes/", runs.runs, name="runs"),
    path("execucoes/iniciar/", runs.start, name="start_run"),
    path("execucoes/<int:run_id>/", runs.run, name="run"),
    path("execucoes/<int:run_id>/andamento/", runs.progress, name="run_progress"),
    path("execucoes/<int:run_id>/titulos/", runs.titles, name="run_titles"),
    path("execucoes/<int:run_id>/mensagens/", runs.messages, name="run_messages"),
    path("execucoes/<int:run_id>/conferir/", runs.replay, name="replay_run"),
    path("execucoes/<int:run_id>/abandonar/", runs.abandon, name="abandon_run"),
    path("previas/", previews.create, name="previews"),
    path("previas/<str:preview_id>/", previews.preview, name="preview"),
    path("previas/<str:preview_id>/andamento/", previews.progress, name="preview_progress"),
    path("previas/<str:preview_id>/titulos/", previews.titles, name="preview_titles"),
    path("previas/<str:preview_id>/retirar/", previews.take_out, name="preview_take_out"),
    path("previas/<str:preview_id>/executar/", previews.run_it, name="preview_run"),
    path("previas/<str:preview_id>/mensagens/<str:key>/", previews.message, name="preview_message"),
    path("previas/<str:preview_id>/mensagens/<str:key>/carta/", previews.letter, name="preview_message_letter"),
    path("explicar/", explaining.explain, name="explain"),
]
