"""What the tests of condition trees share: the day, and a real PostgreSQL where one is asked for."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest

TODAY = datetime.date(2026, 11, 21)

# As the migration of `parties` makes it: immutable, so that it can be indexed.
SEARCH_KEY: LiteralString = """
    create or replace function quita_search_key(name text) returns text language sql immutable strict parallel safe
    as $$ select lower(unaccent('unaccent', name)) $$
"""


@pytest.fixture
def today() -> datetime.date:
    return TODAY


@pytest.fixture(scope="session")
def dsn() -> str:
    """The database of the test run, set by the top-level conftest."""
    address = os.environ.get("DATABASE_URL")
    if not address:
        pytest.fail("DATABASE_URL is not set: run through `make test`, or name a PostgreSQL 15 or later")
    return address


@pytest.fixture(scope="module")
def database(dsn: str) -> Iterator[psycopg.Connection]:
    """A connection with the search key function, in a schema of its own and a transaction that is never kept."""
    with psycopg.connect(dsn) as connection:
        connection.execute("create schema conditions_scratch")
        connection.execute("set local search_path to conditions_scratch, public")
        connection.execute("create extension if not exists unaccent")
        connection.execute(SEARCH_KEY)
        yield connection
        connection.rollback()
