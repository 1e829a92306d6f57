"""Many saves at once, each waking the drain: afterwards nothing waits and everything is findable as it is."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from academy.taxonomy.models import Specialty
from search import drift, facade
from search.contract import SearchQuery, Viewer
from search.models import SearchOutbox

THREADS, SAVES = 6, 5


@pytest.mark.django_db(transaction=True)
def test_saves_at_once_leave_nothing_behind(terms, settings):
    settings.SEARCH_DRAIN_ON_COMMIT = True
    shared = terms.add("shared", "Gedeeld")

    def save(thread):
        try:
            for turn in range(SAVES):
                terms.add(f"t{thread}-{turn}", f"Naam {thread} {turn}")
                Specialty(pk=shared.pk, key="shared", name_nl=f"Gedeeld {thread} {turn}").save()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(save, range(THREADS)))
    assert not SearchOutbox.objects.exists()
    assert facade.search(SearchQuery(text="naam", size=0), Viewer.public()).count == THREADS * SAVES
    assert drift.check().clean
