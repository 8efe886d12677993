"""One Monday, one building and one late case, and people of every role before a browser."""

import pytest
from django.test import Client

from quita.backoffice.tests.browsing import TODAY
from quita.cases.tests import scenes
from quita.parties import commands as parties
from quita.platform import actors


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """It is Monday 23 November 2026, ten in the morning, for every view."""
    monkeypatch.setattr(actors.When, "now", classmethod(lambda cls, zone=None: cls.on(TODAY, hour=10)))


@pytest.fixture
def building():
    return scenes.titles.company()


@pytest.fixture
def ana(building):
    return scenes.late_case(building, scenes.people.debtor(city="Recife", ibge_code=scenes.people.RECIFE))


@pytest.fixture
def enter():
    """`enter("operator")`: a browser where somebody of that role is signed in, in Portuguese."""

    def enter(role="administrator", companies=None):
        user = scenes.operator(f"{role}-{companies}", role, sees_all=companies is None)
        if companies is not None:
            parties.grant_company_access(
                user_id=user.pk, company_ids=companies, by=actors.SYSTEM, when=actors.When.on(TODAY)
            )
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return enter
