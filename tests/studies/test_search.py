"""Who finds a study by what: every kind of person, every visibility of record and parts, before and after an embargo.

The oracle asks the permissions about the person; the search knows only tokens.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils.translation import override

from academy.accounts.models import Role
from academy.core import clock
from academy.strategy.models import Programme
from academy.taxonomy.models import CareDomain, Specialty
from research.studies import permissions
from research.studies.findable import FACET_GROUPS, PARTS, in_part
from research.studies.models import Access, Contributor, Identifier, Output, Party, Site, Study
from research.studies.search_source import MOST_CONDITIONS, cards, document, studies_with_words
from research.studies.services import inviting, publishing, saving
from research.studies.states import PublicationState
from search import engines, facade, outbox, registry
from search.contract import SearchQuery, Viewer
from search.drain import requeue_due
from search.models import SearchOutbox
from tests.factories import people, studies

pytestmark = pytest.mark.django_db

PUBLIC, MEMBERS, TEAM = "public", "members", "team"
LEVELS = (None, PUBLIC, MEMBERS, TEAM)

#: One word of each group that nothing else has.
WORDS = {
    "identity": "Kwartsvraag",
    "population": "Malachietziekte",
    "people": "Obsidiaan",
    "identifiers": "NCT08154711",
    "sites": "Dolomietstad",
    "sponsors": "Andesietfonds",
    "recruitment": "Granietgrond",
    "outcomes": "Basaltmeting",
    "results": "Leisteenverslag",
    "governance": "Porfierlab",
}
MORE_WORDS = {
    "identity": ("Kwartskort", "KWARTSACR", "Kwartswoord", "Kwartswetenschap", "Kwartstekst", "Kwartszorg"),
    "population": ("Malachietpil", "M4711"),
    "people": ("Obsidiaanhuis", "0000-0002-1825-0097"),
    "identifiers": ("08154711", "NL54711.044.26", "54711.044", "54711"),
    "sponsors": ("GRANT-4711",),
    "results": ("Leisteenartikel", "10.5555/leisteen"),
}
FACETS = {
    "status": {"SUSPENDED"},
    "study_type": {"INTERVENTIONAL"},
    "phase": {"PHASE2", "PHASE3"},
    "regime": {"wmo"},
    "condition": {"malachite disease"},
    "year": {"2019"},
    "organisation": {"mst", "zgt"},
    "specialty": {"mineralogy"},
    "care_domain": {"quarry"},
    "programme": {"stones"},
    "language": {"nl"},
}


@pytest.fixture(params=["memory", "tantivy"])
def index(request, settings, tmp_path):
    """Both engines in turn, empty, behind the facade."""
    settings.DATA_DIR = tmp_path
    if request.param == "memory":
        settings.SEARCH_URL = "memory://"
    engines._engine.cache_clear()
    yield
    engines._engine.cache_clear()


def row(**parts):
    return {"code_system": "", "code": "", "name_nl": "", "name_en": "", **parts}


def outcome(measure):
    return {"measure_nl": measure, "measure_en": "", "time_frame_nl": "", "time_frame_en": ""}


def whole(mst, zgt) -> dict:
    """A record with a word of its own in each group, and a value in each facet."""
    CareDomain.objects.create(key="quarry", name_nl="Kwartszorg")
    Specialty.objects.create(key="mineralogy", name_nl="Mineralogie")
    Programme.objects.create(key="stones", number="P-77", title_nl="Stenen", type="stones")
    found = studies.values(mst, zgt)
    investigator = {**found["contributors"][0], "affiliation": "Obsidiaanhuis", "orcid": "0000-0002-1825-0097"}
    return found | {
        "public_title_nl": "Kwartsvraag",
        "public_title_en": "",
        "scientific_title_nl": "Kwartswetenschap",
        "scientific_title_en": "",
        "summary_nl": "Kwartskort",
        "summary_en": "",
        "description_nl": "Kwartstekst",
        "acronym": "KWARTSACR",
        "keywords": ["Kwartswoord"],
        "specialty": "mineralogy",
        "care_domain": "quarry",
        "programmes": ["stones"],
        "identifiers": [
            {"authority": "clinicaltrials_gov", "number": "NCT08154711"},
            {"authority": "abr", "number": "NL54711.044.26"},
        ],
        "phases": ["PHASE2", "PHASE3"],
        "conditions": [row(code="M4711", name_nl="Malachietziekte", name_en="Malachite  disease")],
        "interventions": [{"type": "DRUG", "name_nl": "Malachietpil", "name_en": ""}],
        "contributors": [{**investigator, "name": "O. Obsidiaan"}],
        "funders": [{"organisation": "", "name": "Andesietfonds", "ror": "", "grant_number": "GRANT-4711",
                     "amount_eur": "4711.00"}],
        "primary_outcomes": [outcome("Basaltmeting")],
        "recruitment_status": "SUSPENDED",
        "why_stopped_nl": "Granietgrond",
        "first_enrolment": "2019-03",
        "results_summary_nl": "Leisteenverslag",
        "outputs": [{"type": "article", "title_nl": "Leisteenartikel", "title_en": "", "doi": "10.5555/leisteen",
                     "url": "", "published": "2020"}],
        "contracts": [{"kind": "other", "parties": ["Porfierlab"], "state": "draft", "on": None}],
    }  # fmt: skip


@pytest.fixture
def cast():
    """A study at mst (leading) and zgt, somebody of every kind by name, and two studies that everybody finds."""
    mst, zgt, other = (people.organisation(key) for key in ("mst", "zgt", "umc"))
    type(zgt).objects.filter(pk=zgt.pk).update(name_nl="Ziekenhuis Dolomietstad")
    editor = studies.researcher(mst)
    record = saving.register(actor=editor, values=whole(mst, zgt))
    studies.published(mst, public_title_nl="Zichtbare studie", conditions=[row(name_en="Gout")])
    studies.published(other, public_title_nl="Nog een zichtbare studie", specialty="", phases=[])
    return record, {
        "stranger": AnonymousUser(),
        "bureau elsewhere": studies.bureau(other),
        "member of a site": people.member(zgt),
        "viewer": studies.viewer(record),
        "editor": editor,
        "bureau of a site": studies.bureau(zgt),
        "auditor": people.member(other, role=Role.AUDITOR),
    }


def settle(record, state, visibility, parts, embargo=None) -> Study:
    """Bring the study into this state, and the index up to date."""
    chosen = {group: level for group, level in parts.items() if level}
    Study.objects.filter(pk=record.pk).update(
        publication_state=state, visibility=visibility, group_visibility=chosen, embargo_until=embargo
    )
    facade.requeue("study", Study.objects.values_list("pk", flat=True))
    facade.drain()
    return Study.objects.get(pk=record.pk)


def found(text, person, **more) -> set[int]:
    """Primary keys of the studies that the person finds."""
    query = SearchQuery(text=text, types=("study",), highlight=False, **more)
    return {int(hit.pk) for hit in facade.search(query, facade.viewer_for(person)).hits}


def words_of(group) -> tuple[str, ...]:
    return (WORDS[group], *MORE_WORDS.get(group, ()))


def expected_words(study, person) -> set[str]:
    """The oracle: by the permissions of the person, not by tokens."""
    if not permissions.may_know(person, study):
        return set()
    groups = permissions.groups_for(study, permissions.level_of(person, study))
    known = groups if study.publication_state == PublicationState.PUBLISHED else set(PARTS)
    return {word for group in WORDS if group in known for word in words_of(group)}


def expected_facets(study, person) -> dict[str, set[str]]:
    """Values of parts that are hidden from some of those who know of the study are in no facet."""
    if not permissions.may_know(person, study):
        return {name: set() for name in FACETS}
    needed = permissions.group_needs(study)
    published = study.publication_state == PublicationState.PUBLISHED
    lowest = permissions.visibility_now(study)
    hidden = {name for name, group in FACET_GROUPS.items() if published and needed[group] != lowest}
    return {name: set() if name in hidden else values for name, values in FACETS.items()}


def facets_of(person, text="") -> dict[str, dict[str, int]]:
    query = SearchQuery(text=text, types=("study",), facets=tuple(FACETS), size=0)
    answer = facade.search(query, facade.viewer_for(person))
    return {name: {entry.value: entry.count for entry in answer.facets[name]} for name in FACETS}


def check_everything(study, everybody) -> None:
    """Words, numbers, facet values and counts, filters, cards, suggestions: as the oracle says, for everybody."""
    every = {word for group in WORDS for word in words_of(group)}
    docs = {row: document(row) for row in studies_with_words().exclude(pk=study.pk)}
    for name, person in everybody.items():
        viewer = facade.viewer_for(person)
        known = {row for row in (*docs, study) if permissions.may_know(person, row)}
        others = [docs[row].facets for row in known - {study}]
        offered = expected_facets(study, person)
        assert {word for word in every if study.pk in found(word, person)} == expected_words(study, person), name
        assert found("", person) == set(cards([row.pk for row in (*docs, study)], viewer, "nl")), name
        assert found("", person) == {row.pk for row in known}, name
        every_facet = [*others, offered]
        assert facets_of(person) == {
            facet: Counter(value for facets in every_facet for value in facets[facet]) for facet in FACETS
        }, name
        for facet, values in offered.items():
            chosen = found("", person, filters={facet: tuple(FACETS[facet])})
            assert (study.pk in chosen) == bool(values), (name, facet)
        check_suggestions(study, person)


def check_suggestions(study, person) -> None:
    """The number suggests the study to who may know it; its title only where nobody who knows it misses the title."""
    knows = permissions.may_know(person, study)
    published = study.publication_state == PublicationState.PUBLISHED
    titled = permissions.group_needs(study)["identity"] == permissions.visibility_now(study) or not published
    assert suggests(study.number, person, study) == knows
    assert suggests("Kwartsvr", person, study) == suggests("kwartsac", person, study) == (knows and titled)


def suggests(typed, person, study) -> bool:
    return f"study:{study.pk}" in {entry.id for entry in facade.suggest(typed, facade.viewer_for(person))}


@pytest.mark.parametrize(
    ("index", "visibility", "offset"),
    [
        *(("memory", visibility, offset) for visibility in (PUBLIC, MEMBERS, TEAM) for offset in range(4)),
        *(("tantivy", visibility, offset) for offset, visibility in enumerate((PUBLIC, MEMBERS, TEAM))),
    ],
    indirect=["index"],
)
def test_everybody_finds_what_they_may_see_and_nothing_else(index, cast, visibility, offset):
    record, everybody = cast
    facade.rebuild()
    parts = {group: LEVELS[(place + offset) % 4] for place, group in enumerate(PARTS)}
    day = clock.today() + timedelta(days=10)
    study = settle(record, PublicationState.PUBLISHED, visibility, parts, embargo=day)
    check_everything(study, everybody)
    with clock.at(clock.start_of(day) - timedelta(seconds=1)):
        assert requeue_due() == 0
    with clock.at(clock.start_of(day)):
        assert requeue_due() == 1
        facade.drain()
        check_everything(Study.objects.get(pk=record.pk), everybody)


@pytest.mark.parametrize("state", [PublicationState.DRAFT, PublicationState.IN_REVIEW, PublicationState.WITHDRAWN])
def test_what_is_not_published_is_found_by_those_near_it_only(index, cast, state):
    record, everybody = cast
    facade.rebuild()
    check_everything(settle(record, state, PUBLIC, {"people": TEAM, "identity": MEMBERS}), everybody)


def test_the_words_of_a_draft_are_nowhere_for_others(index, cast):
    """A blind oracle: what is typed, half typed or typed wrong, and what is chosen, tells nothing of the draft."""
    record, everybody = cast
    facade.rebuild()
    for person in (everybody["stranger"], everybody["member of a site"], everybody["bureau elsewhere"]):
        viewer = facade.viewer_for(person)
        before = facets_of(person)
        for word in (record.number, *(word for group in WORDS for word in words_of(group))):
            for typed in (word, word[:-1] + "x", f"zichtbare {word}"):
                answer = facade.search(SearchQuery(text=typed, facets=tuple(FACETS)), viewer)
                assert f"study:{record.pk}" not in {hit.id for hit in answer.hits}
                assert word.lower() not in answer.did_you_mean.lower()
            assert not suggests(word[:-2], person, record)
        assert facade.similar(f"study:{record.pk}", viewer) == []
        hidden = {value for facet in ("condition", "specialty", "phase", "year") for value in FACETS[facet]}
        assert not hidden & {value for values in before.values() for value in values}


def test_the_twin_that_forgets_the_tokens_is_found_out(index, cast, monkeypatch):
    record, everybody = cast
    monkeypatch.setattr("research.studies.search_source.acl_of", lambda study, level: frozenset({"public"}))
    facade.rebuild()
    with pytest.raises(AssertionError):
        check_everything(record, everybody)


def test_similar_studies_are_visible_ones(index, cast, quiet):
    record, everybody = cast
    twin = studies.published(public_title_nl="Kwartsvraag", summary_nl="Kwartskort")
    quiet()
    facade.rebuild()
    at = f"study:{twin.pk}"
    assert facade.similar(at, facade.viewer_for(everybody["stranger"])) == []
    assert [hit.pk for hit in facade.similar(at, facade.viewer_for(everybody["editor"]))] == [str(record.pk)]


def test_marked_words_and_hits_hold_only_what_everybody_sees(index, cast):
    record, everybody = cast
    facade.rebuild()
    settle(record, PublicationState.PUBLISHED, PUBLIC, {"population": TEAM, "identity": TEAM})
    for word in ("Malachietziekte", "Kwartsvraag"):
        answer = facade.search(SearchQuery(text=word), facade.viewer_for(everybody["editor"]))
        assert [hit.title for hit in answer.hits] == [record.number]
        assert not any("alachiet" in text or "warts" in text for text in answer.hits[0].highlights.values())
        assert answer.hits[0].summary == ""


@pytest.mark.parametrize(
    ("number", "forms"),
    [
        ("NCT01234567", ["NCT01234567", "01234567"]),
        ("NL12345.044.26", ["NL12345.044.26", "12345.044.26"]),
        ("2023-501234-12-00", ["2023-501234-12-00"]),
        ("https://raid.org/10.1/ab2", ["raid.org/10.1/ab2", "raid.org/10.1/ 2"]),
    ],
)
def test_numbers_in_part(number, forms):
    assert list(in_part(number)) == forms


# What the index is told -----------------------------------------------------------------------------------------------


@pytest.fixture
def quiet():
    """No rows in the outbox but those of the test."""

    def start() -> None:
        SearchOutbox.objects.all().delete()
        outbox.forget()

    return start


def queued() -> list[str]:
    return list(SearchOutbox.objects.filter(type="study").values_list("record", flat=True))


def test_a_service_queues_its_study_once(cast, quiet):
    record, everybody = cast
    quiet()
    saving.save(study=record, actor=everybody["editor"], base_version=record.version, values=MUCH)
    assert queued() == [str(record.pk)]
    reviewed = studies.reviewed(studies.study(people.organisation("mst")))
    quiet()
    publishing.publish(study=reviewed, actor=studies.bureau(people.organisation("mst")))
    assert queued() == [str(reviewed.pk)]


MUCH = {
    "public_title_nl": "Anders",
    "identifiers": [],
    "contributors": [],
    "outputs": [],
    "programmes": [],
    "funders": [],
    "secondary_sponsors": [{"organisation": "umc", "name": "", "ror": ""}],
}


@pytest.mark.parametrize(
    "change",
    [
        lambda record: Access.objects.filter(study=record).first().save(),
        lambda record: Access.objects.filter(study=record).delete(),
        lambda record: Site.objects.filter(study=record).first().save(),
        lambda record: Identifier.objects.filter(study=record).delete(),
        lambda record: Party.objects.filter(study=record).first().save(),
        lambda record: Contributor.objects.filter(study=record).first().save(),
        lambda record: Output.objects.filter(study=record).first().save(),
        lambda record: record.specialty.save(),
        lambda record: record.care_domain.save(),
        lambda record: record.programmes.get().save(),
        lambda record: record.programmes.clear(),
        lambda record: Programme.objects.first().studies.set([]),
        lambda record: record.sites.first().organisation.save(),
        lambda record: record.parties.get(kind="primary_sponsor").organisation.save(),
        lambda record: publishing.transfer(study=record, actor=None, to=people.organisation("zgt")),
    ],
)
def test_what_a_study_is_found_by_queues_it(cast, quiet, change):
    record, _everybody = cast
    fresh = Study.objects.get(pk=record.pk)
    quiet()
    change(fresh)
    assert queued().count(str(record.pk)) == 1


def test_a_person_who_is_renamed_takes_their_studies_along_and_one_who_logs_in_does_not(cast, quiet):
    record, everybody = cast
    person = everybody["editor"]
    Contributor.objects.filter(study=record).update(person=person)
    quiet()
    person.save(update_fields=["last_login"])
    assert queued() == []
    person.family_name = "Anders"
    person.save(update_fields=["family_name"])
    assert queued() == [str(record.pk)]
    assert document(studies_with_words().get(pk=record.pk)).people[0].endswith("Anders")


def test_an_invitation_that_is_claimed_queues_its_study(cast, quiet):
    record, _everybody = cast
    Access.objects.create(study=record, email="later@example.org")
    quiet()
    inviting.claim_invitations(people.person(email="later@example.org"))
    assert queued() == [str(record.pk)]


def test_a_study_that_is_deleted_is_taken_out(index, cast):
    record, everybody = cast
    facade.rebuild()
    assert found("Kwartsvraag", everybody["editor"]) == {record.pk}
    record.delete()
    facade.drain()
    assert found("Kwartsvraag", everybody["editor"]) == set()


# Documents, cards and facets ------------------------------------------------------------------------------------------


def doc(study):
    return document(studies_with_words().get(pk=study.pk))


def test_a_document(cast):
    record, _everybody = cast
    found = doc(record)
    assert (found.title, found.summary, found.number) == ({"nl": "Kwartsvraag"}, {"nl": "Kwartskort"}, record.number)
    assert [(code, record.number in url) for code, url in found.url.items()] == [("nl", True), ("en", True)]
    assert found.internal == ()
    assert found.values == {"published": record.created_at}
    assert found.changes_at is None
    assert found.people == ("O. Obsidiaan",)
    assert "KWARTSACR" in found.identifiers
    assert {name: set(values) for name, values in found.facets.items()} == FACETS


def test_a_study_without_a_title_goes_by_its_short_title_or_number():
    nameless = {"public_title_nl": "", "public_title_en": "", "scientific_title_en": ""}
    assert doc(studies.study(**nameless)).title == {"nl": "HARTTHUIS", "en": "HARTTHUIS"}
    bare = studies.study(**nameless, acronym="")
    assert doc(bare).title == {"nl": bare.number, "en": bare.number}
    assert doc(bare).all_facets()["language"] == ()


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_documents_and_cards(django_assert_num_queries, rows):
    made = [studies.published(people.organisation(), people.organisation()) for _n in range(rows)]
    pks = [study.pk for study in made]
    with django_assert_num_queries(8):
        assert len([document(study) for study in studies_with_words().filter(pk__in=pks)]) == rows
    with django_assert_num_queries(3):
        assert len(cards(pks, Viewer.public(), "nl")) == rows


def test_a_card_says_what_the_viewer_may_see_now():
    mst, zgt = people.organisation("mst"), people.organisation("zgt")
    study = studies.published(mst, zgt)
    team = facade.viewer_for(studies.bureau(mst))

    def card(viewer):
        return cards([study.pk], viewer, "nl").get(study.pk)

    assert card(Viewer.public())["meta"] == ["HARTTHUIS", study.number, "MST, ZGT"]
    assert card(Viewer.public())["state"].tone == "neutral"
    Study.objects.update(group_visibility={"identity": TEAM, "sites": MEMBERS, "recruitment": TEAM})
    assert card(Viewer.public()) == {"meta": ["", study.number, ""], "state": None}
    assert card(team)["meta"] == ["HARTTHUIS", study.number, "MST, ZGT"]
    Study.objects.update(visibility=TEAM)
    assert card(Viewer.public()) is None
    Study.objects.update(publication_state=PublicationState.WITHDRAWN, visibility=PUBLIC)
    assert card(Viewer.public()) is None
    assert card(team)["state"].tone == "warning"


def labels(name, values, language):
    return {value: str(label) for value, label in registry.facet(name).labels(values, language).items()}


def test_conditions_are_one_list_in_both_languages():
    studies.published(conditions=[row(code="I50", code_system="ICD-10", name_nl="hartfalen", name_en="heart failure")])
    studies.published(conditions=[row(name_en="Heart  Failure"), row(name_en="COPD"), row(name_nl="Jicht")])
    studies.study(conditions=[row(name_nl="geheim woord", name_en="copd")])
    hidden = studies.published(conditions=[row(name_nl="verborgen woord", name_en="jicht")])
    Study.objects.filter(pk=hidden.pk).update(group_visibility={"population": MEMBERS})
    values = ("heart failure", "copd", "jicht", "icd-10 x1")
    assert labels("condition", values, "nl") == {
        "heart failure": "Hartfalen",
        "copd": "Copd",
        "jicht": "Jicht",
        "icd-10 x1": "Icd-10 x1",
    }
    assert labels("condition", values[:1], "en") == {"heart failure": "Heart failure"}


def test_facets_of_studies_are_offered_for_studies_only():
    of_studies = {spec.name for spec in registry.facets_for(("study",))}
    assert {*FACETS, "type"} == of_studies
    assert not {"status", "phase", "year"} & {spec.name for spec in registry.facets_for(("course",))}
    assert labels("status", ["RECRUITING"], "en") == {"RECRUITING": "Looking for participants"}
    assert labels("regime", ["nwmo"], "en") == {"nwmo": "Not under the WMO"}
    with override("nl"):
        assert labels("phase", ["PHASE1"], "en") == {"PHASE1": "Phase 1"}


def test_the_newest_come_first(index):
    first, second = studies.published(), studies.published()
    Study.objects.filter(pk=first.pk).update(published_at=clock.now() - timedelta(days=1))
    facade.rebuild()
    answer = facade.search(SearchQuery(types=("study",), sort=registry.sort("newest").value), Viewer.public())
    assert [hit.pk for hit in answer.hits] == [str(second.pk), str(first.pk)]


def test_of_many_conditions_pages_offer_the_usual_ones_and_the_chosen(index):
    names = [row(name_en=f"Rare {n:03d}") for n in range(MOST_CONDITIONS + 5)]
    usual = row(name_en="Gout")
    for conditions in ([usual], [usual, *names]):
        studies.published(conditions=conditions)
    facade.rebuild()
    asked = QueryDict("condition=rare 064")
    page = facade.listing(asked, viewer=Viewer.public(), language="en", path="", types=("study",))
    (group,) = [group for group in page.groups if group.name == "condition"]
    offered = [choice.value for choice in group.choices]
    assert offered == ["gout", *(f"rare {n:03d}" for n in range(MOST_CONDITIONS - 1)), "rare 064"]
    assert [choice.value for choice in group.choices if choice.selected] == ["rare 064"]
