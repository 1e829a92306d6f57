"""Courses from people's own tables: made, changed, left alone, refused; the draft beside; the number of statements."""

import csv
import io

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation
from wagtail.models import ModelLogEntry, ReferenceIndex

from academy.accounts.models import Membership, Role
from academy.core.imports.contract import Answer, Context, Outcome, importer
from academy.core.imports.run import import_file
from academy.strategy.models import Programme
from academy.taxonomy.models import CareDomain, FunctionFamily, Register, Specialty
from courses.catalogue.models import CancellationRule, Competence, Course, ImportedCourse
from search import facade, outbox
from search.models import SearchOutbox
from tests import factories
from tests.cms.building import colleague, signed_in

pytestmark = pytest.mark.django_db
WHOLE = {
    "code": "bls-01",
    "title_nl": "Reanimatie",
    "title_en": "Resuscitation",
    "summary_nl": "Je leert het.",
    "outcomes_nl": "Je reanimeert.\nJe gebruikt de AED.",
    "body_nl": "Eerst dit & dat.\nEn verder.\n\nDan dat.",
    "organisations": "mst; ZGT",
    "visibility": "iedereen",
    "delivery_mode": "online en klassikaal",
    "languages": "Nederlands; en",
    "hours": "4,5",
    "classroom_hours": "3",
    "online_norm_minutes": "90",
    "cost_price_eur": "€ 1.250,50",
    "audience": "Verpleegkundigen",
    "specialties": "Cardiologie",
    "care_domains": "acute",
    "programmes": "P-01",
    "accreditation": "V&V: 3,5; gaia = 4 punten",
    "competences": "Reanimeren: 12; Beoordelen",
    "cancellation_rule": "zeven-dagen",
    "approval_required": "ja",
}


@pytest.fixture(autouse=True)
def _english():
    translation.activate("en")


@pytest.fixture
def mst():
    return factories.organisation("mst", short_name="MST")


@pytest.fixture
def zgt():
    return factories.organisation("zgt", short_name="ZGT")


@pytest.fixture
def manager(mst):
    return colleague(Role.COURSE_MANAGER, "mst")


@pytest.fixture
def lists(mst, zgt):
    """What a whole row names."""
    FunctionFamily.objects.create(key="nurses", name_nl="Verpleegkundigen", name_en="Nurses")
    Specialty.objects.create(key="cardiology", name_nl="Cardiologie", name_en="Cardiology")
    CareDomain.objects.create(key="acute", name_nl="Acute zorg")
    Programme.objects.create(key="digital", number="P-01", title_nl="Digitaal ziekenhuis", type="innovation")
    Register.objects.create(key="vv", name_nl="V&V")
    Register.objects.create(key="gaia", name_nl="GAIA")
    Competence.objects.create(key="reanimeren", name_nl="Reanimeren")
    Competence.objects.create(key="beoordelen", name_nl="Beoordelen")
    CancellationRule.objects.create(key="zeven-dagen", title_nl="Zeven dagen", text_nl="…")


def table(*rows: dict) -> io.BytesIO:
    """A CSV file as a Dutch Excel writes it."""
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode("cp1252"))


def run(*rows: dict, actor=None, dry_run=False, answers=None, **options):
    """The rows of an import of these rows."""
    context = Context(actor=actor, options=options, answers=answers or {})
    found = []
    import_file(
        importer("courses"),
        table(*rows),
        "courses.csv",
        context,
        dry_run=dry_run,
        on_progress=lambda summary: found.extend(summary.latest),
    )
    return [row.plan for row in found]


def one(*args, **more):
    (plan,) = run(*args, **more)
    return plan


def simple(code="A-01", **more) -> dict:
    return {"code": code, "title_nl": f"Cursus {code}", "summary_nl": "Wat je leert.", "hours": "4", **more}


# What is made --------------------------------------------------------------------------------------------------------


def test_a_whole_row_is_a_published_course(manager, lists, client):
    plan = one(WHOLE, actor=manager)
    assert (plan.outcome, plan.number, plan.reason) == (Outcome.NEW, "BLS-01", "")
    course = Course.objects.get(code="BLS-01")
    assert course.live
    assert course.live_revision_id == course.latest_revision_id
    assert course.latest_revision.user == manager
    assert not course.has_unpublished_changes
    assert (course.visibility, course.delivery_mode, course.languages) == ("public", "blended", ["en", "nl"])
    assert (course.hours, course.classroom_hours, course.online_norm_minutes) == (4.5, 3, 90)
    assert f"{course.cost_price_eur} {course.approval_required}" == "1250.50 True"
    assert [owner.key for owner in course.owners.order_by("key")] == ["mst", "zgt"]
    links = {
        name: [str(one) for one in getattr(course, name).all()]
        for name in ("specialties", "care_domains", "programmes")
    }
    assert links == {
        "specialties": ["Cardiology"],
        "care_domains": ["Acute zorg"],
        "programmes": ["Digitaal ziekenhuis"],
    }
    assert {row.register.key: row.points for row in course.accreditation.all()} == {"vv": 3.5, "gaia": 4}
    assert {row.competence.key: row.validity_months for row in course.competences.all()} == {
        "reanimeren": 12,
        "beoordelen": None,
    }
    assert course.cancellation_rule.key == "zeven-dagen"
    page = client.get(course.get_absolute_url()).content.decode()
    assert "Eerst dit &amp; dat.<br/>En verder." in page
    logged = ModelLogEntry.objects.for_instance(course)
    assert [entry.action for entry in logged.order_by("pk")] == ["wagtail.create", "wagtail.publish"]
    assert {entry.user for entry in logged} == {manager}
    competence = Competence.objects.get(key="reanimeren")
    assert ReferenceIndex.get_grouped_references_to(competence)


def test_what_the_editor_shows_is_what_was_imported(manager, lists):
    one(WHOLE, actor=manager)
    course = Course.objects.get(code="BLS-01")
    page = signed_in(manager).get(reverse("wagtailsnippets_catalogue_course:edit", args=[course.pk]))
    assert page.status_code == 200
    form = page.context["form"]
    assert {owner.key for owner in form.initial["owners"]} == {"mst", "zgt"}
    assert len(form.formsets["accreditation"].forms) == 2
    again = course.get_latest_revision_as_object()
    assert [row.points for row in again.accreditation.all()] == [row.points for row in course.accreditation.all()]


def test_importing_twice_changes_nothing(manager, lists):
    one(WHOLE, actor=manager)
    course = Course.objects.get(code="BLS-01")
    again = one(WHOLE, actor=manager)
    assert (again.outcome, again.changes, again.questions) == (Outcome.UNCHANGED, {}, {})
    assert course.revisions.count() == 1
    # nor without the base of the comparison
    ImportedCourse.objects.all().delete()
    assert one(WHOLE, actor=manager).outcome == Outcome.UNCHANGED


def test_a_column_that_is_not_there_stays_and_an_empty_one_empties(lists, manager):
    one(WHOLE, actor=manager)
    plan = one({"code": "BLS-01", "title_en": "", "specialties": "", "hours": "", "visibility": ""}, actor=manager)
    assert plan.changes == {"title_en": ("Resuscitation", ""), "specialties": (["cardiology"], [])}
    course = Course.objects.get(code="BLS-01")
    assert (course.title_en, course.title_nl, course.hours, course.visibility) == ("", "Reanimatie", 4.5, "public")
    assert not course.specialties.exists()
    assert course.accreditation.count() == 2


def test_a_change_is_published_with_a_revision(manager, mst, client):
    course = factories.course(owners=[mst], code="A-01", title_nl="Oud", title_en="")
    plan = one(simple(title_nl="Nieuw"), actor=manager)
    assert plan.outcome == Outcome.CHANGED
    course.refresh_from_db()
    assert course.title_nl == "Nieuw"
    assert course.latest_revision.content["title_nl"] == "Nieuw"
    assert course.live_revision == course.latest_revision
    actions = ModelLogEntry.objects.for_instance(course).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["wagtail.edit", "wagtail.publish"]
    assert "Nieuw" in client.get(course.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("row", "live", "note"),
    [
        (simple(), True, ""),
        (simple(published="nee"), False, "not published"),
        (simple(published="ja"), True, ""),
        (simple(summary_nl="", hours=""), False, "summary_nl, hours"),
    ],
)
def test_a_new_course_is_published_when_it_is_complete(manager, row, live, note):
    plan = one(row, actor=manager)
    assert note in " ".join(map(str, plan.notes))
    course = Course.objects.get(code="A-01")
    assert (course.live, course.has_unpublished_changes) == (live, not live)
    assert [owner.key for owner in course.owners.all()] == ["mst"]


def test_the_table_publishes_and_takes_offline(manager, mst, client):
    course = factories.course(owners=[mst], code="A-01", title_nl="Uit de lucht", summary_nl="x", title_en="")
    assert one({"code": "A-01", "published": "nee"}, actor=manager).changes == {"published": (True, False)}
    assert client.get(course.get_absolute_url()).status_code == 404
    assert one({"code": "A-01", "published": "nee"}, actor=manager).outcome == Outcome.UNCHANGED
    plan = one({"code": "A-01", "published": "ja", "title_nl": "Weer terug"}, actor=manager)
    assert set(plan.changes) == {"published", "title_nl"}
    assert "Weer terug" in client.get(course.get_absolute_url()).content.decode()
    assert one({"code": "A-01", "published": "ja"}, actor=manager).outcome == Outcome.UNCHANGED


# What people changed here --------------------------------------------------------------------------------------------


def test_an_edit_of_ours_stays_while_the_table_says_what_it_said(manager):
    one(simple(title_nl="Van de lijst"), actor=manager)
    edited(Course.objects.get(), title_nl="Van ons")
    assert one(simple(title_nl="Van de lijst"), actor=manager).outcome == Outcome.UNCHANGED
    assert Course.objects.get().title_nl == "Van ons"


def edited(course: Course, *, publish=True, **columns) -> Course:
    for name, value in columns.items():
        setattr(course, name, value)
    revision = course.save_revision(clean=False)
    if publish:
        revision.publish()
    return course


def test_where_both_changed_the_person_is_asked(manager):
    one(simple(title_nl="Van de lijst"), actor=manager)
    edited(Course.objects.get(), title_nl="Van ons")
    plan = one(simple(title_nl="Nieuw van de lijst"), actor=manager)
    assert (plan.outcome, plan.questions) == (Outcome.UNCHANGED, {"title_nl": ("Van ons", "Nieuw van de lijst")})
    answers = {("A-01", "title_nl"): Answer("Van ons", takes_source=True)}
    assert one(simple(title_nl="Nieuw van de lijst"), actor=manager, answers=answers).outcome == Outcome.CHANGED
    assert Course.objects.get().title_nl == "Nieuw van de lijst"
    assert not one(simple(title_nl="Nieuw van de lijst"), actor=manager).questions


def test_a_question_that_was_answered_with_ours_is_not_asked_again(manager):
    one(simple(title_nl="Van de lijst"), actor=manager)
    edited(Course.objects.get(), title_nl="Van ons")
    answers = {("A-01", "title_nl"): Answer("Van ons", takes_source=False)}
    one(simple(title_nl="Nieuw van de lijst"), actor=manager, answers=answers)
    assert not one(simple(title_nl="Nieuw van de lijst"), actor=manager).questions
    assert Course.objects.get().title_nl == "Van ons"


def test_a_draft_that_waits_stays_a_draft_and_gets_the_change(manager, mst, client):
    course = factories.course(owners=[mst], code="A-01", title_nl="Live", summary_nl="Live", title_en="")
    edited(course, publish=False, summary_nl="Concept")
    one({"code": "A-01", "title_nl": "Uit de lijst"}, actor=manager)
    course = Course.objects.get()
    assert (course.title_nl, course.summary_nl, course.has_unpublished_changes) == ("Uit de lijst", "Live", True)
    draft = course.get_latest_revision_as_object()
    assert (draft.title_nl, draft.summary_nl) == ("Uit de lijst", "Concept")
    assert course.live_revision.as_object().summary_nl == "Live"
    draft.save_revision(clean=False).publish()
    assert Course.objects.get().summary_nl == "Concept"


def test_a_draft_that_was_never_live_is_changed_as_people_see_it(manager, mst):
    one(simple(published="nee"), actor=manager)
    edited(Course.objects.get(), publish=False, summary_nl="Concept")
    one({"code": "A-01", "hours": "6"}, actor=manager)
    course = Course.objects.get()
    assert not course.live
    draft = course.get_latest_revision_as_object()
    assert (draft.summary_nl, draft.hours) == ("Concept", 6)
    one({"code": "A-01", "published": "ja"}, actor=manager)
    course.refresh_from_db()
    assert (course.live, course.summary_nl, course.hours) == (True, "Concept", 6)


def test_a_text_with_headings_is_not_flattened(manager, mst):
    body = '[{"type": "heading", "value": "Kop"}, {"type": "paragraph", "value": "<p>Tekst <b>vet</b></p>"}]'
    factories.course(owners=[mst], code="A-01", body_nl=body)
    plan = one({"code": "A-01", "body_nl": "Platte tekst"}, actor=manager)
    assert plan.outcome == Outcome.UNCHANGED
    assert "headings or links" in str(plan.notes[0])
    assert one({"code": "A-01", "body_nl": "Kop\n\nTekst vet"}, actor=manager).notes == []


@pytest.mark.parametrize("hold", ["lock", "schedule"])
def test_a_course_that_somebody_holds_is_left_alone(manager, mst, hold):
    course = factories.course(owners=[mst], code="A-01", title_nl="Oud")
    if hold == "lock":
        Course.objects.update(locked=True)
    else:
        course.save_revision(clean=False, approved_go_live_at="2099-01-01T00:00:00Z")
    plan = one({"code": "A-01", "title_nl": "Nieuw"}, actor=manager)
    assert plan.outcome == Outcome.REFUSED
    assert "editor" in plan.reason
    assert one({"code": "A-01", "title_nl": "Oud"}, actor=manager).outcome == Outcome.UNCHANGED


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "reasons"),
    [
        ({"code": "bls 1"}, ["Column code, “bls 1”: write capitals"]),
        ({"title_nl": ""}, ["Column title_nl: this cannot be empty"]),
        (
            {"title_nl": "x" * 201, "hours": "-1"},
            ["Column title_nl, “xxx", "Column hours, “-1”: write a number from 0"],
        ),
        ({"hours": "1,234"}, ["two ways"]),
        ({"hours": "2", "classroom_hours": "3"}, ["Column classroom_hours, “3”: there are more classroom hours"]),
        (
            {"delivery_mode": "thuis"},
            ["Column delivery_mode, “thuis”: not one of klassikaal, online, online en klassikaal"],
        ),
        ({"accreditation": "GAIA"}, ["Column accreditation, “GAIA”: write a register, a colon and its points"]),
        ({"accreditation": "XYZ: 4"}, ["Column accreditation, “XYZ: 4”: not one of"]),
        ({"competences": "Reanimeren: 12; reanimeren"}, ["stands there twice"]),
        ({"prerequisites": "A-01"}, ["cannot be needed before itself"]),
        ({"prerequisites": "NIET-01"}, ["Column prerequisites, “NIET-01”: no course here or in this table"]),
        ({"organisations": "zgt"}, ["your own organisation has to be among the owners"]),
        ({"organisations": "Ziekenhuis X"}, ["Column organisations, “Ziekenhuis X”: not one of"]),
        ({"published": "ja", "hours": ""}, ["Column hours: a published course needs this"]),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_every_reason(manager, lists, more, reasons):
    plan = one(simple(**more), actor=manager)
    assert plan.outcome == Outcome.REFUSED
    for reason in reasons:
        assert reason in plan.reason
    assert len(plan.reason.splitlines()) == len(reasons)
    assert not Course.objects.exists()


def test_the_other_rows_go_in(manager, lists):
    good, bad, twin, last = run(
        simple("A-01"), simple("B-01", hours="x"), simple("a-01"), simple("C-01"), actor=manager
    )
    assert [plan.outcome for plan in (good, bad, twin, last)] == ["new", "refused", "refused", "new"]
    assert "row 2 has the same number (A-01)" in twin.reason
    assert set(Course.objects.values_list("code", flat=True)) == {"A-01", "C-01"}


def test_another_hospitals_course_is_not_touched(manager, mst, zgt):
    factories.course(owners=[zgt], code="A-01", title_nl="Van ZGT", visibility="members")
    plan = one(simple(), actor=manager)
    assert plan.reason == "This code belongs to a course of another hospital. The course manager there imports it."
    assert Course.objects.get().title_nl == "Van ZGT"


def test_the_other_hospital_stays_an_owner(manager, mst, zgt):
    course = factories.course(owners=[mst, zgt], code="A-01")
    plan = one({"code": "A-01", "organisations": "mst"}, actor=manager)
    assert "only the other hospital can withdraw" in plan.reason
    assert one({"code": "A-01", "organisations": "mst"}).outcome == Outcome.CHANGED  # the system may
    assert course.owners.count() == 1


def test_who_manages_two_hospitals_chooses_one(mst, zgt):
    both = colleague(Role.COURSE_MANAGER, "mst")
    Membership.objects.create(person=both, organisation=zgt, role=Role.COURSE_MANAGER)
    form = importer("courses").options_form(user=both)
    assert [key for key, _name in form.fields["organisation"].choices] == ["mst", "zgt"]
    assert "name the hospital" in one(simple(), actor=both).reason
    assert one(simple(), actor=both, organisation="zgt").outcome == Outcome.NEW
    assert [owner.key for owner in Course.objects.get().owners.all()] == ["zgt"]


def test_only_course_managers_import(manager, mst, client):
    assert importer("courses").may(manager)
    for role in set(Role) - {Role.COURSE_MANAGER, Role.MEMBER}:
        assert not importer("courses").may(factories.member(mst, role=role))
    address = reverse("imports:start", kwargs={"kind": "courses"})
    assert signed_in(colleague(Role.EDITOR, "mst")).get(address).status_code == 404
    assert signed_in(manager).get(address).status_code == 200


# Courses that need others --------------------------------------------------------------------------------------------


def test_a_course_may_need_one_that_stands_below_it(manager):
    rows = [
        simple("B-01", prerequisites="A-01; c-01"),
        simple("A-01", prerequisites=""),
        simple("C-01", prerequisites="A-01"),
    ]
    assert {plan.outcome for plan in run(*rows, actor=manager, dry_run=True)} == {"new"}
    plans = run(*rows, actor=manager)
    assert [plan.key for plan in plans] == ["A-01", "C-01", "B-01"]
    needed = Course.objects.get(code="B-01").prerequisites.order_by("code")
    assert [course.code for course in needed] == ["A-01", "C-01"]
    assert {plan.outcome for plan in run(*rows, actor=manager)} == {"unchanged"}


@pytest.mark.parametrize("batch", [1, 100])
def test_a_course_whose_prerequisite_was_refused_is_refused(manager, batch, monkeypatch):
    monkeypatch.setattr(type(importer("courses")), "batch", batch)
    plans = run(
        simple("A-01", hours="x"),
        simple("B-01", prerequisites="A-01"),
        simple("C-01", prerequisites="B-01"),
        actor=manager,
    )
    assert [plan.outcome for plan in plans] == ["refused"] * 3
    assert "A-01 of the same table is needed before it" in plans[1].reason
    assert not Course.objects.exists()


def test_courses_that_need_each_other(manager):
    plans = run(simple("A-01", prerequisites="B-01"), simple("B-01", prerequisites="A-01"), actor=manager)
    assert {plan.outcome for plan in plans} == {"new"}
    assert Course.objects.get(code="A-01").prerequisites.get().code == "B-01"


# Search, command, statements -----------------------------------------------------------------------------------------


def test_courses_and_their_tracks_are_indexed_again(manager, mst):
    course = factories.course(owners=[mst], code="A-01")
    track = factories.track(course, owners=[mst])
    SearchOutbox.objects.all().delete()
    outbox.forget()
    with facade.draining_paused():
        run(simple("A-01", title_nl="Anders"), simple("B-01"), actor=manager)
    queued = set(SearchOutbox.objects.values_list("type", "record"))
    assert queued == {
        ("course", str(course.pk)),
        ("course", str(Course.objects.get(code="B-01").pk)),
        ("track", str(track.pk)),
    }


def test_the_command(mst, tmp_path, capsys):
    path = tmp_path / "lijst.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Code", "Titel in het Nederlands", "Samenvatting in het Nederlands", "Uren", "Kolom X"])
    book.active.append(["A-01", "Een", "Kort", 4])
    book.active.append(["B-01", None, "Kort", 4])
    book.save(path)
    with pytest.raises(CommandError):
        call_command("import_courses", path, organisation="mst", dry_run=True)
    assert not Course.objects.exists()
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "lijst.xlsx, row 2: new A-01 Een",
        "lijst.xlsx, row 3: refused B-01",
        "lijst.xlsx: 2 read, 1 new, 0 changed, 0 unchanged, 1 refused (nothing written)",
    ]
    assert err.splitlines() == [
        "lijst.xlsx: These columns are not known and not read: Kolom X.",
        "lijst.xlsx, row 3: Column title_nl: this cannot be empty",
    ]
    with pytest.raises(CommandError):
        call_command("import_courses", path, organisation="mst")
    assert Course.objects.get().code == "A-01"
    with pytest.raises(CommandError, match="no hospital"):
        call_command("import_courses", path, organisation="nergens")


NEW_STATEMENTS, UNCHANGED_STATEMENTS, CHANGED_STATEMENTS = 61, 53, 71


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_statements_of_a_batch(lists, manager, rows, django_assert_num_queries):
    whole = [
        {
            **WHOLE,
            "code": f"A-{n}",
            "prerequisites": "",
            "accreditation": "",
            "competences": "",
            "cancellation_rule": "",
            "body_nl": "",
        }
        for n in range(rows)
    ]
    importer("courses")
    with facade.draining_paused():
        with django_assert_num_queries(NEW_STATEMENTS):
            run(*whole, actor=manager)
        with django_assert_num_queries(UNCHANGED_STATEMENTS):
            run(*whole, actor=manager)
        with django_assert_num_queries(CHANGED_STATEMENTS):
            run(*({**row, "title_nl": "Anders", "audience": ""} for row in whole), actor=manager)


def test_the_desk_leads_course_managers_to_the_import(manager):
    address = reverse("imports:start", kwargs={"kind": "courses"})
    assert address in signed_in(manager).get(reverse("desk:home")).content.decode()
    assert address not in signed_in(factories.member()).get(reverse("desk:home")).content.decode()
