"""Fixtures of delivery stories."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from quita.messaging.models import ContactRule
from quita.messaging.tests import scenes


@pytest.fixture
def contact_policy(request: pytest.FixtureRequest) -> None:
    """The policy a new installation starts with; tests that kill processes empty every table after them."""
    if not ContactRule.objects.exists():
        importlib.import_module("quita.messaging.migrations.0002_contact_policy").load(apps, None)


@pytest.fixture
def town(db: None, contact_policy: None) -> scenes.Town:
    return scenes.town()


@pytest.fixture
def post(tmp_path: Path) -> Iterator[scenes.Post]:
    with scenes.post_office(tmp_path) as running:
        yield running
