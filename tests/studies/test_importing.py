"""Importing studies: found by their numbers, compared three ways, written in bulk; nobody's edit is overwritten."""

import copy
import io
import json
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from academy.core import clock
from academy.core.imports import jobs
from academy.core.imports.contract import Answer, Context, Outcome, Raw
from academy.core.imports.models import ImportRow
from academy.core.imports.run import import_file
from academy.core.models import Event
from research.studies import importing
from research.studies import record as records
from research.studies.importing import OptionsForm, StudyImporter
from research.studies.models import ImportedRecord, Review, Study
from research.studies.selectors import revisions_of
from research.studies.services import matching, saving
from search import facade
from search.models import SearchOutbox
from tests.factories import people, studies

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent / "data" / "clinicaltrials_gov"
NUMBERS = sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


@pytest.fixture
def mst():
    return people.organisation("mst", name_nl="Medisch Spectrum Twente", ror="033xvax87", city="Enschede")


@pytest.fixture
def zgt():
    return people.organisation("zgt", name_nl="Ziekenhuisgroep Twente", ror="04grrp271", city="Almelo")


@pytest.fixture
def bureau(mst):
    return Context(actor=studies.bureau(mst), options={"organisation": "mst", "publish": True})


def real(number="NCT03630471", **modules):
    raw = json.loads((FOLDER / f"{number}.json").read_text(encoding="utf-8"))
    for name, change in modules.items():
        raw["protocolSection"].setdefault(name, {}).update(change)
    return raw


def varied(count):
    """So many records, each with a number of its own."""
    made = [copy.deepcopy(real(NUMBERS[place % len(NUMBERS)])) for place in range(count)]
    for place, raw in enumerate(made):
        raw["protocolSection"]["identificationModule"] |= {"nctId": f"NCT9{place:07d}", "orgStudyIdInfo": {}}
    return made


def raws(*records):
    return [Raw(f"record {place}", raw) for place, raw in enumerate(records, 1)]


def plan(bureau, *records):
    return StudyImporter().plan(raws(*records), bureau)


def apply(bureau, *records):
    return StudyImporter().apply(raws(*records), bureau)


def the_study(**lookup):
    return records.with_everything(Study.objects.all()).get(**lookup)


def count_of_everything():
    return (
        [revisions_of(study).count() for study in Study.objects.order_by("pk")],
        Event.objects.count(),
        SearchOutbox.objects.count(),
        list(Study.objects.values_list("version", "changed_at")),
    )


# New studies


def test_dry_run_writes_nothing(bureau):
    with CaptureQueriesContext(connection) as captured:
        found = plan(bureau, *(real(number) for number in NUMBERS))
    assert [(one.outcome, one.key, one.number) for one in found] == [(Outcome.NEW, number, "") for number in NUMBERS]
    assert found[4].title.startswith("Effectiveness of a Problem-solving Intervention")
    assert {query["sql"].split()[0] for query in captured} == {"SELECT"}
    assert not Study.objects.exists()


def test_new_studies_are_published_by_the_hospital_that_was_chosen(bureau, mst):
    found = apply(bureau, *(real(number) for number in NUMBERS))
    year = clock.today().year
    assert [one.number for one in found] == [f"S-{year}-{place:04d}" for place in range(1, 7)]
    study = the_study(number=found[4].number)
    assert (study.publication_state, study.version, study.created_by) == ("published", 1, bureau.actor)
    assert study.published_at is not None
    assert [(site.organisation, site.leading) for site in study.sites.all()] == [(mst, True)]
    assert study in Study.objects.public()
    assert not Review.objects.exists()
    (event,) = Event.objects.filter(object_type="studies.study", object_id=str(study.pk))
    assert (event.verb, event.to_state, event.data) == (
        "import",
        "published",
        {"source": "clinicaltrials_gov", "key": "NCT03630471"},
    )
    queued = SearchOutbox.objects.filter(type="study").values_list("record", flat=True)
    assert sorted(queued) == sorted(str(pk) for pk in Study.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("number", NUMBERS)
def test_what_was_written_is_what_the_first_version_says(bureau, number):
    apply(bureau, real(number))
    study = the_study()
    (revision,) = revisions_of(study)
    assert revision.content == {
        "version": 1,
        "record": records.read(study),
        "proposed": {},
        "reason": "",
        "source": "clinicaltrials_gov",
    }
    assert revision.user == bureau.actor


def test_the_form_reads_an_imported_record_as_if_it_had_been_typed(bureau):
    """Saving everything again as it stands changes nothing."""
    apply(bureau, real())
    study = the_study()
    editor = studies.researcher()
    study.access.create(person=editor, email=editor.email, level="editor")
    saved = saving.save(study=study, actor=editor, base_version=1, values=records.read(study))
    assert saved.changed == ()


def test_a_draft_has_a_review_to_submit(bureau, mst):
    apply(Context(actor=bureau.actor, options={"organisation": "mst", "publish": False}), real())
    study = the_study()
    assert (study.publication_state, study.published_at) == ("draft", None)
    assert [(review.state, review.kind) for review in Review.objects.all()] == [("draft", "main_review")]


def test_without_a_hospital_of_ours_it_is_refused(bureau):
    sponsor = {"leadSponsor": {"name": "Medisch Spectrum Twente"}}
    nobody = Context(actor=bureau.actor, options={"publish": True})
    found, named = plan(nobody, real(), real("NCT00973089", sponsorCollaboratorsModule=sponsor))
    assert (found.outcome, found.key) == (Outcome.REFUSED, "NCT03630471")
    assert found.reason == "No hospital of ours is named in it. Choose the hospital that leads it."
    assert (named.outcome, named.notes) == (Outcome.NEW, ["MST leads this study: it is named in it."])


def test_our_organisations_are_recognised(bureau, mst, zgt):
    ut = people.organisation(
        "ut", name_nl="Universiteit Twente", name_en="University of Twente", kind="university", roles=["partner"]
    )
    apply(
        bureau,
        real(
            sponsorCollaboratorsModule={
                "leadSponsor": {"name": "Medisch Spectrum Twente (MST)"},
                "collaborators": [
                    {"name": "University of Twente"},
                    {"name": "Universiteit Twente"},
                    {"name": "Sanofi"},
                ],
            },
            contactsLocationsModule={
                "overallOfficials": [
                    {"name": "A", "role": "PRINCIPAL_INVESTIGATOR", "affiliation": "Cardiology, Ziekenhuisgroep Twente"}
                ],
                "locations": [
                    {"facility": "Radboudumc", "country": "Netherlands"},
                    {"facility": "ZGT Almelo", "country": "Netherlands"},
                    {"facility": "MST Trials Inc.", "country": "United States"},
                ],
            },
        ),
    )
    record = records.read(the_study())
    assert record["primary_sponsor"] == {"organisation": "mst", "name": "", "ror": ""}
    assert record["secondary_sponsors"] == [
        {"organisation": ut.key, "name": "", "ror": ""},
        {"organisation": "", "name": "Sanofi", "ror": ""},
    ]
    assert record["contributors"][0]["site"] == "zgt"
    assert [(row["organisation"], row["leading"]) for row in record["sites"]] == [("mst", True), ("zgt", False)]


def test_another_hospitals_study_stays_a_draft(bureau, zgt):
    sponsor = {"leadSponsor": {"name": "Ziekenhuisgroep Twente"}}
    (found,) = apply(bureau, real(sponsorCollaboratorsModule=sponsor))
    assert found.notes == ["ZGT leads this study, so it stays a draft until the science bureau there publishes it."]
    assert the_study().publication_state == "draft"


# Again


def test_importing_again_changes_nothing(bureau):
    whole = [real(number) for number in NUMBERS]
    apply(bureau, *whole)
    before = count_of_everything()
    found = apply(bureau, *whole)
    assert {one.outcome for one in found} == {Outcome.UNCHANGED}
    assert [one.number for one in found] == list(Study.objects.order_by("pk").values_list("number", flat=True))
    assert count_of_everything() == before


def test_what_the_registry_changed_is_written(bureau):
    apply(bureau, real())
    changed = real(statusModule={"overallStatus": "TERMINATED", "whyStopped": "No money"})
    (found,) = plan(bureau, changed)
    assert (found.outcome, found.questions) == (Outcome.CHANGED, {})
    assert found.changes == {
        "recruitment_status": ("COMPLETED", "TERMINATED"),
        "why_stopped_en": ("", "No money"),
    }
    apply(bureau, changed)
    study = the_study()
    assert (study.recruitment_status, study.why_stopped_en, study.version) == ("TERMINATED", "No money", 2)
    latest = revisions_of(study).first()
    assert (latest.content["version"], latest.content["record"]) == (2, records.read(study))
    assert apply(bureau, changed)[0].outcome == Outcome.UNCHANGED


def test_a_part_of_a_record_empties_nothing(bureau):
    apply(bureau, real("NCT03475563"))
    before = records.read(the_study())
    identification = real("NCT03475563")["protocolSection"]["identificationModule"]
    part = {"nctId": identification["nctId"], "briefTitle": "Another title"}
    (found,) = apply(bureau, {"protocolSection": {"identificationModule": part}})
    assert found.notes == ["This is a part of the record. What it does not say stays as it is here."]
    assert set(found.changes) == {"public_title_en"}
    assert records.read(the_study()) == before | {"public_title_en": "Another title"}
    (again,) = apply(bureau, real("NCT03475563"))
    assert set(again.changes) == {"public_title_en"}
    assert records.read(the_study()) == before


def edit(study, **values):
    """Somebody of the team changes the record here."""
    editor = studies.researcher()
    study.access.create(person=editor, email=editor.email, level="editor")
    study.refresh_from_db()
    return saving.save(study=study, actor=editor, base_version=study.version, values=values).study


def draft(bureau):
    return Context(actor=bureau.actor, options={"organisation": "mst", "publish": False})


def told(bureau, *, takes_source, **here):
    """The bureau was asked about these values of ours, and answered."""
    return bureau.answering({("NCT03630471", name): Answer(value, takes_source) for name, value in here.items()})


def test_an_edit_here_stays_while_the_registry_says_the_same(bureau):
    apply(draft(bureau), real())
    study = edit(the_study(), public_title_en="Our better title")
    before = count_of_everything()
    assert apply(bureau, real())[0].outcome == Outcome.UNCHANGED
    assert count_of_everything() == before
    assert the_study().public_title_en == "Our better title"
    assert study.version == 2


def test_what_both_changed_is_asked(bureau):
    apply(draft(bureau), real())
    edit(the_study(), public_title_en="Ours", acronym="OURS")
    theirs = real(identificationModule={"briefTitle": "Theirs"}, statusModule={"overallStatus": "UNKNOWN"})
    (found,) = plan(bureau, theirs)
    assert found.questions == {"public_title_en": ("Ours", "Theirs")}
    assert found.changes == {"recruitment_status": ("COMPLETED", "UNKNOWN")}
    apply(told(bureau, takes_source=False, public_title_en="Ours"), theirs)
    assert (the_study().public_title_en, the_study().acronym) == ("Ours", "OURS")
    assert the_study().recruitment_status == "UNKNOWN"
    # Ours stays. It is asked again when the registry changes it once more.
    assert plan(bureau, theirs)[0].questions == {}
    (again,) = plan(bureau, real(identificationModule={"briefTitle": "Theirs, again"}))
    assert again.questions == {"public_title_en": ("Ours", "Theirs, again")}


def test_the_registrys_value_is_taken_when_somebody_says_so(bureau):
    apply(draft(bureau), real())
    edit(the_study(), public_title_en="Ours")
    theirs = real(identificationModule={"briefTitle": "Theirs"})
    asked = told(bureau, takes_source=True, public_title_en="Ours")
    (found,) = plan(asked, theirs)
    assert (found.changes, found.questions) == ({"public_title_en": ("Ours", "Theirs")}, {})
    apply(asked, theirs)
    assert the_study().public_title_en == "Theirs"


def test_where_nobody_answers_the_question_stays_open(bureau):
    apply(draft(bureau), real())
    edit(the_study(), public_title_en="Ours")
    theirs = real(identificationModule={"briefTitle": "Theirs"})
    for _turn in range(2):
        (found,) = apply(Context(), theirs)
        assert (found.outcome, found.questions) == (Outcome.UNCHANGED, {"public_title_en": ("Ours", "Theirs")})
    assert the_study().public_title_en == "Ours"
    assert plan(bureau, theirs)[0].questions == {"public_title_en": ("Ours", "Theirs")}


@pytest.mark.parametrize("takes_source", [True, False])
def test_what_was_edited_after_the_question_is_asked_anew(bureau, takes_source):
    apply(draft(bureau), real())
    edit(the_study(), public_title_en="Seen, then edited once more", acronym="EDITED")
    theirs = real(identificationModule={"briefTitle": "Theirs", "acronym": "THEIRS"})
    (found,) = apply(told(bureau, takes_source=takes_source, public_title_en="Seen"), theirs)
    assert found.outcome == Outcome.UNCHANGED
    assert the_study().public_title_en == "Seen, then edited once more"
    assert set(plan(bureau, theirs)[0].questions) == {"public_title_en", "acronym"}


def test_numbers_and_articles_are_put_together(bureau):
    apply(draft(bureau), real("NCT03475563"))
    study = the_study()
    ours = records.read(study)
    article = ours["outputs"][0] | {"title_nl": "Vertaald"}
    edit(
        study,
        identifiers=[*ours["identifiers"][:1], {"authority": "metc", "number": "K24-01"}],  # the sponsor's is taken out
        outputs=[article, *ours["outputs"][1:], ours["outputs"][0] | {"doi": "", "url": "", "title_en": "Ours"}],
    )
    theirs = real(
        "NCT03475563",
        identificationModule={"secondaryIdInfos": [{"id": "2010-020562-12", "type": "EUDRACT_NUMBER"}]},
    )
    references = theirs["protocolSection"]["referencesModule"]["references"]
    references.append({"type": "RESULT", "pmid": "1", "citation": "A B. New. J Test. 2021."})
    references.remove(next(row for row in references if row.get("pmid") == "25689548"))
    (found,) = apply(bureau, theirs)
    assert (set(found.changes), found.questions) == ({"identifiers", "outputs"}, {})
    record = records.read(the_study())
    assert [row["number"] for row in record["identifiers"]] == ["NCT03475563", "K24-01", "2010-020562-12"]
    assert [row["title_en"][:5] for row in record["outputs"]] == ["Regul", "Long-", "Ours", "New"]
    assert record["outputs"][0]["title_nl"] == "Vertaald"


def test_what_an_editor_proposed_for_a_published_study_is_an_edit(bureau):
    apply(bureau, real())
    study = edit(the_study(), public_title_en="Proposed", acronym="NEW")
    assert set(study.proposed) == {"public_title_en", "acronym"}
    theirs = real(identificationModule={"briefTitle": "Theirs"})
    assert plan(bureau, theirs)[0].questions == {"public_title_en": ("Proposed", "Theirs")}
    apply(told(bureau, takes_source=True, public_title_en="Proposed"), theirs)
    study = the_study()
    assert (study.public_title_en, study.proposed) == ("Theirs", {"acronym": "NEW"})
    latest = revisions_of(study).first().content
    assert (latest["record"], latest["proposed"]) == (records.current(study), {"acronym": "PRIDE"})


def test_a_kind_of_number_that_the_registry_no_longer_gives_stays(bureau):
    estimated = real(designModule={"enrollmentInfo": {"count": 300, "type": "ESTIMATED"}})
    apply(bureau, estimated)
    apply(bureau, real())
    assert (the_study().sample_size_target, the_study().sample_size_actual) == (300, 250)
    assert apply(bureau, real())[0].outcome == Outcome.UNCHANGED


# Matching


def test_a_study_that_was_registered_here_is_found_by_its_number(bureau, mst):
    given = studies.values(mst, identifiers=[{"authority": "clinicaltrials_gov", "number": "nct 03630471"}])
    study = saving.register(actor=studies.researcher(mst), values=given)
    (found,) = plan(bureau, real())
    assert (found.outcome, found.number) == (Outcome.CHANGED, study.number)
    assert found.questions["public_title_en"][0] == given["public_title_en"]
    assert found.changes["keywords"] == ([], ["Adolescents"])
    apply(bureau, real())
    record = records.read(the_study())
    assert record["public_title_nl"] == given["public_title_nl"]
    assert [row["number"] for row in record["identifiers"]] == ["NCT03630471", "SANPRIDE_002"]
    assert Study.objects.count() == 1


def test_any_number_that_names_one_study_finds_it(bureau, mst):
    given = studies.values(mst, identifiers=[{"authority": "eudract", "number": "2010-020562-12"}])
    study = saving.register(actor=studies.researcher(mst), values=given)
    eudract = {"secondaryIdInfos": [{"id": "2010-020562-12", "type": "EUDRACT_NUMBER"}]}
    assert plan(bureau, real(identificationModule=eudract))[0].number == study.number
    # Once it has its number there, another record with that same number of Brussels is another study.
    apply(bureau, real(identificationModule=eudract))
    (found,) = plan(bureau, real("NCT00973089", identificationModule=eudract))
    assert found.outcome == Outcome.REFUSED
    assert found.reason == f"It shares a number with {study.number}, which is NCT03630471 at ClinicalTrials.gov."


def test_loose_numbers_match_nothing(bureau, mst):
    given = studies.values(mst, identifiers=[{"authority": "other", "number": "SANPRIDE_002"}])
    saving.register(actor=studies.researcher(mst), values=given)
    assert plan(bureau, real())[0].outcome == Outcome.NEW


def test_numbers_of_two_studies_are_refused_with_both(bureau, mst):
    made = [
        saving.register(actor=studies.researcher(mst), values=studies.values(mst, identifiers=[row])).number
        for row in (
            {"authority": "clinicaltrials_gov", "number": "NCT03630471"},
            {"authority": "isrctn", "number": "ISRCTN12345678"},
        )
    ]
    (found,) = plan(bureau, real(identificationModule={"secondaryIdInfos": [{"id": "ISRCTN12345678"}]}))
    assert found.outcome == Outcome.REFUSED
    assert (
        found.reason == f"Its numbers belong to several studies here: {', '.join(made)}. Correct their numbers first."
    )


def test_another_hospitals_draft_is_left_alone_and_nothing_of_it_told(bureau, zgt):
    numbers = [
        {"authority": "clinicaltrials_gov", "number": "NCT03630471"},
        {"authority": "isrctn", "number": "ISRCTN12345678"},
    ]
    saving.register(actor=studies.researcher(zgt), values=studies.values(zgt, identifiers=numbers))
    shares = real("NCT00973089", identificationModule={"secondaryIdInfos": [{"id": "ISRCTN12345678"}]})
    for found in (*plan(bureau, real(), shares), *apply(bureau, real(), shares)):
        assert found.outcome == Outcome.REFUSED
        assert found.reason == (
            "A study that you cannot see has its number: ask the science bureau of the other hospital."
        )
        assert found.number == ""


def test_another_hospitals_published_study_is_left_alone(bureau, zgt):
    number = {"authority": "clinicaltrials_gov", "number": "NCT03630471"}
    study = studies.published(zgt, identifiers=[number])
    (found,) = apply(bureau, real())
    assert found.reason == f"{study.number} is led by another hospital: the science bureau there imports it."
    assert the_study().version == study.version


def test_what_was_taken_offline_stays_so(bureau):
    apply(bureau, real())
    Study.objects.update(publication_state="withdrawn")
    (found,) = apply(bureau, real())
    assert (found.outcome, found.reason) == (Outcome.REFUSED, f"{the_study().number} was taken offline here.")


def test_two_records_of_one_file_that_share_a_number(bureau):
    eudract = {"secondaryIdInfos": [{"id": "2010-020562-12"}]}
    first, second = apply(bureau, real(identificationModule=eudract), real("NCT00973089", identificationModule=eudract))
    assert first.outcome == Outcome.NEW
    assert second.reason == "It shares a number with NCT03630471 in the same file: are they one study?"


def test_two_records_that_share_a_number_with_a_study_here(bureau, mst):
    eudract = {"secondaryIdInfos": [{"id": "2010-020562-12", "type": "EUDRACT_NUMBER"}]}
    given = studies.values(mst, identifiers=[{"authority": "eudract", "number": "2010-020562-12"}])
    study = saving.register(actor=studies.researcher(mst), values=given)
    pair = real(identificationModule=eudract), real("NCT00973089", identificationModule=eudract)
    for found in plan(bureau, *pair), apply(bureau, *pair):
        assert [(one.outcome, one.number) for one in found] == [("changed", study.number), ("refused", "")]
        assert found[1].reason == "It shares a number with NCT03630471 in the same file: are they one study?"
    assert [(row.key, row.study) for row in ImportedRecord.objects.all()] == [("NCT03630471", study)]


def test_a_refused_record_keeps_its_numbers_from_no_other(mst):
    eudract = {"secondaryIdInfos": [{"id": "2010-020562-12"}]}
    ours = {"leadSponsor": {"name": mst.name_nl, "class": "OTHER"}}
    records = real(identificationModule=eudract), real("NCT00973089", identificationModule=eudract)
    records[1]["protocolSection"]["sponsorCollaboratorsModule"] |= ours
    assert [found.outcome for found in plan(Context(), *records)] == ["refused", "new"]


def test_hidden_numbers_of_another_hospitals_study_are_not_told(bureau, zgt):
    numbers = [
        {"authority": "clinicaltrials_gov", "number": "NCT03630471"},
        {"authority": "isrctn", "number": "ISRCTN12345678"},
    ]
    study = studies.published(zgt, identifiers=numbers, group_visibility={"identifiers": "team"})
    shares = real("NCT00973089", identificationModule={"secondaryIdInfos": [{"id": "ISRCTN12345678"}]})
    (found,) = plan(bureau, shares)
    assert found.reason == f"{study.number} is led by another hospital: the science bureau there imports it."


def test_a_record_with_numbers_without_end(bureau):
    many = {"secondaryIdInfos": [{"id": f"NL-OMON{n}"} for n in range(40_000)]}
    found = plan(bureau, real(identificationModule=many), real("NCT00973089"))
    assert [one.outcome for one in found] == ["new", "new"]
    assert found[0].notes == ["Of 40000 entries in secondaryIdInfos the first 3000 are kept."]


# Cost


@pytest.mark.parametrize("look_only", [True, False])
def test_statements_do_not_grow_with_records(bureau, look_only):
    """On SQLite Django splits an insert by its number of values, so that inserts of one table count once."""
    do = plan if look_only else apply
    do(bureau, real("NCT06171568"))  # what is remembered by the process: content types, roles

    def statements(*records):
        with CaptureQueriesContext(connection) as captured:
            found = do(bureau, *records)
        assert {one.outcome for one in found} == {Outcome.NEW}
        seen = [query["sql"] for query in captured]
        inserts = {sql.partition("(")[0] for sql in seen if sql.startswith("INSERT")}
        return len(inserts) + sum(not sql.startswith("INSERT") for sql in seen)

    many = varied(40)
    few = statements(*many[2:4])  # with something for every table
    assert few == statements(*many[:2], *many[4:])
    assert few == (3 if look_only else 26)


# The machinery


def file_of(*records, name="studies.json"):
    return io.BytesIO(json.dumps(records).encode()), name


def run(bureau, file, name, **more):
    return import_file(StudyImporter(), file, name, bureau, **more)


def test_files_of_every_form(bureau):
    one = json.dumps(real(NUMBERS[0]))
    lines = "\n".join(json.dumps(real(number)) for number in NUMBERS[1:3])
    answer = json.dumps({"studies": [real(number) for number in NUMBERS[3:]], "nextPageToken": "x"}, indent=1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.json", one)
        archive.writestr("lines.jsonl", lines)
        archive.writestr("deep/answer.json", answer)
    summary = run(bureau, packed, "ctg-studies.json.zip")
    assert (summary.read, dict(summary.counts)) == (6, {"new": 6})
    for text, name, count in ((one, "a.json", 1), (lines, "a.jsonl", 2), (answer, "a.json", 3)):
        summary = run(bureau, io.BytesIO(text.encode()), name)
        assert dict(summary.counts) == {"unchanged": count}


def test_the_same_record_twice_in_a_file(bureau):
    summary = run(bureau, *file_of(real(), real("NCT06171568"), real()))
    assert dict(summary.counts) == {"new": 2, "refused": 1}
    (row,) = summary.refusals
    assert row.plan.reason == "studies.json, record 1 has the same number (NCT03630471)."
    assert Study.objects.count() == ImportedRecord.objects.count() == 2


def test_two_imports_at_once_make_one_study(bureau, monkeypatch):
    """The other one wrote the study after this one had looked: the database refuses the second, whole."""
    apply(bureau, real())
    monkeypatch.setattr(matching._Here, "about", lambda self, key, strong: [])
    summary = run(bureau, *file_of(real(), real("NCT06171568")))
    assert dict(summary.counts) == {"refused": 1, "new": 1}
    assert "IntegrityError" in summary.refusals[0].plan.reason
    assert ImportedRecord.objects.count() == Study.objects.count() == 2


def test_one_bad_record_never_stops_the_others(bureau):
    legacy = {"FullStudy": {"Study": {}}}
    broken = real("NCT00973089", identificationModule={"nctId": "NCT1"})
    summary = run(bureau, *file_of(real(), legacy, [], broken, real("NCT06171568")))
    assert dict(summary.counts) == {"new": 2, "refused": 3}
    assert [row.position for row in summary.refusals] == [f"studies.json, record {n}" for n in (2, 3, 4)]


def test_who_may_import(mst):
    importer = StudyImporter()
    assert importer.may(studies.bureau(mst))
    assert not importer.may(studies.researcher(mst))
    assert not importer.may(AnonymousUser())


def test_only_own_hospitals_can_be_chosen(mst, zgt):
    form = OptionsForm({"organisation": "zgt"}, user=studies.bureau(mst))
    assert [key for key, _name in form.fields["organisation"].choices] == ["mst"]
    assert "organisation" in form.errors
    form = StudyImporter().options_form({"organisation": "mst", "publish": "on"}, user=studies.bureau(mst))
    assert form.is_valid()
    assert form.cleaned_data == {"organisation": "mst", "publish": True}


def test_values_as_people_read_them():
    importer = StudyImporter()
    assert importer.label_of("acronym") == "short title or acronym"
    assert importer.show("healthy_volunteers", False) == "No"
    assert importer.show("age_min", None) == ""
    rows = [{"authority": "isrctn", "number": "ISRCTN12345678"}, {"authority": "metc", "number": "K1"}]
    assert importer.show("identifiers", rows) == "ISRCTN: ISRCTN12345678\nfile of the METC: K1"


# The command


@pytest.fixture
def folder(tmp_path):
    for number in NUMBERS[:3]:
        (tmp_path / f"{number}.json").write_text(json.dumps(real(number)))
    return tmp_path


@pytest.fixture(autouse=True)
def drained(monkeypatch):
    """What draining answers, and how often it was asked; nothing has made an index here."""
    answer = SimpleNamespace(unavailable="", asked=0)

    def drain():
        answer.asked += 1
        return answer

    monkeypatch.setattr(facade, "drain", drain)
    return answer


def command(*files, **options):
    """What it prints, what it warns of, and its complaint if it ends with one."""
    out, err, complaint = io.StringIO(), io.StringIO(), ""
    try:
        call_command("import_studies", *map(str, files), stdout=out, stderr=err, **options)
    except CommandError as error:
        complaint = str(error)
    return out.getvalue().splitlines(), err.getvalue().splitlines(), complaint


def test_command_imports_and_imports_again(folder, mst, drained):
    files = sorted(folder.glob("*.json"))
    for outcome in ("1 new, 0 changed, 0 unchanged", "0 new, 0 changed, 1 unchanged"):
        lines = [f"{file.name}: 1 read, {outcome}, 0 refused" for file in files]
        assert command(*files, organisation="mst") == (lines, [], "")
    assert {study.publication_state for study in Study.objects.all()} == {"published"}
    assert drained.asked == 2


def test_command_tells_what_would_happen(folder, mst, drained):
    file = folder / "NCT00973089.json"
    lines, _warnings, complaint = command(file, organisation="mst", dry_run=True)
    title = "Alternative Treatment of Deep Carious Lesions Based on Biological Evidences"
    assert lines == [
        f"NCT00973089.json, record 1: new NCT00973089 {title}",
        "NCT00973089.json: 1 read, 1 new, 0 changed, 0 unchanged, 0 refused (nothing written)",
    ]
    assert not complaint
    assert not Study.objects.exists()
    assert not drained.asked
    command(file, organisation="mst", publish=False)
    edit(the_study(), acronym="OURS")
    theirs = real("NCT00973089", identificationModule={"acronym": "THEIRS"}, statusModule={"overallStatus": "UNKNOWN"})
    file.write_text(json.dumps(theirs))
    lines, _warnings, complaint = command(file, dry_run=True)
    assert lines == [
        f"NCT00973089.json, record 1: changed NCT00973089 {the_study().number} {title}",
        "    status: Withdrawn before the start → Unknown",
        "    edited here: short title or acronym: OURS → THEIRS",
        "NCT00973089.json: 1 read, 0 new, 1 changed, 0 unchanged, 0 refused (nothing written)",
        "1 with fields that were edited here; these stayed as they are",
    ]
    assert not complaint


def test_command_without_search(folder, mst, drained):
    drained.unavailable = "no index"
    _lines, warnings, complaint = command(folder / "NCT00973089.json", organisation="mst")
    assert warnings == ["search does not answer; the worker indexes the studies when it does"]
    assert not complaint
    assert SearchOutbox.objects.filter(type="study").count() == 1


def test_command_tells_what_was_refused(folder):
    (folder / "broken.json").write_text("{")
    lines, warnings, complaint = command(folder / "broken.json", folder / "NCT00973089.json", folder / "none.json")
    assert lines == ["NCT00973089.json: 1 read, 0 new, 0 changed, 0 unchanged, 1 refused"]
    assert warnings[0].startswith("broken.json cannot be read.")
    assert warnings[1:] == [
        "NCT00973089.json, record 1: No hospital of ours is named in it. Choose the hospital that leads it.",
        f"{folder / 'none.json'}: No such file or directory",
    ]
    assert complaint == "not everything was imported: broken.json, NCT00973089.json, none.json"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"format": "ictrp"}, "files of the WHO (ICTRP) cannot be imported yet; use JSON of ClinicalTrials.gov"),
        ({"organisation": "nowhere"}, "there is no hospital with the key nowhere"),
    ],
)
def test_command_refuses_what_it_cannot_do(folder, options, says):
    assert command(folder / "NCT00973089.json", **options) == ([], [], says)


def test_command_may_be_interrupted(folder, mst, monkeypatch):
    files = sorted(folder.glob("*.json"))
    convert = importing.ctgov.convert

    def interrupted(raw):
        if raw["protocolSection"]["identificationModule"]["nctId"] == files[1].stem:
            raise KeyboardInterrupt
        return convert(raw)

    with monkeypatch.context() as patched:
        patched.setattr(importing.ctgov, "convert", interrupted)
        lines, _warnings, complaint = command(*files, organisation="mst")
    assert (len(lines), complaint) == (1, "interrupted; run it again to go on")
    assert Study.objects.count() == 1
    command(*files, organisation="mst")
    assert sorted(ImportedRecord.objects.values_list("key", flat=True)) == NUMBERS[:3]


# The page


def test_page_from_file_to_published_study(bureau, client):
    """Dry run, a question, its answer, and the studies as they then are."""
    apply(draft(bureau), real())
    edit(the_study(), public_title_en="Ours", acronym="OURS")
    theirs = real(identificationModule={"briefTitle": "Theirs", "acronym": "THEIRS"})
    client.force_login(bureau.actor)
    page = client.get("/en/import/studies/").content.decode()
    assert "Hospital that leads the studies" in page
    content = json.dumps([theirs, real("NCT00973089"), {"Study": {}}]).encode()
    sent = {"file": SimpleUploadedFile("ctgov.json", content), "organisation": "mst", "publish": "on"}
    address = client.post("/en/import/studies/", sent).url
    jobs.drain()
    page = client.get(address).content.decode()
    for words in ("OURS", "THEIRS", "This is the older format of ClinicalTrials.gov.", "Import 1 new record"):
        assert words in page
    assert Study.objects.count() == 1
    fields = sorted(ImportRow.objects.get(asks=True).questions)
    answers = {f"q-1-{fields.index('public_title_en')}": "theirs", f"q-1-{fields.index('acronym')}": "ours"}
    client.post(f"{address}answer/", {"confirm": "yes", **answers})
    jobs.drain()
    study = the_study(identifiers__key="nct03630471")
    assert (study.public_title_en, study.acronym, study.publication_state) == ("Theirs", "OURS", "draft")
    assert Study.objects.public().get().imported.get().key == "NCT00973089"
    page = client.get(address).content.decode()
    assert f"/en/research/{study.number}/" in page


def test_page_is_for_science_bureaus(client, mst):
    client.force_login(studies.researcher(mst))
    assert client.get("/en/import/studies/").status_code == 404
