"""A study from its first words to the public: registered, questioned, answered, accepted twice, published, found."""

from django.urls import reverse
from django.utils.translation import gettext, ngettext, override
from playwright.sync_api import Page, expect

from .stage import address
from .steps import ask_until, button, fill, mail_to

ALU, BOARD = "Adviescommissie lokale uitvoerbaarheid", "Raad van bestuur"
BODIES = {"zgt": (ALU, "Functionaris gegevensbescherming", BOARD), "mst": ("Wetenschapsbureau MST", ALU, BOARD)}


def page_of(number: str, name: str = "study", language: str = "nl", **arguments: str) -> str:
    with override(language):
        return reverse(f"studies:{name}", kwargs={"number": number, **arguments})


def go_on(page: Page) -> None:
    """Save the step and open the next one."""
    before = page.url
    page.locator("main [name=then][value=next]").click()
    expect(page).not_to_have_url(before)


def choose(page: Page, **fields: str) -> None:
    """Choose in lists of the page by the names of the fields."""
    for name, value in fields.items():
        page.locator(f"main select[name={name}]").select_option(value)


def tick(page: Page, **fields: str) -> None:
    """Choose one of several by name and value."""
    for name, value in fields.items():
        page.locator(f"main [name={name}][value={value}]").check()


def register(page: Page, acronym: str, title: str) -> str:
    """Fill in all steps but the last; returns the number of the study."""
    page.goto(reverse("studies:register"))
    fill(page, acronym=acronym, title=title)
    tick(page, leading="zgt")
    button(page.locator("main form"), "Begin").click()
    expect(page.locator("main [name=summary_nl]")).to_be_visible()
    number = page.url.split("/")[-4]
    fill(page, public_title_en=f"Sleeping on the ward {acronym}", summary_nl="We vragen of je goed slaapt.")
    fill(page, scientific_title_en="Sleep of patients on surgical wards")
    go_on(page)
    tick(page, medical_scientific_research="false", subjected_to_acts_or_rules="false", legal_regime="nwmo")
    tick(page, study_type="OBSERVATIONAL")
    go_on(page)
    choose(page, observational_model="COHORT", time_perspective="PROSPECTIVE")
    fill(page, **{"conditions-0-name_nl": "slapeloosheid", "conditions-0-name_en": "insomnia"})
    fill(page, **{"primary_outcomes-0-measure_nl": "Uren slaap", "inclusion_criteria_nl": "Twee nachten opgenomen"})
    go_on(page)
    tick(page, sites="mst")
    fill(page, **{"contributors-0-name": "R. Veldman", "contact_email": "slaap@example.nl", "countries": "Nederland"})
    choose(page, **{"contributors-0-role": "principal_investigator", "primary_sponsor-0-organisation": "zgt"})
    go_on(page)
    fill(page, first_enrolment="2030-02", completion="2031", sample_size_target="120")
    choose(page, first_enrolment_type="ESTIMATED", completion_type="ESTIMATED")
    go_on(page)
    go_on(page)
    return number


def open_from_queue(page: Page, acronym: str, tab: str = "open") -> None:
    page.goto(f"{reverse('studies:queue')}?tab={tab}&q={acronym}")
    page.locator("main tbody").get_by_role("link", name=acronym).click()


def hear_everybody(page: Page, hospital: str) -> None:
    """Each body of the route says yes, in order."""
    for body in BODIES[hospital]:
        point = page.locator("section[aria-labelledby=route] li").filter(has_text=body)
        point.locator("summary").click()
        point.locator("select").select_option("approved")
        button(point, "Record").click()
        expect(page.locator("main [role=status]").first).to_contain_text(body)


def accept(page: Page, acronym: str, hospital: str) -> None:
    """Take it up, hear the bodies, decide."""
    open_from_queue(page, acronym)
    button(page.locator("main aside"), "Take up the review").click()
    hear_everybody(page, hospital)
    decide = page.locator("section[aria-labelledby=decide]")
    decide.locator("[value=approved]").check()
    button(decide, "Record the decision").click()
    expect(decide).to_have_count(0)


def test_study_from_first_words_to_the_public(visitors, screen):
    acronym, title = f"SLAAP-{screen[:4].upper()}", f"Slapen op zaal {screen}"
    rosa, anybody = visitors.open(screen, address("rosa", screen)), visitors.open(screen)
    zgt, mst = (visitors.open(screen, address(name, screen)) for name in ("wies", "mark"))
    number = register(rosa, acronym, title)
    button(rosa.locator("main form"), "Submit the study").click()
    expect(rosa.locator("main form [name=sites]")).to_have_count(0)
    assert anybody.request.get(page_of(number)).status == 404

    # The bureau asks, the researcher answers.
    open_from_queue(zgt, acronym)
    zgt.locator("#remark select").select_option("summary_nl")
    zgt.locator("#remark textarea").fill("Schrijf ook wat je vergelijkt.")
    button(zgt.locator("#remark"), "Add the remark").click()
    button(zgt.locator("main"), "Return to the researcher").click()
    words = ngettext("%(hospital)s has %(n)s remark: %(study)s", "%(hospital)s has %(n)s remarks: %(study)s", 1)
    mail_to(rosa, address("rosa", screen), words % {"hospital": "ZGT", "n": 1, "study": acronym})
    rosa.goto(reverse("desk:home"))
    rosa.locator("main .todo").get_by_role("link", name=acronym).first.click()
    expect(rosa.locator("main")).to_contain_text("Schrijf ook wat je vergelijkt.")
    rosa.goto(page_of(number, "step", step="basis"))
    fill(rosa, summary_nl="We vergelijken hoe je thuis en op zaal slaapt.")
    go_on(rosa)
    rosa.goto(page_of(number, "step", step="check"))
    rosa.locator("main textarea").first.fill("Thuis tegenover zaal; het staat nu in de samenvatting.")
    button(rosa.locator("section[aria-labelledby=remarks]"), "Keep the answer").click()
    button(rosa.locator("section[aria-labelledby=submit]"), "Submit the study").click()
    expect(rosa.locator("main form [name=sites]")).to_have_count(0)

    # One hospital is ahead of the other, and publishes.
    accept(zgt, acronym, "zgt")
    expect(zgt.locator("section[aria-labelledby=remarks]")).to_contain_text("Thuis tegenover zaal")
    button(zgt.locator("section[aria-labelledby=publishing]"), "Publish the study").click()
    expect(zgt.locator("main")).to_contain_text(gettext("Take the study offline"))
    mail_to(rosa, address("rosa", screen), gettext("Published: %(study)s") % {"study": acronym})
    anybody.goto(page_of(number))
    expect(anybody.get_by_role("heading", level=1)).to_contain_text(title)
    expect(anybody.locator(".site-column")).to_have_count(2)
    accept(mst, acronym, "mst")

    # Everybody finds it, in both languages.
    found = anybody.locator("main").get_by_role("link", name=title)
    ask_until(anybody, f"/nl/zoeken/?q={acronym}", found)
    found.first.click()
    expect(anybody).to_have_url(visitors.site.url(page_of(number)))
    english = anybody.locator("main").get_by_role("link", name=f"Sleeping on the ward {acronym}")
    ask_until(anybody, f"/en/search/?q=insomnia+{acronym}", english)
    with override("en"):
        ask_until(anybody, f"{reverse('studies:list')}?q={acronym}", english)
    english.first.click()
    expect(anybody).to_have_url(visitors.site.url(page_of(number, language="en")))
    assert anybody.request.get(f"/id/{number}", headers={"accept": "application/ld+json"}).json()["name"]
