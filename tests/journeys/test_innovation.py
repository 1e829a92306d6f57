"""An innovation from idea by its gates to a stop with lessons, and found again by whoever has the same idea."""

from django.urls import reverse
from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import Locator, Page, expect

from .stage import address
from .steps import ask_until, button, fill, mail_to

LESSON = "Spreek vooraf af wie de metingen bekijkt."


def page_of(number: str, name: str = "innovation", language: str = "nl", **arguments: str) -> str:
    with override(language):
        return reverse(f"innovations:{name}", kwargs={"number": number, **arguments})


def put_in(page: Page, title: str) -> str:
    """The six fields, handed in; returns the number."""
    page.goto(reverse("innovations:put_in"))
    fill(
        page,
        title_nl=title,
        problem_nl="Mensen wegen zich thuis op oude weegschalen en niemand ziet het gewicht oplopen.",
        how_it_works_nl="De weegschaal stuurt het gewicht zelf naar de poli.",
    )
    page.locator("main select[name=units-more]").select_option("zgt_hartpoli")
    page.locator("main [name=pillar][value=p3]").check()
    button(page.locator("main form"), "Keep the idea").click()
    expect(page.locator("main [name=then]").first).to_be_visible()
    number = page.url.split("/")[-4]
    button(page.locator("main form"), "Hand the idea in").click()
    expect(page.locator("main [name=then][value=submit]")).to_have_count(0)
    return number


def decide(page: Page, number: str, result: str, **fields: str) -> None:
    """A gate that was asked and decided in one meeting."""
    page.goto(page_of(number, "record_decision"))
    page.locator("main select[name=body]").select_option(index=1)
    page.locator(f"main [name=result][value={result}]").check()
    fill(page, **fields)
    button(page.locator("main form.deciding"), "Record the decision").click()
    expect(page.locator("main [role=status]").first).to_be_visible()


def test_from_idea_to_stop_with_lessons_and_found_as_similar(visitors, screen):
    title = f"Slimme weegschaal {screen}"
    ivo, mira, anybody = (
        visitors.open(screen, address("ivo", screen)),
        visitors.open(screen, address("mira", screen)),
        visitors.open(screen),
    )
    number = put_in(ivo, title)
    assert anybody.request.get(page_of(number)).status == 404

    # The innovation manager takes it into the portfolio.
    mira.goto(reverse("innovations:intake"))
    mira.locator("main").get_by_role("link", name=title).first.click()
    if page_of(number, "publication") not in mira.url:
        mira.goto(page_of(number, "publication"))
    button(mira.locator("main"), "Take into the portfolio").click()
    mail_to(ivo, address("ivo", screen), title)
    anybody.goto(page_of(number))
    expect(anybody.get_by_role("heading", level=1)).to_contain_text(title)

    # Forward by a gate, then stopped: without lessons it is refused, and nothing that was typed is lost.
    decide(mira, number, "go", rationale_nl="Een herkenbaar probleem.")
    anybody.goto(page_of(number))
    expect(anybody.locator("main")).to_contain_text("Een herkenbaar probleem.")
    mira.goto(page_of(number, "record_decision"))
    mira.locator("main select[name=body]").select_option(index=1)
    mira.locator("main [name=result][value=stop]").check()
    fill(mira, rationale_nl="Niemand keek naar de metingen.")
    button(mira.locator("main form.deciding"), "Record the decision").click()
    expect(mira.locator("main [name=rationale_nl]")).to_have_value("Niemand keek naar de metingen.")
    expect(mira.locator("main")).to_contain_text(gettext("Write what others can learn from it."))
    fill(mira, lessons_nl=LESSON)
    button(mira.locator("main form.deciding"), "Record the decision").click()
    expect(mira.locator("main [role=status]").first).to_be_visible()

    # It stays, with why and what was learned; whoever has the same idea meets it.
    anybody.goto(page_of(number))
    main = anybody.locator("main")
    expect(main).to_contain_text(pgettext("outcome of an innovation", "Stopped"))
    expect(main).to_contain_text("Niemand keek naar de metingen.")
    expect(main).to_contain_text(LESSON)
    found = anybody.locator("main").get_by_role("link", name=title)
    ask_until(anybody, f"/nl/zoeken/?q={title.replace(' ', '+')}", found)
    dora = visitors.open(screen, address("rosa", screen))
    dora.goto(reverse("innovations:put_in"))
    fill(dora, title_nl=f"Een slimme weegschaal voor thuis {screen}", problem_nl="Het gewicht loopt thuis ongezien op.")
    if screen == "phone":  # without scripts similar ones are shown once it is kept
        button(dora.locator("main form"), "Keep the idea").click()
    similar = dora.locator("main").get_by_role("link", name=title).first
    expect(similar).to_be_visible()
    expect(dora.locator("main")).to_contain_text(pgettext("outcome of an innovation", "Stopped"))


def tab_to(page: Page, control: Locator) -> None:
    """Go on with the tab key until this control has the focus."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if control.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("this cannot be reached with the keyboard")


def test_the_portfolio_is_filtered_by_keyboard_alone(visitors):
    page = visitors.open("desktop", "innovation-manager@example.org")
    page.goto(reverse("innovations:portfolio"))
    before = page.locator("main table").first.inner_text()
    tab_to(page, page.locator("main form select[name=organisation]"))
    page.keyboard.type("Medisch")
    tab_to(page, button(page.locator("main form.toolbar"), "Show"))
    page.keyboard.press("Enter")
    expect(page.locator("main .chips")).to_contain_text("Medisch Spectrum Twente")
    assert "organisation=mst" in page.url
    assert page.locator("main table").first.inner_text() != before
    # A zero of the heat map is a link like every other number.
    cells = page.locator("main .heat-map tbody a")
    assert cells.count() >= 21
    cells.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert "organisation=mst" in page.url
