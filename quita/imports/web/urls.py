"""Addresses of the import screens."""

from django.urls import path

from quita.imports.web import files, saved, steps

app_name = "imports"
urlpatterns = [
    path("", files.files, name="files"),
    path("novo/", files.upload, name="upload"),
    path("mapeamentos/", saved.saved, name="mappings"),
    path("mapeamentos/<int:mapping_id>/excluir/", saved.delete, name="delete_mapping"),
    path("<int:file_id>/", files.file, name="file"),
    path("<int:file_id>/colunas/", steps.columns, name="columns"),
    path("<int:file_id>/conferencia/", steps.preview, name="preview"),
    path("<int:file_id>/iniciar/", steps.start, name="start"),
    path("<int:file_id>/progresso/", files.progress, name="progress"),
    path("<int:file_id>/recusadas.csv", files.refused, name="refused"),
]
