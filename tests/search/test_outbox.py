"""Every touched record gets one row in its own transaction, in as few statements as possible."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from academy.accounts.models import Organisation
from academy.taxonomy.models import Register, Specialty
from search import facade, outbox
from search.models import SearchOutbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]


def rows():
    return list(SearchOutbox.objects.values_list("type", "record", "operation"))


def inserts(captured):
    return [query["sql"] for query in captured if 'INSERT INTO "search_searchoutbox"' in query["sql"]]


@transaction.atomic
def save_and_fail(term):
    term.save()
    raise ZeroDivisionError


def test_saving_and_deleting_queue(terms):
    term = terms.add("a")
    assert rows() == [("term", str(term.pk), "upsert")]
    SearchOutbox.objects.all().delete()
    outbox.forget()
    pk = term.pk
    term.delete()
    assert rows() == [("term", str(pk), "delete")]


def test_what_no_source_knows_costs_nothing():
    with CaptureQueriesContext(
        connection,
    ) as captured:
        Organisation.objects.create(key="x", name_nl="X", short_name="X", kind="hospital")
    assert len(captured) == 1


def test_one_insert_per_record_and_transaction(terms):
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        term = terms.add("a")
        term.save()
        term.save()
    assert len(inserts(captured)) == 1
    assert len(captured) == 4


def test_many_dependants_are_one_insert(terms):
    for name in ("a1", "a2", "b1"):
        terms.add(name)
    SearchOutbox.objects.all().delete()
    outbox.forget()
    with CaptureQueriesContext(connection) as captured:
        Register.objects.create(key="a", name_nl="A")
    assert len(inserts(captured)) == 1
    assert len(rows()) == 2


def test_dependants_of_a_deleted_record_are_asked_for_before_it_goes(terms):
    terms.add("a1")
    register = Register.objects.create(key="a", name_nl="A")
    SearchOutbox.objects.all().delete()
    outbox.forget()
    register.delete()
    assert len(rows()) == 1


def test_a_savepoint_that_is_rolled_back_takes_its_row_along(terms):
    term = terms.add("a")
    SearchOutbox.objects.all().delete()
    outbox.forget()
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError):
            save_and_fail(term)
        assert rows() == []
        term.save()
        assert len(rows()) == 1
        with transaction.atomic():
            term.save()
        assert len(rows()) == 1


def test_a_row_of_a_released_savepoint_counts(terms):
    term = terms.add("a")
    SearchOutbox.objects.all().delete()
    outbox.forget()
    with transaction.atomic():
        with transaction.atomic():
            term.save()
        term.save()
    assert len(rows()) == 1


def test_requeue_for_changes_without_signals(terms):
    term = terms.add("a")
    SearchOutbox.objects.all().delete()
    outbox.forget()
    Specialty.objects.update(name_nl="b")
    assert rows() == []
    assert facade.requeue("term", [term.pk, term.pk]) == 1
    assert facade.requeue("term", []) == 0
    assert rows() == [("term", str(term.pk), "upsert")]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_save_leaves_no_row(terms):
    with pytest.raises(ZeroDivisionError):
        save_and_fail(Specialty(key="a", name_nl="a"))
    assert rows() == []
    terms.add("b")
    assert len(rows()) == 1
