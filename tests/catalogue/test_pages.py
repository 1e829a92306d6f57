"""Pages of courses and tracks, with everything a body may hold."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories as f
from tests.probes.indexing import own_index

pytestmark = pytest.mark.django_db
BODY = json.dumps(
    [
        {"type": "heading", "value": "Zo <b>werkt</b> het"},
        {"type": "paragraph", "value": "<p>Eerst <b>kijken</b>.</p>"},
        {"type": "note", "value": {"title": "Let op", "text": "<p>Neem je pas mee.</p>"}},
    ]
)


def test_a_course_shows_every_kind_of_block_and_escapes(client):
    course = f.course(body_nl=BODY, outcomes_nl="Je kunt drukken.\nJe kunt <tellen>.")
    page = client.get(course.get_absolute_url()).content.decode()
    assert "<h3>Zo &lt;b&gt;werkt&lt;/b&gt; het</h3>" in page
    assert "<p>Eerst <b>kijken</b>.</p>" in page
    assert all(text in page for text in ("Let op", "Neem je pas mee."))
    assert "<li>Je kunt &lt;tellen&gt;.</li>" in page


def test_a_missing_translation_shows_the_other_language_marked(client):
    course = f.course(title_en="", body_nl=BODY, outcomes_nl="Je kunt drukken.")
    page = client.get(f"/en/courses/{course.code}/").content.decode()
    assert f'<h1><span lang="nl">{course.title_nl}</span></h1>' in page
    assert 'aria-labelledby="about" lang="nl"' in page


def test_a_track_shows_its_published_courses_in_order(client):
    first, hidden, last = f.course(), f.course(live=False), f.course()
    page = client.get(f.track(first, hidden, last).get_absolute_url()).content.decode()
    assert page.index(first.title_nl) < page.index(last.title_nl)
    assert hidden.title_nl not in page


@pytest.mark.parametrize("columns", [{"live": False}, {"visibility": "members"}])
def test_what_a_visitor_may_not_see_does_not_exist(client, columns):
    for record in (f.course(**columns), f.track(**columns)):
        assert client.get(record.get_absolute_url()).status_code == 404
        assert client.get(f"/id/{record.code}").status_code == 404


def test_permanent_addresses_lead_to_the_page_in_the_readers_language(client):
    course = f.course()
    answer = client.get(f"/id/{course.code}", headers={"accept-language": "en"})
    assert (answer.status_code, answer["Location"]) == (303, f"/en/courses/{course.code}/")


def test_members_see_what_is_theirs(client):
    mst = f.organisation("mst")
    course = f.course(owners=[mst], visibility="members")
    client.force_login(f.member(mst))
    assert client.get(course.get_absolute_url()).status_code == 200


def test_the_kind_of_record_can_be_unticked_again(client, settings, tmp_path):
    f.track(f.course())
    with own_index(settings, tmp_path):
        page = client.get(f"{reverse('catalogue:list')}?type=track&q=leerlijn").content.decode()
    form = page.partition('class="facets"')[2].partition("</form>")[0]
    assert form.count('name="type" value="track"') == 1
    assert 'name="q" value="leerlijn"' in form


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_catalogue(client, settings, tmp_path, rows):
    for _n in range(rows):
        f.track(f.run().course)
    with own_index(settings, tmp_path):
        client.get(reverse("catalogue:list"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("catalogue:list")).context["listing"].count == 2 * rows
    assert len(captured) == 18
