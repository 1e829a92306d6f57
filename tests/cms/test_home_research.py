"""The way into research on the home page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import override

from academy.cms import selectors
from tests.factories import people, studies

pytestmark = pytest.mark.django_db


def test_home_counts_the_studies_that_the_reader_may_know_of(client):
    mst = people.organisation("mst")
    studies.published(mst, recruitment_status="RECRUITING")
    studies.published(mst, recruitment_status="RECRUITING", group_visibility={"recruitment": "team"})
    studies.published(mst, recruitment_status="RECRUITING", visibility="members")
    studies.study(mst, recruitment_status="RECRUITING")
    assert selectors.study_counts(AnonymousUser()) == selectors.StudyCounts(studies=2, recruiting=1)
    assert selectors.study_counts(people.member(mst)) == selectors.StudyCounts(studies=3, recruiting=2)
    with override("nl"):
        link = f"{reverse('studies:list')}?status=RECRUITING"
    assert link in client.get("/nl/").content.decode()
