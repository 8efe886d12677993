"""Ways to reach a debtor, and what is known about each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from quita.domain import refusals
from quita.parties import commands
from quita.parties.models import ContactPoint
from quita.parties.web import debtors, forms
from quita.platform.access.web.guards import needs
from quita.platform.actors import Actor, When
from quita.platform.ui import answers


@needs("debtor.edit")
def create(request: HttpRequest, debtor_id: int) -> HttpResponse:
    """A further address or number."""
    debtors.debtor_of(request, debtor_id)
    form = forms.NewContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.add_contact_point(
                debtor_id=debtor_id, **form.cleaned_data, by=Actor.of(request.user), when=When.now()
            )
        except refusals.Refusal as refusal:
            answers.onto(form, refusals.Refused((refusals.Finding(refusal, "value"),)))
        else:
            return debtors.saved(request, debtor_id, _("Contact added."))
    return debtors.dialog(request, form, debtor_id, _("New contact"))


@needs("debtor.edit")
def change(request: HttpRequest, debtor_id: int, contact_point_id: int) -> HttpResponse:
    """What was learnt about an address or number."""
    debtors.debtor_of(request, debtor_id)
    point = ContactPoint.objects.filter(pk=contact_point_id, debtor_id=debtor_id).first()
    if point is None:
        raise Http404
    form = forms.ContactStateForm(request.POST or None, point=point)
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_contact_state(
                contact_point_id=point.pk, **form.cleaned_data, by=Actor.of(request.user), when=When.now()
            )
        except refusals.Refusal as refusal:
            answers.onto(form, refusal)
        else:
            return debtors.saved(request, debtor_id, _("Contact saved."))
    return debtors.dialog(request, form, debtor_id, point.value)
