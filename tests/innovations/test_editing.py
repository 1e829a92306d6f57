"""The pages of the form: an idea is put in, every step saves what it can, and two editors lose nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from academy.accounts.models import Membership, Role
from academy.core import clock, registries
from research.innovations import record as records
from research.innovations.forms.subject import for_editing
from research.innovations.models import Innovation
from research.innovations.record import ACCESS, BENEFITS, CONDITIONS, EVIDENCE, IDEA, LINKS, STEPS, STRATEGY
from research.innovations.services import saving
from research.innovations.states import PublicationState
from research.innovations.vocabularies import Domain
from tests.factories import courses, innovations, people, studies
from tests.factories.pages import Controls
from tests.innovations.test_forms import BENEFIT, FTE, MONEY

pytestmark = pytest.mark.django_db
AUTOSAVE = {"HTTP_X_AUTOSAVE": "1"}


@pytest.fixture
def hospital():
    return people.organisation("mst", roles=["owner"])


@pytest.fixture
def owner(hospital):
    return people.member(hospital)


@pytest.fixture
def innovation(hospital, owner):
    return innovations.innovation(hospital, owner=owner)


@pytest.fixture
def client(client, owner):
    client.force_login(owner)
    return client


def address(innovation: Innovation, step: str) -> str:
    return reverse("innovations:step", kwargs={"number": innovation.number, "step": step})


def typed(client, page: str, **changed) -> MultiValueDict:
    """The form as it stands in the page, with these controls filled in otherwise."""
    data = Controls(client.get(page).content.decode()).data
    for name, value in changed.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def send(client, page: str, data, **headers):
    return client.post(page, {key: data.getlist(key) for key in data}, **headers)


def fresh(innovation: Innovation) -> dict:
    return records.read(for_editing(Innovation.objects.all()).get(pk=innovation.pk))


class TestPutIn:
    PAGE = "innovations:put_in"

    def test_six_answers_make_a_draft_of_the_own_hospital(self, client, owner, hospital):
        pillar, unit = innovations.pillar(), innovations.unit(hospital)
        data = typed(
            client, reverse(self.PAGE), title_nl="Idee", problem_nl="Traag", how_it_works_nl="Sneller",
            **{"units-more": unit.key}, pillar=pillar.key,
        )  # fmt: skip
        answer = send(client, reverse(self.PAGE), data)
        one = Innovation.objects.get()
        assert answer.url == address(one, IDEA)
        read = fresh(one)
        assert (read["title_nl"], read["problem_nl"], read["how_it_works_nl"]) == ("Idee", "Traag", "Sneller")
        assert (read["owner"], read["organisations"], read["units"], read["pillar"]) == (
            owner.pk, ["mst"], [unit.key], pillar.key,
        )  # fmt: skip
        assert one.publication_state == PublicationState.DRAFT

    def test_a_name_is_enough(self, client):
        send(client, reverse(self.PAGE), typed(client, reverse(self.PAGE), title_nl="Idee"))
        assert Innovation.objects.get().title_nl == "Idee"

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"title_nl": ""}, "title_nl"),
            ({"title_nl": "A" * 301}, "title_nl"),
            ({"title_nl": "Idee", "owner": "nobody@example.org"}, "owner"),
            ({"title_nl": "Idee", "pillar": "nonsense"}, "pillar"),
        ],
    )
    def test_what_was_typed_stays_when_something_does_not_fit(self, client, changed, field):
        data = typed(client, reverse(self.PAGE), problem_nl="Veel te traag", **changed)
        page = send(client, reverse(self.PAGE), data)
        assert page.status_code == 200
        assert set(page.context["form"].errors) == {field}
        assert "Veel te traag" in page.content.decode()
        assert not Innovation.objects.exists()

    def test_another_colleague_owns_it_and_who_put_it_in_stays_in_the_team(self, client, owner, hospital):
        colleague = people.member(hospital, email="colleague@example.org")
        send(client, reverse(self.PAGE), typed(client, reverse(self.PAGE), title_nl="Idee", owner=colleague.email))
        one = Innovation.objects.get()
        assert one.owner == colleague
        assert [row.person for row in one.team.all()] == [owner]

    def test_hospitals_are_asked_of_who_works_for_two(self, client, owner):
        def asked() -> bool:
            page = client.get(reverse(self.PAGE))
            blocks = [block for section in page.context["sections"] for block in section.blocks]
            return next(not block.hidden for block in blocks if block.elements[0].name == "organisations")

        assert not asked()
        zgt = people.organisation("zgt", roles=["owner"])
        Membership.objects.create(person=owner, organisation=zgt, role=Role.MEMBER)
        assert asked()
        data = typed(client, reverse(self.PAGE), title_nl="Idee", organisations=["mst", "zgt"])
        send(client, reverse(self.PAGE), data)
        assert fresh(Innovation.objects.get())["organisations"] == ["mst", "zgt"]

    def test_partners_say_which_hospital(self, client, hospital):
        people.organisation("zgt", roles=["owner"])
        client.force_login(people.member(people.organisation("ggd", kind="partner", roles=[])))
        data = typed(client, reverse(self.PAGE), title_nl="Idee", organisations="zgt")
        send(client, reverse(self.PAGE), data)
        assert fresh(Innovation.objects.get())["organisations"] == ["zgt"]

    def test_what_was_typed_waits_behind_the_login(self, client):
        data = typed(client, reverse(self.PAGE), title_nl="BEWAARD")
        with clock.at(clock.now() + timedelta(hours=2)):
            send(client, reverse(self.PAGE), data, HTTP_SEC_FETCH_SITE="same-origin")
        assert "BEWAARD" in str(client.session["kept_form"])

    def test_only_members(self, client):
        client.force_login(people.person())
        assert client.get(reverse(self.PAGE)).status_code == 404
        client.logout()
        assert client.get(reverse(self.PAGE)).status_code == 302

    def test_members_find_the_door(self, owner):
        doors = [door.url for make in registries.doors for door in make(owner)]
        assert reverse(self.PAGE) in doors
        assert reverse(self.PAGE) not in [door.url for make in registries.doors for door in make(people.person())]


class TestWho:
    @pytest.mark.parametrize("step", STEPS)
    def test_strangers_find_no_draft(self, client, innovation, hospital, step):
        client.force_login(people.member(hospital))
        assert client.get(address(innovation, step)).status_code == 404
        assert client.post(address(innovation, step), {"version": "1", "title_nl": "X"}).status_code == 404
        assert fresh(innovation)["title_nl"] == innovations.TEXTS["title_nl"]

    def test_who_may_only_read_is_led_to_the_page(self, client, hospital):
        one = innovations.published(hospital)
        client.force_login(people.member(hospital))
        assert client.get(address(one, IDEA)).url == one.get_absolute_url()
        assert client.post(address(one, IDEA), {"version": "1", "title_nl": "X"}).url == one.get_absolute_url()
        assert fresh(one)["title_nl"] == innovations.TEXTS["title_nl"]

    def test_team_and_managers_of_its_hospital_edit(self, client, innovation, hospital):
        colleague = people.member(hospital)
        saving.save(
            innovation=innovation, actor=innovation.owner, base_version=1,
            values={"team": [{"person": colleague.pk, "function": ""}]},
        )  # fmt: skip
        for person in (colleague, innovations.manager(hospital)):
            client.force_login(person)
            assert client.get(address(innovation, IDEA)).status_code == 200
        client.force_login(innovations.manager(people.organisation("zgt", roles=["owner"])))
        assert client.get(address(innovation, IDEA)).status_code == 404

    def test_no_such_step(self, client, innovation):
        assert client.get(address(innovation, "other")).status_code == 404
        assert client.get(address(innovation, "intake")).status_code == 404


class TestSaving:
    @pytest.mark.parametrize("step", STEPS)
    def test_step_sent_as_it_stands_makes_no_version(self, client, innovation, step):
        page = address(innovation, step)
        answer = send(client, page, typed(client, page, then="next"))
        assert answer.status_code == 302
        assert Innovation.objects.get(pk=innovation.pk).version == 1

    @pytest.mark.parametrize(
        ("step", "then", "goal"), [(IDEA, "next", STRATEGY), (EVIDENCE, "back", STRATEGY), (LINKS, "next", ACCESS)]
    )
    def test_buttons_lead_on_and_back(self, client, innovation, step, then, goal):
        page = address(innovation, step)
        assert send(client, page, typed(client, page, then=then)).url == address(innovation, goal)

    def test_the_last_step_leads_to_the_innovation_and_later_to_mine(self, client, innovation):
        page = address(innovation, ACCESS)
        assert send(client, page, typed(client, page, then="next")).url == innovation.get_absolute_url()
        assert send(client, page, typed(client, page, then="later")).url == reverse("innovations:mine")

    def test_what_fits_is_kept_and_the_rest_stays_typed(self, client, innovation):
        page = address(innovation, IDEA)
        answer = send(client, page, typed(client, page, title_nl="A" * 301, summary_nl="Kort", then="next"))
        assert answer.status_code == 200
        assert list(answer.context["form"].errors) == ["title_nl"]
        assert "A" * 301 in answer.content.decode()
        assert (fresh(innovation)["summary_nl"], fresh(innovation)["title_nl"]) == (
            "Kort", innovations.TEXTS["title_nl"],
        )  # fmt: skip

    def test_rows_without_scripts(self, client, innovation):
        page = address(innovation, BENEFITS)
        answer = send(client, page, typed(client, page, add="money"))
        assert len(answer.context["form"].elements["money"].forms) == 2
        answer = send(client, page, typed(client, page, **{"money-0-year": "2027", "money-0-budget_eur": "1.200"}))
        assert fresh(innovation)["money"][0]["budget_eur"] == "1200"
        answer = send(client, page, typed(client, page, remove="money-0"))
        assert fresh(innovation)["money"] == [
            {**MONEY, "year": 2027, "funder_name": "", "kind": "one_off", "budget_eur": "1200"}
        ]
        (row,) = answer.context["form"].elements["money"].forms
        assert row.is_blank()
        send(client, page, Controls(answer.content.decode()).data)
        assert fresh(innovation)["money"] == []

    def test_links_by_number_are_ticks_the_next_time(self, client, innovation):
        course, study = courses.course(code="BLS-01"), studies.published()
        page = address(innovation, LINKS)
        send(client, page, typed(client, page, **{"courses-more": "bls-01", "studies-more": study.number}))
        assert (fresh(innovation)["courses"], fresh(innovation)["studies"]) == ([course.code], [study.number])
        data = typed(client, page)
        assert (data.getlist("courses"), data.getlist("studies")) == ([course.code], [study.number])
        data.setlist("courses", [])
        send(client, page, data)
        assert fresh(innovation)["courses"] == []

    def test_whoever_hands_it_over_goes_on(self, client, innovation, owner, hospital):
        colleague = people.member(hospital, email="colleague@example.org")
        page = address(innovation, IDEA)
        data = typed(client, page, owner=colleague.email)
        assert send(client, page, data, **AUTOSAVE).status_code == 200
        assert (fresh(innovation)["owner"], [row["person"] for row in fresh(innovation)["team"]]) == (
            colleague.pk, [owner.pk],
        )  # fmt: skip
        assert client.get(page).status_code == 200

    def test_validated_figures_are_not_changed_by_the_team(self, client, hospital, owner):
        one = innovations.innovation(hospital, owner=owner, benefits=[BENEFIT], fte_figures=[FTE])
        rows = {"benefits": [{**BENEFIT, "validated": "18"}], "fte_figures": [{**FTE, "measure": "validated"}]}
        saving.save(innovation=one, actor=innovations.manager(hospital), base_version=1, values=rows)
        page = address(one, BENEFITS)
        data = typed(client, page, **{"benefits-0-validated": "99", "benefits-0-unit": "x", "hours_per_fte": "1600"})
        answer = send(client, page, data)
        assert set(answer.context["form"].errors) == {"benefits"}
        assert (fresh(one)["benefits"][0]["validated"], fresh(one)["hours_per_fte"]) == ("18", 1600)
        send(client, page, typed(client, page, **{"fte_figures-0-cases_per_year": "1"}))
        send(client, page, typed(client, page, remove="fte_figures-0"))
        assert fresh(one)["fte_figures"] == rows["fte_figures"]
        send(client, page, typed(client, page, **{"benefits-0-actual": "17"}))
        assert fresh(one)["benefits"][0]["actual"] == "17"


class TestTwoEditors:
    def other(self, innovation, **values):
        colleague = innovations.manager(people.organisation("mst"))
        saving.save(innovation=innovation, actor=colleague, base_version=1, values=values)

    def test_each_field_is_chosen_and_the_rest_is_saved(self, client, innovation):
        page = address(innovation, IDEA)
        data = typed(client, page, title_nl="Van mij", summary_nl="Kort")
        self.other(innovation, title_nl="Van hen", problem_en="Theirs")
        answer = send(client, page, data)
        (question,) = answer.context["questions"]
        assert (question.name, question.mine, question.theirs) == ("title_nl", ["Van mij"], ["Van hen"])
        read = fresh(innovation)
        assert (read["title_nl"], read["summary_nl"], read["problem_en"]) == ("Van hen", "Kort", "Theirs")
        again = Controls(answer.content.decode()).data
        again["keep-title_nl"] = "mine"
        send(client, page, again)
        assert fresh(innovation)["title_nl"] == "Van mij"

    @pytest.mark.parametrize(
        ("field", "mine", "theirs"),
        [
            ("benefits", {"benefits-0-unit": "dagen", "benefits-0-category": "cost"}, BENEFIT),
            ("money", {"money-0-year": "2028"}, MONEY),
            (
                "fte_figures",
                {f"fte_figures-0-{name}": str(value) for name, value in FTE.items()},
                {**FTE, "measure": "actual"},
            ),
        ],
    )
    def test_rows_are_told_in_words(self, client, innovation, field, mine, theirs):
        page = address(innovation, BENEFITS)
        data = typed(client, page, **mine)
        self.other(innovation, **{field: [theirs]})
        (question,) = send(client, page, data).context["questions"]
        assert question.name == field
        assert all(line.strip() for line in (*question.mine, *question.theirs))
        assert question.mine != question.theirs

    def test_links_that_one_may_not_know_are_not_told(self, client, innovation):
        known, secret = studies.published(), studies.study()
        page = address(innovation, LINKS)
        data = typed(client, page, **{"studies-more": known.number})
        saving.save(innovation=innovation, actor=None, base_version=1, values={"studies": [secret.number]})
        answer = send(client, page, data)
        (question,) = answer.context["questions"]
        assert question.theirs == []
        assert secret.number not in answer.content.decode()


class TestAutosave:
    def save(self, client, innovation, step, data) -> dict:
        answer = send(client, address(innovation, step), data, **AUTOSAVE)
        assert answer.status_code == 200
        return answer.json()

    def test_answer_says_what_was_kept_and_what_is_missing(self, client, hospital, owner):
        one = innovations.innovation(hospital, owner=owner, pillar="")
        data = typed(client, address(one, IDEA), title_nl="Nieuw")
        told = self.save(client, one, IDEA, data)
        assert (told["version"], told["clashes"], told["problems"], told["seen"]) == (2, [], {}, {"pillar": 1})
        assert "#field-pillar" in told["parts"]["missing"]
        data = typed(client, address(one, IDEA), pillar=innovations.pillar().key)
        told = self.save(client, one, IDEA, data)
        assert "#field-pillar" not in told["parts"]["missing"]
        assert "circle-check" in told["parts"]["asked-pillar"]

    def test_time_is_worked_out_and_numbers_are_named(self, client, innovation):
        row = {f"fte_figures-0-{name}": str(value) for name, value in {**FTE, "minutes_after": 4}.items()}
        told = self.save(client, innovation, BENEFITS, typed(client, address(innovation, BENEFITS), **row))
        assert "2,26" in told["parts"]["fte_figures-0-worked-out"]
        study = studies.published()
        data = typed(client, address(innovation, LINKS), **{"studies-more": study.number})
        told = self.save(client, innovation, LINKS, data)
        assert study.number in told["parts"]["found-studies"]

    def test_half_a_number_is_told_and_the_rest_is_kept(self, client, innovation):
        data = typed(client, address(innovation, LINKS), **{"studies-more": "S-20", "reuse_nl": "Almelo"})
        told = self.save(client, innovation, LINKS, data)
        assert list(told["problems"]) == ["studies"]
        assert fresh(innovation)["reuse_nl"] == "Almelo"

    def test_what_was_typed_waits_behind_the_login(self, client, innovation):
        data = typed(client, address(innovation, IDEA), title_nl="BEWAARD")
        with clock.at(clock.now() + timedelta(hours=2)):
            answer = send(client, address(innovation, IDEA), data, HTTP_SEC_FETCH_SITE="same-origin")
        assert answer.url == f"{reverse('account_login')}?next={reverse('kept-form')}"
        assert "BEWAARD" in str(client.session["kept_form"])


class TestHandingIn:
    def test_complete_idea_goes_to_the_managers_and_says_to_whom(self, client, innovation, hospital):
        manager = innovations.manager(hospital)
        page = address(innovation, ACCESS)
        answer = send(client, page, typed(client, page, then="submit", contact_email="x@example.org"))
        assert answer.url == innovation.get_absolute_url()
        innovation.refresh_from_db()
        assert (innovation.publication_state, innovation.contact_email) == (PublicationState.SUBMITTED, "x@example.org")
        said = [str(message) for message in client.get(reverse("innovations:mine")).context["messages"]]
        assert any(manager.full_name in text for text in said)

    def test_what_is_missing_leads_to_its_field(self, client, hospital, owner):
        one = innovations.innovation(hospital, owner=owner, units=[], pillar="", problem_nl="", problem_en="")
        page = address(one, IDEA)
        answer = send(client, page, typed(client, page, then="submit", title_nl="Toch bewaard"))
        assert answer.status_code == 200
        fields = [line.url.rpartition("#")[2] for line in answer.context["incomplete"]]
        assert fields == ["field-problem_nl", "field-units", "field-pillar"]
        one.refresh_from_db()
        assert (one.publication_state, one.title_nl) == (PublicationState.DRAFT, "Toch bewaard")


class TestMine:
    def test_drafts_first_with_what_is_missing_and_the_open_gate(self, client, hospital, owner):
        running = innovations.published(hospital, owner=owner, stage="exploration", days=100)
        gate = innovations.gate(running)
        draft = innovations.innovation(hospital, owner=owner, pillar="")
        innovations.published(hospital)
        first, second = client.get(reverse("innovations:mine")).context["rows"]
        assert (first.innovation, second.innovation) == (draft, running)
        assert [item.name for item in first.missing] == ["pillar"]
        assert (second.open_gate, first.open_gate) == (gate, None)
        assert second.stillness is not None

    def test_nothing_yet_leads_to_putting_in(self, client):
        page = client.get(reverse("innovations:mine"))
        assert page.context["rows"] == []
        assert reverse("innovations:put_in") in page.content.decode()
        client.force_login(people.person())
        assert reverse("innovations:put_in") not in client.get(reverse("innovations:mine")).content.decode()


class TestAssess:
    def page(self, innovation) -> str:
        return reverse("innovations:assess", kwargs={"number": innovation.number})

    def test_team_assesses_what_it_knows_and_managers_the_rest(self, client, innovation, hospital):
        parts = client.get(self.page(innovation)).context["parts"]
        assert {part["kind"] for part in parts if part["form"]} == {"trl", "nasss"}
        client.post(self.page(innovation), {"kind": "trl", "trl-code": "4", "trl-on": clock.today().isoformat()})
        client.post(self.page(innovation), {"kind": "ai", "ai-code": "high", "ai-on": clock.today().isoformat()})
        innovation.refresh_from_db()
        assert (innovation.trl, innovation.ai) == (4, "")
        client.force_login(innovations.manager(hospital))
        assert all(part["form"] for part in client.get(self.page(innovation)).context["parts"])
        client.post(self.page(innovation), {"kind": "ai", "ai-code": "high", "ai-on": clock.today().isoformat()})
        innovation.refresh_from_db()
        assert innovation.ai == "high"

    def test_seven_domains_with_their_notes(self, client, innovation):
        levels = {f"nasss-{domain}": "complex" for domain in Domain.values}
        sent = {"kind": "nasss", "nasss-on": clock.today().isoformat(), **levels, "nasss-value_note_nl": "Onzeker"}
        client.post(self.page(innovation), sent)
        (row,) = client.get(self.page(innovation)).context["parts"][1]["rows"]
        assert [judged.note for judged in row.domains if judged.note] == ["Onzeker"]
        assert row.assessment.complex == 7
        page = client.post(
            self.page(innovation), {name: value for name, value in sent.items() if name != "nasss-value"}
        )
        assert page.context["sent"].errors["value"]
        assert "Onzeker" in page.content.decode()

    def test_a_day_to_come_is_refused_and_what_was_typed_stays(self, client, innovation):
        day = (clock.today() + timedelta(days=3)).isoformat()
        page = client.post(self.page(innovation), {"kind": "trl", "trl-code": "4", "trl-on": day, "trl-note_nl": "Ja"})
        assert page.context["sent"].errors["on"]
        assert "Ja" in page.content.decode()
        assert not innovation.assessments.exists()

    def test_strangers_and_readers(self, client, innovation, hospital):
        client.force_login(people.member(hospital))
        assert client.get(self.page(innovation)).status_code == 404
        one = innovations.published(hospital)
        assert client.get(self.page(one)).url == one.get_absolute_url()
        assert client.post(self.page(one), {"kind": "trl", "trl-code": "4"}).status_code == 302
        assert not one.assessments.exists()

    @pytest.mark.parametrize("kind", ["", "nonsense"])
    def test_kinds_that_do_not_exist(self, client, innovation, kind):
        assert client.post(self.page(innovation), {"kind": kind}).status_code == 200


class TestQueries:
    """The same at one row of each list and at three."""

    @pytest.fixture(autouse=True)
    def _without_search(self, monkeypatch):
        """What is similar is counted on its own."""
        monkeypatch.setattr("research.innovations.views.editing.similar_to", lambda *args: [])

    EXPECTED = {IDEA: 27, STRATEGY: 34, EVIDENCE: 23, CONDITIONS: 24, BENEFITS: 25, LINKS: 25, ACCESS: 24}

    @pytest.mark.parametrize("rows", [1, 3])
    @pytest.mark.parametrize("step", STEPS)
    def test_steps(self, client, owner, hospital, django_assert_num_queries, step, rows):
        one = self.innovation_with(rows, hospital, owner)
        client.get(address(one, step))
        with django_assert_num_queries(self.EXPECTED[step]):
            client.get(address(one, step))

    @pytest.mark.parametrize("rows", [1, 3])
    @pytest.mark.parametrize(("name", "queries"), [("put_in", 8), ("mine", 25), ("assess", 8)])
    def test_other_pages(self, client, owner, hospital, django_assert_num_queries, name, queries, rows):
        made = [self.innovation_with(rows, hospital, owner) for _n in range(rows)]
        page = reverse(f"innovations:{name}", kwargs={"number": made[0].number} if name == "assess" else {})
        client.get(page)
        with django_assert_num_queries(queries):
            client.get(page)

    def innovation_with(self, rows: int, hospital, owner) -> Innovation:
        colleagues = [people.member(hospital) for _n in range(rows)]
        return innovations.innovation(
            hospital,
            owner=owner,
            sponsor=colleagues[0].pk,
            benefits=[{**BENEFIT, "key": f"b{n}", "owner": person.pk} for n, person in enumerate(colleagues)],
            fte_figures=[{**FTE, "measure": measure} for measure in ("estimate", "actual", "validated")[:rows]],
            money=[{**MONEY, "year": 2026 + n} for n in range(rows)],
            dependencies=[
                {"kind": "epd", "name": str(n), "state": "open", "note_nl": "", "note_en": ""} for n in range(rows)
            ],
            courses=[courses.course().code for _n in range(rows)],
            studies=[studies.published().number for _n in range(rows)],
            goals=[innovations.goal(f"g{n}", n).key for n in range(rows)],
            team=[{"person": person.pk, "function": ""} for person in colleagues],
        )
