"""The PostgreSQL that `make test-services` starts is the database that the tests run on."""

import pytest
from django.db import connection

pytestmark = [pytest.mark.services, pytest.mark.django_db]


def test_the_suite_runs_on_postgresql():
    assert connection.vendor == "postgresql"


def test_text_is_kept_as_it_was_written():
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s || %s", ["Zoë ", "Ünal"])
        assert cursor.fetchone() == ("Zoë Ünal",)
