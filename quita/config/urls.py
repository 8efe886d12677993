"""Every address of the product. Each app brings its own file."""

from django.urls import include, path

urlpatterns = [
    path("", include("quita.backoffice.web.urls")),
    path("", include("quita.platform.access.web.urls")),
    path("", include("quita.platform.ui.urls")),
    path("importar/", include("quita.imports.web.urls")),
    path("cadastros/", include("quita.parties.web.urls")),
    path("cadastros/", include("quita.receivables.web.urls")),
    path("regras/", include("quita.ladders.web.urls")),
    path("mensagens/", include("quita.messaging.web.urls")),
]

# An apology with a reference, instead of a bare page.
handler500 = "quita.platform.ui.views.apology"
