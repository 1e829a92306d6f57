"""Studies that are no record for everybody yet, and hidden parts of others, show nowhere to who may not see them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import quote

import pytest
import rules
from django.test import Client

from academy.core import clock
from academy.taxonomy.models import Specialty
from research.studies import permissions
from research.studies.models import RecruitmentCount, Study, StudyQuerySet
from research.studies.record import GROUPS
from research.studies.services import publishing, reviewing, saving
from search import facade
from search.drain import drain, requeue_due
from tests import factories as f
from tests.factories import studies

from .study_surfaces import PAGES, Hidden, answers, places, traces

pytestmark = pytest.mark.django_db
VIEWERS = ("nobody", "other bureau", "colleague")
OUTSIDE = VIEWERS[:2]

#: Words by group of fields that nothing else has.
WORDS: dict[str, tuple[str, ...]] = {
    "identity": ("Kwartszoeker", "Malachietgids", "Obsidiaantitel", "FLUORIETACRO", "Agaatwoord"),
    "identifiers": ("NCT98765431", "METC-ZZQ/77"),
    "sponsors": ("Basaltfonds", "GR-ZZQ-55", "Dolerietstichting"),
    "people": ("Andesietman", "0000-0002-1825-0097", "Gneisinstituut", "rhyoliet@example.nl", "Rhyolietbeheer"),
    "population": ("Dolomietziekte", "Porfierpil", "Serpentijnpatiënten"),
    "outcomes": ("Granietscore", "Leisteenweken"),
    "recruitment": ("Zandsteenreden",),
    "results": ("Marmerartikel", "10.5555/zzq.marmer", "Kalksteendeling"),
    "governance": ("Basaltpartij", "Schistbeheerder"),
    "data_management": ("Zwavelplan",),
}
FACETS = {"specialty": "fluorietkunde", "condition": "dolomietziekte", "year": "2091"}


def values(**changed) -> dict:
    """A study in which each group of fields has words of its own."""
    Specialty.objects.get_or_create(key="fluorietkunde", defaults={"name_nl": "Fluoriet", "name_en": "Fluorite"})
    party = {"organisation": "", "ror": ""}
    return {
        "public_title_nl": "Kwartszoeker in de praktijk",
        "public_title_en": "Kwartszoeker in practice",
        "summary_nl": "Een Malachietgids voor iedereen.",
        "summary_en": "A Malachietgids for everybody.",
        "scientific_title_nl": "",
        "scientific_title_en": "Obsidiaantitel of a trial",
        "acronym": "FLUORIETACRO",
        "keywords": ["Agaatwoord"],
        "specialty": "fluorietkunde",
        "identifiers": [
            {"authority": "clinicaltrials_gov", "number": "NCT98765431"},
            {"authority": "metc", "number": "METC-ZZQ/77"},
        ],
        "primary_sponsor": {**party, "name": "Dolerietstichting"},
        "funders": [{**party, "name": "Basaltfonds", "grant_number": "GR-ZZQ-55", "amount_eur": "98765.43"}],
        "contributors": [
            {
                "name": "Ada Andesietman",
                "role": "principal_investigator",
                "orcid": "0000-0002-1825-0097",
                "affiliation": "Gneisinstituut",
                "certificate": "brok",
                "certificate_expires_on": "2093-07-09",
            }
        ],
        "contact_email": "rhyoliet@example.nl",
        "contact_name": "Rhyolietbeheer",
        "conditions": [
            {"code_system": "", "code": "", "name_nl": "Dolomietziekte", "name_en": "Dolomietziekte"},
        ],
        "interventions": [{"type": "DRUG", "name_nl": "Porfierpil", "name_en": "Porfierpil"}],
        "inclusion_criteria_nl": "Serpentijnpatiënten",
        "inclusion_criteria_en": "Serpentijnpatiënten",
        "primary_outcomes": [
            {
                "measure_nl": "Granietscore",
                "measure_en": "Granietscore",
                "time_frame_nl": "Leisteenweken",
                "time_frame_en": "Leisteenweken",
            }
        ],
        "first_enrolment": "2091-03",
        "completion": "2092-04",
        "recruitment_status": "SUSPENDED",
        "why_stopped_nl": "Zandsteenreden",
        "why_stopped_en": "Zandsteenreden",
        "outputs": [
            {"type": "article", "title_nl": "Marmerartikel", "title_en": "Marmerartikel", "doi": "10.5555/zzq.marmer"}
        ],
        "ipd_statement_nl": "Kalksteendeling",
        "ipd_statement_en": "Kalksteendeling",
        "dpia": {"state": "approved", "on": "2026-01-01", "owner": "Schistbeheerder"},
        "contracts": [{"kind": "other", "parties": ["Basaltpartij"], "state": "signed", "on": None}],
        "data_management_plan": {"state": "approved", "on": "2026-01-01", "owner": "Zwavelplan"},
        **changed,
    }


def _draft(**changed) -> Study:
    mst = f.organisation("mst")
    return studies.study(mst, editor=studies.researcher(mst), **values(**changed))


def _published(**changed) -> Study:
    return publishing.publish(study=studies.reviewed(_draft(**changed)), actor=None)


def _hidden(study: Study) -> Hidden:
    some = [WORDS[name][0] for name in ("identity", "identifiers", "people", "outcomes")]
    return Hidden(study.number, (*some, "Malachietgids"), FACETS)


def draft() -> Hidden:
    return _hidden(_draft())


def under_review() -> Hidden:
    study = _draft()
    reviewing.submit(study=study, actor=None)
    return _hidden(study)


def taken_offline() -> Hidden:
    study = _published()
    publishing.unpublish(study=study, actor=None, reason="Vergissing.")
    return _hidden(study)


def for_its_team() -> Hidden:
    return _hidden(_published(visibility="team"))


def for_members() -> Hidden:
    return _hidden(_published(visibility="members"))


def embargoed() -> Hidden:
    day = (clock.today() + timedelta(days=3)).isoformat()
    return _hidden(_published(visibility="members", embargo_until=day))


def _parts(level: str) -> Hidden:
    """A public study of which every part is hidden that can be, with figures of recruitment."""
    study = _published(group_visibility=dict.fromkeys([name for name in GROUPS if name != "access"], level))
    RecruitmentCount.objects.create(site=study.sites.get(), on="2026-01-01", screened=77_123, included=66_123)
    words = tuple(word for group in WORDS.values() for word in group)
    first = tuple(group[0] for group in WORDS.values())
    return Hidden(study.number, words, FACETS, known=True, asked_for=first)


def parts_for_the_team() -> Hidden:
    return _parts("team")


def parts_for_members() -> Hidden:
    found = _parts("members")
    found.words = tuple(word for word in found.words if word not in WORDS["governance"])
    return found


def waiting_change() -> Hidden:
    """What an editor proposes for a published study."""
    study = _published(public_title_nl="Zichtbare naam", public_title_en="Zichtbare naam")
    editor = study.access.get().person
    saving.save(
        study=study, actor=editor, base_version=1, values={"public_title_nl": "Turkooisplan", "acronym": "OPAALACRO"}
    )
    return Hidden(study.number, ("Turkooisplan", "OPAALACRO"), known=True)


def before_publication() -> Hidden:
    """What stood in the draft, before anybody else could read it."""
    study = _draft(public_title_nl="Turkooisplan", acronym="OPAALACRO")
    editor = study.access.get().person
    saving.save(study=study, actor=editor, base_version=1, values={"public_title_nl": "Naam", "acronym": "NAAM"})
    publishing.publish(study=studies.reviewed(study), actor=None)
    return Hidden(study.number, ("Turkooisplan", "OPAALACRO"), known=True)


@contextmanager
def without_rules() -> Iterator[None]:
    """Studies without the rules of who may know of them and of their parts."""
    everything = lambda self, on=None: self.all()  # noqa: E731
    with ExitStack() as open_:
        open_.enter_context(patch.dict(permissions._STRICTNESS, dict.fromkeys(permissions._STRICTNESS, 0)))
        open_.enter_context(patch.object(StudyQuerySet, "public", everything))
        open_.enter_context(patch("research.studies.search_source.whole_needs", lambda _study: "public"))
        kept = rules.permissions.permissions["studies.see"]
        open_.callback(rules.set_perm, "studies.see", kept)
        rules.set_perm("studies.see", rules.always_true)
        yield


@dataclass
class Case:
    """`make` makes it and `viewers` may not see it; without rules it shows in `everywhere`."""

    make: Callable[[], Hidden]
    viewers: tuple[str, ...] = VIEWERS
    everywhere: tuple[str, ...] = field(default=())


LIST = (
    "{list}",
    "{list}?q=",
    "{csv}?q=",
    "/api/v1/studies/",
    "/api/v1/search/",
    "/api/v1/suggest/?q=",
    "/sitemap.xml",
    "/id/",
    "linked data",
)
PARTS = ("{csv}", "{list}?q=", "/api/v1/search/", "linked data")
CASES = {
    "draft": Case(draft, (*VIEWERS, "other hospital"), LIST),
    "study under review": Case(under_review, everywhere=LIST),
    "study that was taken offline": Case(taken_offline, everywhere=LIST),
    "study for its team": Case(for_its_team, everywhere=LIST),
    "study for members": Case(for_members, (*OUTSIDE, "other hospital"), LIST),
    "study under embargo": Case(embargoed, OUTSIDE, LIST),
    "parts for the team": Case(parts_for_the_team, everywhere=PARTS),
    "parts for members": Case(parts_for_members, OUTSIDE, PARTS),
    "change that waits": Case(waiting_change),
    "words before publication": Case(before_publication),
}
TABLE = [pytest.param(case, viewer, id=f"{name}, {viewer}") for name, case in CASES.items() for viewer in case.viewers]
TWINS = [pytest.param(case, id=name) for name, case in CASES.items() if case.everywhere]


@pytest.fixture(autouse=True)
def house(index):
    """What everybody may see, beside the hidden study."""
    mst = f.organisation("mst")
    title = {"public_title_nl": "Zichtbaar onderzoek", "public_title_en": "Zichtbaar visible"}
    studies.published(mst, editor=studies.researcher(mst), acronym="ZIENLIJK", **title)


def client_of(viewer: str) -> Client:
    client = Client()
    if viewer != "nobody":
        mst, zgt = f.organisation("mst"), f.organisation("zgt")
        make = {"other hospital": lambda: f.member(zgt), "other bureau": lambda: studies.bureau(zgt)}
        person = make.get(viewer, lambda: f.member(mst))()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _missed(wanted: tuple[str, ...], addresses: set[str]) -> list[str]:
    """The places with which none of the addresses begins."""
    wanted = [place.format(**places()) for place in wanted]
    return [place for place in wanted if not any(address.startswith(place) for address in addresses)]


@pytest.mark.parametrize(("case", "viewer"), TABLE)
def test_it_shows_nowhere(case, viewer):
    client, hidden = client_of(viewer), case.make()
    facade.rebuild()
    assert traces(client, hidden) == set()


@pytest.mark.parametrize("case", TWINS)
def test_the_probe_sees_what_has_no_rule(case):
    """The twin: the same study, its rules taken away; every word shows, and it shows in every place."""
    client, hidden = client_of("nobody"), case.make()
    with without_rules():
        facade.rebuild()
        found = traces(client, hidden)
    addresses = {address for address, _word in found}
    assert _missed(case.everywhere, addresses) == []
    assert set(hidden.words) - {word for _address, word in found} == set()


def test_a_waiting_change_is_seen_once_it_is_published():
    client, hidden = client_of("nobody"), waiting_change()
    publishing.publish_changes(study=Study.objects.get(number=hidden.number), actor=None)
    facade.rebuild()
    assert {word for _address, word in traces(client, hidden)} == set(hidden.words)


@pytest.mark.parametrize("make", [draft, under_review, for_its_team, embargoed])
def test_counts_and_facets_do_not_move(make):
    """Nothing that everybody can ask for differs by a hidden study, not even a number."""
    client = client_of("other bureau")
    facade.rebuild()
    before = answers(client)
    number = make().number
    facade.rebuild()
    assert {address for address, text in answers(client).items() if text != before[address]} == set()
    Study.objects.filter(number=number).update(publication_state="published", visibility="public")
    facade.rebuild()
    moved = {address for address, text in answers(client).items() if text != before[address]}
    assert moved >= {"/sitemap.xml", "/api/v1/studies/", "/api/v1/search/?type=study"}


def test_a_hidden_part_answers_no_question_about_it():
    """The study is found by none of the words and values of its hidden parts."""
    client, hidden = client_of("nobody"), parts_for_the_team()
    facade.rebuild()
    asks = [f"q={quote(word)}" for word in hidden.words] + [f"{name}={value}" for name, value in hidden.facets.items()]
    assert [ask for ask in asks if hidden.number in _found_by(client, ask)] == []
    with without_rules():
        facade.rebuild()
        blind = [ask for ask in asks if hidden.number not in _found_by(client, ask)]
    # What the search does not look into, hidden or not; the record has them, and the probe looks for them in its files.
    unsearched = ("Leisteenweken", "Serpentijnpatiënten", "rhyoliet@example.nl", "Kalksteendeling")
    assert {*blind} - {f"q={quote(word)}" for word in (*unsearched, *WORDS["governance"], "Zwavelplan")} == set()


def _found_by(client: Client, query: str) -> list[str]:
    """Numbers of studies that a search gives as asked, not as what else there is."""
    said = client.get(f"/api/v1/search/?type=study&{query}").json()
    return [] if said["relaxed"] else [result["number"] for result in said["results"]]


def test_an_embargo_ends_everywhere_on_its_day():
    client, hidden = client_of("nobody"), embargoed()
    facade.rebuild()
    with clock.at(clock.start_of(clock.today() + timedelta(days=3))):
        requeue_due()
        drain()
        found = {address for address, _word in traces(client, hidden)}
    assert _missed(LIST, found) == []


def test_every_page_of_a_study_is_asked_for():
    """New addresses of studies have to be added to the probe."""
    from research.studies.urls import urlpatterns

    named = {entry.name for entry in urlpatterns[0].url_patterns if "number" in entry.pattern.converters}
    with_more = {"download", "review", "step", "document", "meet"}
    assert named - set(PAGES) - with_more == set()
