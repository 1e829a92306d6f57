"""The pages of the form: every step saves what it can, and two editors lose nothing."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from academy.core import clock
from academy.core.errors import InvalidInput
from academy.core.models import Message
from research.studies import record as records
from research.studies.errors import NoSuchStep
from research.studies.models import Access, ReviewRoute, RouteStep, Study
from research.studies.record import ACCESS, BASIS, CHECK, CONDUCT, DESIGN, HOSPITALS, KIND, STEPS
from research.studies.services import reviewing, saving
from tests.factories import people, studies
from tests.factories.pages import Controls

pytestmark = pytest.mark.django_db
AUTOSAVE = {"HTTP_X_AUTOSAVE": "1"}


@pytest.fixture
def editor():
    return studies.researcher(people.organisation("mst", roles=["owner"]))


@pytest.fixture
def study(editor):
    return studies.study(people.organisation("mst"), people.organisation("zgt", roles=["owner"]), editor=editor)


@pytest.fixture
def client(client, editor):
    client.force_login(editor)
    return client


def address(study: Study, step: str) -> str:
    return reverse("studies:step", kwargs={"number": study.number, "step": step})


def typed(client, study: Study, step: str, **changed) -> MultiValueDict:
    """The step as it stands in the page, with these controls filled in otherwise."""
    data = Controls(client.get(address(study, step)).content.decode()).data
    for name, value in changed.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def send(client, study: Study, step: str, data, **headers):
    return client.post(address(study, step), {key: data.getlist(key) for key in data}, **headers)


def fresh(study: Study) -> dict:
    return records.current(records.with_everything(Study.objects.all()).get(pk=study.pk))


class TestRegister:
    def test_a_title_and_the_hospital_that_leads_make_a_draft(self, client, editor):
        page = client.get(reverse("studies:register"))
        assert page.context["form"]["leading"].value() == "mst"
        answer = client.post(reverse("studies:register"), {"acronym": "HART", "title": "Over harten", "leading": "mst"})
        study = Study.objects.get()
        assert answer.url == address(study, BASIS)
        read = fresh(study)
        assert (read["acronym"], read["public_title_nl"], read["sites"][0]["organisation"]) == (
            "HART", "Over harten", "mst",
        )  # fmt: skip
        assert study.access.get().person == editor

    def test_what_was_typed_stays_when_something_is_missing(self, client):
        page = client.post(reverse("studies:register"), {"acronym": "HART", "title": "", "leading": "mst"})
        assert page.context["form"]["acronym"].value() == "HART"
        assert not Study.objects.exists()

    def test_only_researchers_and_bureaus(self, client):
        client.force_login(people.member())
        assert client.get(reverse("studies:register")).status_code == 404
        client.force_login(studies.bureau(people.organisation("mst")))
        page = client.get(reverse("studies:register"))
        assert page.context["form"] is None
        assert client.post(reverse("studies:register"), {"title": "X", "leading": "mst"}).status_code == 200
        assert not Study.objects.exists()

    def test_copy_of_an_earlier_study(self, client, study):
        assert reverse("studies:copy", kwargs={"number": study.number}) in (
            client.get(reverse("studies:register")).content.decode()
        )
        answer = client.post(reverse("studies:copy", kwargs={"number": study.number}))
        copy = Study.objects.exclude(pk=study.pk).get()
        assert answer.url == address(copy, BASIS)
        assert fresh(copy)["public_title_nl"] == fresh(study)["public_title_nl"]

    def test_nobody_copies_what_they_may_not_know(self, client, study):
        client.force_login(studies.researcher())
        assert client.post(reverse("studies:copy", kwargs={"number": study.number})).status_code == 404


class TestWho:
    @pytest.mark.parametrize("step", STEPS)
    def test_strangers_find_nothing_and_viewers_the_preview(self, client, study, step):
        client.force_login(studies.researcher(people.organisation("mst")))
        assert client.get(address(study, step)).status_code == 404
        assert client.post(address(study, step), {"version": "1", "acronym": "X"}).status_code == 404
        client.force_login(studies.viewer(study))
        answer = client.get(address(study, step))
        assert answer.url == reverse("studies:preview", kwargs={"number": study.number})
        assert client.post(address(study, step), {"version": "1", "acronym": "X"}).status_code == 302
        assert fresh(study)["acronym"] == "HARTTHUIS"

    def test_no_such_step(self, client, study):
        assert client.get(address(study, "other")).status_code == 404

    def test_study_that_is_offline_is_not_edited(self, client, study):
        Study.objects.filter(pk=study.pk).update(publication_state="withdrawn")
        assert client.get(address(study, BASIS)).url == study.get_absolute_url()


class TestSaving:
    @pytest.mark.parametrize("step", [step for step in STEPS if step != CHECK])
    def test_step_sent_as_it_stands_makes_no_version(self, client, study, step):
        answer = send(client, study, step, typed(client, study, step, then="next"))
        assert answer.status_code == 302
        assert Study.objects.get(pk=study.pk).version == 1

    @pytest.mark.parametrize(
        ("step", "then", "goal"), [(BASIS, "next", KIND), (DESIGN, "back", KIND), (ACCESS, "next", CHECK)]
    )
    def test_save_and_go_where_the_button_says(self, client, study, step, then, goal):
        assert send(client, study, step, typed(client, study, step, then=then)).url == address(study, goal)

    def test_later_leads_to_my_studies(self, client, study):
        answer = send(client, study, BASIS, typed(client, study, BASIS, then="later", acronym="NIEUW"))
        assert answer.url == reverse("studies:mine")
        assert fresh(study)["acronym"] == "NIEUW"

    def test_hidden_fields_are_never_cleared(self, client, editor):
        study = studies.study(editor=editor, observational_model="COHORT")
        page = client.get(address(study, DESIGN)).content.decode()
        assert re.search(r'<div class="block"[^>]* hidden>\s*<div class="entry" id="field-observational_model"', page)
        send(client, study, DESIGN, typed(client, study, DESIGN, masking="DOUBLE"))
        assert (fresh(study)["observational_model"], fresh(study)["masking"]) == ("COHORT", "DOUBLE")

    def test_what_cannot_be_stored_comes_back_and_the_rest_is_kept(self, client, study):
        data = typed(client, study, DESIGN, age_max="oud", sex="MALE", then="next")
        page = send(client, study, DESIGN, data)
        assert page.status_code == 200
        form = page.context["form"]
        assert form.elements["age_max"].bound.value() == "oud"
        assert set(form.errors) == {"age_max"}
        assert 'href="#id_age_max"' in page.content.decode()
        assert fresh(study)["sex"] == "MALE"

    def test_hospital_that_reviews_already_cannot_go_and_nothing_else_is_lost(self, client, study, editor):
        reviewing.submit(study=study, actor=editor, sites=["zgt"])
        data = typed(client, study, HOSPITALS, sites=["mst"], contact_name="Desk", then="next")
        page = send(client, study, HOSPITALS, data)
        assert set(page.context["form"].errors) == {"sites"}
        assert fresh(study)["contact_name"] == "Desk"
        assert len(fresh(study)["sites"]) == 2

    def test_problem_is_saved_and_shown_at_its_field(self, client, study):
        data = typed(client, study, CONDUCT, completion="2020", completion_type="ESTIMATED", then="next")
        assert send(client, study, CONDUCT, data).url == address(study, ACCESS)
        assert fresh(study)["completion"] == "2020"
        page = client.get(address(study, CONDUCT))
        assert page.context["form"].elements["completion"].bound.errors
        assert next(step for step in page.context["steps"] if step.name == CONDUCT).wrong

    def test_rows_come_and_go_without_scripts_and_keep_what_was_typed(self, client, study):
        data = typed(client, study, HOSPITALS, add="funders", contact_name="Typed")
        data.setlist("funders-0-name", ["Eerste fonds"])
        page = send(client, study, HOSPITALS, data)
        rows = page.context["form"].elements["funders"].rows.forms
        assert [row.typed("name") for row in rows] == ["Eerste fonds", ""]
        assert 'name="funders-1-organisation"' in page.content.decode()
        assert page.content.decode().count("autofocus") == 1
        again = Controls(page.content.decode()).data
        again.setlist("remove", ["funders-0"])
        page = send(client, study, HOSPITALS, again)
        assert page.context["form"].elements["funders"].rows.forms[0].number == "1"
        send(client, study, HOSPITALS, Controls(page.content.decode()).data)
        assert (fresh(study)["funders"], fresh(study)["contact_name"]) == ([], "Typed")

    def test_what_was_typed_stays_when_nothing_can_be_saved(self, client, study, monkeypatch):
        def refuse(**_values):
            raise NoSuchStep

        data = typed(client, study, BASIS, acronym="BLIJFT", then="next")
        monkeypatch.setattr(saving, "save", refuse)
        page = send(client, study, BASIS, data)
        assert page.context["form"].elements["acronym"].bound.value() == "BLIJFT"
        assert list(page.context["messages"])
        assert send(client, study, BASIS, data, **AUTOSAVE).status_code == 409

    def test_published_study_shows_what_was_proposed(self, client, editor):
        study = studies.published(editor=editor)
        send(client, study, BASIS, typed(client, study, BASIS, acronym="ANDERS"))
        assert Study.objects.get(pk=study.pk).acronym == "HARTTHUIS"
        page = client.get(address(study, BASIS))
        assert page.context["form"].elements["acronym"].bound.value() == "ANDERS"
        assert page.context["proposed"]


class TestKind:
    def test_who_looks_at_it_follows_from_the_routes_of_the_hospitals(self, client, study):
        route = ReviewRoute.objects.create(
            organisation=people.organisation("mst"), kind="main_review", intro_nl="Zo gaat het"
        )
        for order, body in ((1, "METC"), (2, "Raad van bestuur"), (1, "Privacy")):
            RouteStep.objects.create(route=route, order=order, kind="bureau", body_nl=body)
        ways = {way.organisation.key: way for way in client.get(address(study, KIND)).context["routes"]}
        assert ways["mst"].turns == [["METC", "Privacy"], ["Raad van bestuur"]]
        assert (ways["mst"].intro, ways["zgt"].turns) == ("Zo gaat het", [])

    @pytest.mark.parametrize(("answers", "shown"), [((True, True), "wmo"), ((True, False), "nwmo"), ((None, None), "")])
    def test_regime_is_proposed_by_the_answers(self, client, editor, answers, shown):
        study = studies.study(
            editor=editor, medical_scientific_research=answers[0], subjected_to_acts_or_rules=answers[1]
        )
        page = client.get(address(study, KIND)).content.decode()
        found = re.findall(r'data-when="[^"]+"( hidden)?><div class="[^"]+" data-propose="legal_regime=(\w+)"', page)
        notes = {regime: not hidden for hidden, regime in found}
        assert notes == {"wmo": shown == "wmo", "nwmo": shown == "nwmo"}


class TestBadInput:
    """What no page of ours sends is refused in words or left out; never an error of the server."""

    @pytest.mark.parametrize(
        ("step", "sent"),
        [
            (BASIS, {"version": "", "acronym": "X"}),
            (BASIS, {"version": "1", "seen-acronym": "x", "undecided": "nonsense", "keep-acronym": "both"}),
            (BASIS, {"version": "1", "add": "nonsense", "remove": "public_title_nl-0", "then": "nowhere"}),
            (BASIS, {"version": "1", "specialty": "none", "has": ["programmes"], "programmes": ["none"]}),
            (BASIS, {"version": "1", "summary_nl": "\x00<script>", "keywords": "a\n" * 4000}),
            (KIND, {"version": "1", "legal_regime": "law", "has": ["identifiers"], "identifiers-0-authority": "who"}),
            (KIND, {"version": "1", "medical_scientific_research": "perhaps"}),
            (DESIGN, {"version": "1", "age_min": "9" * 30, "has": ["phases"], "phases": ["PHASE9"]}),
            (HOSPITALS, {"version": "1", "has": ["sites"], "sites": ["nowhere", "mst"], "sites-leading": "else"}),
            (HOSPITALS, {"version": "1", "has": ["sites"], "sites": [], "sites-leading": "mst"}),
            (HOSPITALS, {"version": "1", "has": ["contributors"], "contributors-0-person": "9" * 40}),
            (HOSPITALS, {"version": "1", "has": ["contributors"], "contributors-0-person": "²", "countries": "?"}),
            (HOSPITALS, {"version": "1", "has": ["funders"], "funders-999999-amount_eur": "-1"}),
            (HOSPITALS, {"version": "1", "has": ["primary_sponsor"], "primary_sponsor-0-organisation": "nobody"}),
            (CONDUCT, {"version": "1", "first_enrolment": "2026-13", "results_summary_given_on": "31-02-2026"}),
            (CONDUCT, {"version": "1", "has": ["outputs"], "outputs-0-url": "javascript:alert(1)"}),
            (ACCESS, {"version": "1", "visibility": "", "has": ["group_visibility"], "group_visibility-people": "all"}),
        ],
    )
    def test_is_answered_with_the_page(self, client, study, step, sent):
        for headers in ({}, AUTOSAVE):
            assert client.post(address(study, step), sent, **headers).status_code == 200

    @pytest.mark.parametrize("keys", [("mst", "zgt"), ("mst", "mst"), ("zgt", "new", "new")])
    def test_hospital_twice_or_two_that_lead_are_refused(self, study, editor, keys):
        people.organisation("new")
        rows = [
            {"organisation": key, "leading": key in keys[:2] and key != "new", "planned_inclusions": 1, "signatory": ""}
            for key in keys
        ]
        with pytest.raises(InvalidInput) as refused:
            saving.save(study=study, actor=editor, base_version=1, values={"sites": rows})
        assert set(refused.value.fields) == {"sites"}

    def test_markup_stays_text(self, client, study):
        send(client, study, BASIS, typed(client, study, BASIS, summary_nl="<b>vet</b>"))
        page = client.get(address(study, BASIS)).content.decode()
        assert "&lt;b&gt;vet&lt;/b&gt;" in page
        assert "<b>vet</b>" not in page


class TestTwoEditors:
    def other(self, study: Study) -> None:
        """Somebody else changes the acronym and the title meanwhile."""
        person = studies.viewer(study, Access.Level.EDITOR)
        values = {"acronym": "VAN HEN", "public_title_en": "Theirs"}
        saving.save(study=study, actor=person, base_version=study.version, values=values)

    def test_both_values_are_shown_and_the_rest_is_saved(self, client, study):
        data = typed(client, study, BASIS, acronym="VAN MIJ", summary_nl="Mijn samenvatting", then="next")
        self.other(study)
        page = send(client, study, BASIS, data)
        assert page.status_code == 200
        assert [(q.name, q.mine, q.theirs) for q in page.context["questions"]] == [
            ("acronym", ["VAN MIJ"], ["VAN HEN"])
        ]
        form = page.context["form"]
        assert form.elements["acronym"].bound.value() == "VAN MIJ"
        assert form.elements["public_title_en"].bound.value() == "Theirs"
        read = fresh(study)
        assert (read["acronym"], read["public_title_en"], read["summary_nl"]) == (
            "VAN HEN", "Theirs", "Mijn samenvatting",
        )  # fmt: skip

    @pytest.mark.parametrize(("keep", "kept"), [("mine", "VAN MIJ"), ("theirs", "VAN HEN")])
    def test_picking_one_saves_it(self, client, study, keep, kept):
        data = typed(client, study, BASIS, acronym="VAN MIJ")
        self.other(study)
        again = Controls(send(client, study, BASIS, data).content.decode()).data
        again.setlist("keep-acronym", [keep])
        again.setlist("then", ["next"])
        assert send(client, study, BASIS, again).url == address(study, KIND)
        assert (fresh(study)["acronym"], fresh(study)["public_title_en"]) == (kept, "Theirs")

    def test_without_a_choice_the_question_stays(self, client, study):
        data = typed(client, study, BASIS, acronym="VAN MIJ")
        self.other(study)
        again = Controls(send(client, study, BASIS, data).content.decode()).data
        again.setlist("then", ["next"])
        page = send(client, study, BASIS, again)
        assert [question.name for question in page.context["questions"]] == ["acronym"]
        assert page.context["form"].elements["acronym"].bound.value() == "VAN MIJ"
        assert fresh(study)["acronym"] == "VAN HEN"

    def test_a_third_value_meanwhile_is_a_new_question(self, client, study):
        data = typed(client, study, BASIS, acronym="VAN MIJ")
        self.other(study)
        again = Controls(send(client, study, BASIS, data).content.decode()).data
        third = studies.viewer(study, Access.Level.EDITOR)
        saving.save(study=study, actor=third, base_version=2, values={"acronym": "DERDE"})
        again.setlist("keep-acronym", ["mine"])
        page = send(client, study, BASIS, again)
        assert [question.theirs for question in page.context["questions"]] == [["DERDE"]]
        assert fresh(study)["acronym"] == "DERDE"

    def test_list_is_told_row_by_row(self, client, study):
        data = typed(client, study, DESIGN)
        data.setlist("primary_outcomes-0-measure_nl", ["Mijn maat"])
        other = studies.viewer(study, Access.Level.EDITOR)
        rows = [{"measure_nl": name, "measure_en": "X", "time_frame_nl": "", "time_frame_en": ""} for name in "AB"]
        saving.save(study=study, actor=other, base_version=1, values={"primary_outcomes": rows})
        question = send(client, study, DESIGN, data).context["questions"][0]
        assert (question.name, question.theirs) == ("primary_outcomes", ["A / X", "B / X"])
        assert question.mine == ["Mijn maat · 90 dagen / Admissions · 90 days"]

    def test_impossible_version_loses_nothing(self, client, study):
        self.other(study)
        data = typed(client, study, BASIS, acronym="VAN MIJ", version="999999")
        page = send(client, study, BASIS, data)
        assert [question.name for question in page.context["questions"]] == ["acronym"]
        assert fresh(study)["acronym"] == "VAN HEN"


class TestAutosave:
    def save(self, client, study, data) -> dict:
        answer = send(client, study, BASIS, data, **AUTOSAVE)
        assert answer.status_code == 200
        return answer.json()

    def test_answer_says_what_was_kept(self, client, study):
        with clock.at(clock.now().replace(hour=13, minute=3)):
            told = self.save(client, study, typed(client, study, BASIS, acronym="NIEUW"))
        assert told["version"] == 2
        assert told["saved_at"] == "Opgeslagen om 14.03" or "14.03" in told["saved_at"]
        assert (told["clashes"], told["problems"], told["seen"]) == ([], {}, {})
        assert fresh(study)["acronym"] == "NIEUW"

    def test_it_goes_on_from_its_own_version(self, client, study):
        data = typed(client, study, BASIS, acronym="EEN")
        data["version"] = str(self.save(client, study, data)["version"])
        data["acronym"] = "TWEE"
        told = self.save(client, study, data)
        assert (told["version"], told["clashes"], fresh(study)["acronym"]) == (3, [], "TWEE")

    def test_field_that_the_page_does_not_know_yet_is_not_overwritten(self, client, study):
        """Twin: without `seen` the old title of the page would go over the new one."""
        data = typed(client, study, BASIS, acronym="EEN")
        TestTwoEditors().other(study)
        data["acronym"] = "HARTTHUIS"
        data["summary_nl"] = "Van mij"
        told = self.save(client, study, data)
        assert told["seen"] == {"acronym": 1, "public_title_en": 1}
        data["version"] = str(told["version"])
        data["summary_nl"] = "Van mij, langer"
        twin = data.copy()
        for name, version in told["seen"].items():
            data[f"seen-{name}"] = str(version)
        told = self.save(client, study, data)
        assert (fresh(study)["public_title_en"], fresh(study)["summary_nl"]) == ("Theirs", "Van mij, langer")
        twin["version"] = str(told["version"])
        self.save(client, study, twin)
        assert fresh(study)["public_title_en"] == studies.WHOLE["public_title_en"]

    def test_clash_is_asked_once_and_waits_for_a_person(self, client, study):
        data = typed(client, study, BASIS, acronym="VAN MIJ")
        TestTwoEditors().other(study)
        told = self.save(client, study, data)
        assert told["clashes"] == ["acronym"]
        assert 'name="keep-acronym"' in told["clashes_html"]
        data["version"] = str(told["version"])
        for name, version in told["seen"].items():
            data[f"seen-{name}"] = str(version)
        data["undecided"] = "acronym"
        data["keep-acronym"] = "mine"  # picked, but not sent by the person yet
        data["summary_nl"] = "Verder"
        self.save(client, study, data)
        assert (fresh(study)["acronym"], fresh(study)["summary_nl"]) == ("VAN HEN", "Verder")
        send(client, study, BASIS, data)
        assert fresh(study)["acronym"] == "VAN MIJ"

    def test_unfit_values_are_told_and_the_rest_is_kept(self, client, study):
        data = typed(client, study, BASIS, acronym="A" * 50, summary_nl="Kort")
        told = self.save(client, study, data)
        assert list(told["problems"]) == ["acronym"]
        assert (fresh(study)["acronym"], fresh(study)["summary_nl"]) == ("HARTTHUIS", "Kort")

    def test_nothing_new_makes_no_version(self, client, study):
        assert self.save(client, study, typed(client, study, BASIS))["version"] == 1


class TestSessionEnded:
    def ended(self, client, study, **headers):
        data = typed(client, study, BASIS, acronym="BEWAARD", then="next")
        with clock.at(clock.now() + timedelta(hours=2)):
            return send(client, study, BASIS, data, HTTP_SEC_FETCH_SITE="same-origin", **headers)

    @pytest.mark.parametrize("headers", [{}, AUTOSAVE], ids=["by a person", "by the page"])
    def test_what_was_typed_waits_behind_the_login(self, client, study, editor, headers):
        answer = self.ended(client, study, **headers)
        assert answer.status_code == 302
        assert answer.url == f"{reverse('account_login')}?next={reverse('kept-form')}"
        client.post(reverse("account_login"), {"login": editor.email, "password": "wachtwoord voor de test"})
        kept = client.session["kept_form"]
        client.force_login(editor)
        session = client.session
        session["kept_form"] = kept
        session.save()
        page = client.get(reverse("kept-form"))
        assert page.context["action"] == address(study, BASIS)
        data = MultiValueDict()
        for name, value in page.context["typed"]:
            data.appendlist(name, value)
        assert send(client, study, BASIS, data).url == address(study, KIND)
        assert fresh(study)["acronym"] == "BEWAARD"


class TestRemarks:
    @pytest.fixture
    def returned(self, study, editor):
        bureau = studies.bureau(people.organisation("mst"))
        review = next(row for row in reviewing.submit(study=study, actor=editor) if row.site.organisation.key == "mst")
        reviewing.take_up(review=review, actor=bureau)
        asked = [{"field": "summary_nl", "text": "Korter"}, {"field": "", "text": "En het protocol?"}]
        reviewing.return_to_researcher(review=review, actor=bureau, remarks=asked)
        return list(review.remarks.order_by("pk"))

    def test_remark_stands_at_its_field_and_is_answered_there(self, client, study, returned):
        page = client.get(address(study, BASIS))
        assert page.context["form"].elements["summary_nl"].remarks == [returned[0]]
        data = typed(client, study, BASIS, summary_nl="Kort.", **{f"answer-{returned[0].pk}": "Gedaan"})
        send(client, study, BASIS, data, **AUTOSAVE)
        returned[0].refresh_from_db()
        assert returned[0].answer == ""
        page = send(client, study, BASIS, data)
        returned[0].refresh_from_db()
        assert (returned[0].answer, fresh(study)["summary_nl"]) == ("Gedaan", "Kort.")

    def test_the_last_step_has_them_all(self, client, study, returned):
        page = client.get(address(study, CHECK))
        assert [row["remark"] for row in page.context["remarks"]] == returned
        client.post(address(study, CHECK), {f"answer-{remark.pk}": "Gedaan" for remark in returned})
        assert [remark.answer for remark in study.sites.get(leading=True).reviews.get().remarks.all()] == ["Gedaan"] * 2

    def test_answer_that_cannot_be_kept_stays_in_the_page(self, client, study, returned):
        long = "lang " * 2000
        for step in (BASIS, CHECK):
            page = client.post(address(study, step), {"version": "1", f"answer-{returned[0].pk}": long})
            assert long.strip() in page.content.decode()

    def test_unanswered_remark_is_named_when_submitting(self, client, study, returned):
        page = client.post(address(study, CHECK), {"do": "submit", "sites": ["mst"]})
        assert any("Korter" in str(message) for message in page.context["messages"])


class TestCheck:
    def test_completeness_and_what_is_missing_link_to_their_fields(self, client, editor):
        study = saving.register(actor=editor, values={"acronym": "LEEG"})
        page = client.get(address(study, CHECK))
        assert page.context["complete"].total == 24
        assert f"{address(study, DESIGN)}#field-conditions" in [line.url for line in page.context["needed"]]
        assert f"{address(study, KIND)}#field-legal_regime" in [line.url for line in page.context["missing"]]
        assert not page.context["ready"]

    def test_submit_to_one_hospital_and_later_to_the_other(self, client, study):
        page = client.get(address(study, CHECK))
        assert page.context["ready"]
        client.post(address(study, CHECK), {"do": "submit", "sites": ["zgt"]})
        states = {site.organisation.key: site.reviews.get().state for site in study.sites.all()}
        assert states == {"mst": "draft", "zgt": "submitted"}
        page = client.get(address(study, CHECK))
        assert {row.site.organisation.key: row.open for row in page.context["waiting"]} == {"mst": True, "zgt": False}
        client.post(address(study, CHECK), {"do": "submit", "sites": ["mst"]})
        assert not client.get(address(study, CHECK)).context["ready"]

    def test_nothing_chosen_is_said(self, client, study):
        page = client.post(address(study, CHECK), {"do": "submit"})
        assert page.status_code == 200
        assert list(page.context["messages"])

    def test_same_number_elsewhere_is_pointed_out_when_one_may_know_it(self, client, editor):
        number = [{"authority": "clinicaltrials_gov", "number": "NCT01234567"}]
        mine = studies.study(editor=editor, identifiers=number)
        secret = studies.study(identifiers=number)
        assert client.get(address(mine, CHECK)).context["twins"] == []
        known = studies.published(identifiers=number)
        assert client.get(address(mine, CHECK)).context["twins"] == [("NCT01234567", known)]
        assert secret.number not in client.get(address(mine, CHECK)).content.decode()
        row = client.get(address(mine, KIND)).context["form"].elements["identifiers"].rows.forms[0]
        assert known.number in row.errors["number"][0]


class TestTeam:
    def post(self, client, study, **data):
        return client.post(reverse("studies:team", kwargs={"number": study.number}), data)

    def test_invite_change_and_take_off(self, client, study):
        answer = self.post(client, study, do="invite", email="New@Example.org", level="viewer", back="access")
        assert answer.url == f"{address(study, ACCESS)}#team"
        access = study.access.get(email="new@example.org")
        page = client.get(address(study, ACCESS))
        assert page.context["invited"] == [access]
        self.post(client, study, do="level", access=access.pk, level="editor")
        access.refresh_from_db()
        assert access.level == "editor"
        self.post(client, study, do="remove", access=access.pk)
        assert study.access.count() == 1
        assert Message.objects.filter(kind="study_invited").count() == 1

    def test_last_editor_stays(self, client, study):
        self.post(client, study, do="remove", access=study.access.get().pk)
        assert study.access.count() == 1

    @pytest.mark.parametrize("email", ["", "nobody"])
    def test_address_that_is_none_stays_in_the_form(self, client, study, email):
        page = self.post(client, study, do="invite", email=email, level="viewer")
        assert page.context["invite_form"].errors["email"]
        assert study.access.count() == 1

    def test_row_of_another_study_is_not_touched(self, client, study):
        elsewhere = studies.study().access.get()
        self.post(client, study, do="level", access=elsewhere.pk, level="viewer")
        self.post(client, study, do="remove", access=elsewhere.pk)
        self.post(client, study, do="remove", access="x")
        elsewhere.refresh_from_db()
        assert elsewhere.level == "editor"

    def test_viewers_and_strangers_have_no_team_page(self, client, study):
        for person in (studies.viewer(study), people.member()):
            client.force_login(person)
            assert self.post(client, study, do="invite", email="a@example.org", level="viewer").status_code == 404
        client.force_login(studies.bureau(people.organisation("mst")))
        assert client.get(reverse("studies:team", kwargs={"number": study.number})).status_code == 200

    def test_invitation_is_claimed_at_login(self, client, study):
        self.post(client, study, do="invite", email="late@example.org", level="editor")
        late = people.person("late@example.org")
        client.force_login(late)
        assert study.access.get(email="late@example.org").person == late
        assert client.get(address(study, BASIS)).status_code == 200


class TestQueries:
    """The same at one row of each list and at three."""

    EXPECTED = {BASIS: 17, KIND: 16, DESIGN: 14, HOSPITALS: 16, CONDUCT: 14, ACCESS: 15, CHECK: 15}

    @pytest.mark.parametrize("rows", [1, 3])
    @pytest.mark.parametrize("step", STEPS)
    def test_queries(self, client, editor, django_assert_num_queries, step, rows):
        study = self.study_with(rows, editor)
        client.get(address(study, step))
        with django_assert_num_queries(self.EXPECTED[step]):
            client.get(address(study, step))

    @pytest.mark.parametrize("rows", [1, 3])
    def test_register_and_team(self, client, editor, django_assert_num_queries, rows):
        first, *_others = [self.study_with(rows, editor) for _n in range(rows)]
        for name, keys, queries in (("register", {}, 10), ("team", {"number": first.number}, 13)):
            page = reverse(f"studies:{name}", kwargs=keys)
            client.get(page)
            with django_assert_num_queries(queries):
                client.get(page)

    def study_with(self, rows: int, editor) -> Study:
        hospitals = [people.organisation(f"h{n}", roles=["owner"]) for n in range(rows)]
        colleagues = [people.member(hospitals[0]) for _n in range(rows)]
        values = studies.values(*hospitals)
        contributor = values["contributors"][0]
        many = {name: values[name] * rows for name in ("conditions", "interventions", "primary_outcomes")}
        study = studies.study(
            *hospitals,
            editor=editor,
            contributors=[{**contributor, "person": person.pk} for person in colleagues],
            identifiers=[{"authority": "clinicaltrials_gov", "number": f"NCT0000000{n}"} for n in range(rows)],
            funders=[{"organisation": "", "name": f"F{n}", "ror": "", "grant_number": "", "amount_eur": None}
                     for n in range(rows)],
            outputs=[{"type": "article", "title_nl": f"T{n}", "title_en": "", "doi": "", "url": "", "published": ""}
                     for n in range(rows)],
            **many,
        )  # fmt: skip
        for _n in range(rows - 1):
            studies.viewer(study)
        return study
