"""The product's addresses and the gallery."""

from django.urls import path

from quita.config import urls as product
from tests.browser.gallery import views

handler500 = product.handler500
urlpatterns = [
    *product.urlpatterns,
    path("galeria/", views.gallery, name="gallery"),
    path("galeria/dialogo/", views.dialog, name="gallery_dialog"),
    path("galeria/recusa/", views.refuse, name="gallery_refuse"),
    path("galeria/falha/", views.fail, name="gallery_fail"),
    path("galeria/andamento/", views.progress, name="gallery_progress"),
    path("galeria/menu/<int:row_id>/", views.menu, name="gallery_menu"),
    path("galeria/detalhe/<int:row_id>/", views.detail, name="gallery_detail"),
]
