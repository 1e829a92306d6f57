"""Numbers are given once, without gaps, and never again."""

import threading

import pytest
from django.db import connections, transaction

from academy.core import numbers


@pytest.mark.django_db
def test_numbers_count_up_by_key():
    assert [numbers.next_number("a"), numbers.next_number("a"), numbers.next_number("b")] == [1, 2, 1]


@pytest.mark.django_db
def test_numbers_given_elsewhere_are_skipped():
    numbers.reserve("a", 7)
    numbers.reserve("a", 3)
    assert numbers.next_number("a") == 8


@pytest.mark.django_db
def test_a_number_of_a_change_that_was_taken_back_is_free_again():
    with transaction.atomic():
        numbers.next_number("a")
        transaction.set_rollback(True)
    assert numbers.next_number("a") == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_different_numbers():
    given, lock = [], threading.Lock()

    def take():
        try:
            for _n in range(5):
                number = numbers.next_number("a")
                with lock:
                    given.append(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(given) == list(range(1, 31))
