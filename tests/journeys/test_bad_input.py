"""Nothing that was typed is lost, nothing is done twice."""

from playwright.sync_api import expect

from .site import PASSWORD
from .stage import address
from .steps import button, fill, heading


def test_registering_with_mistakes_keeps_what_was_typed(visitors, screen):
    page = visitors.open(screen)
    page.goto("/accounts/signup/")
    fill(page, given_name="Ömer <b>", family_name="Şahin", email="geen adres", password1="kort")
    button(page.locator("main form"), "Register").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_visible()
    for name, typed in {"given_name": "Ömer <b>", "family_name": "Şahin", "email": "geen adres"}.items():
        expect(page.locator(f"main [name={name}]")).to_have_value(typed)
    for name in ("email", "password1"):
        field = page.locator(f"main [name={name}]")
        expect(field).to_have_attribute("aria-invalid", "true")
        described = field.get_attribute("aria-describedby")
        expect(page.locator(f"#{described.split()[-1]}")).to_be_visible()
    summary.get_by_role("link").first.click()
    expect(page.locator("main [name=email]")).to_be_focused()


def test_double_click_is_one_enrolment(visitors, screen):
    page = visitors.open(screen, address("bert", screen))
    page.goto("/nl/cursussen/OK-GROEN/")
    button(page.locator("main table"), "Enrol").dblclick()
    page.wait_for_url("**/inschrijvingen/**")
    expect(heading(page, "You are enrolled")).to_be_visible()
    page.goto("/nl/mijn-academie/")
    expect(page.locator("main .agenda > li").filter(has_text="De duurzame OK")).to_have_count(1)


def test_back_button_and_second_tab_change_nothing(visitors, screen):
    page = visitors.open(screen, address("carla", screen))
    page.goto("/nl/cursussen/TAAL-01/")
    other = page.context.new_page()
    other.goto("/nl/cursussen/TAAL-01/")
    button(page.locator("main table"), "Enrol").click()
    expect(heading(page, "You are enrolled")).to_be_visible()
    enrolment = page.url
    page.go_back()
    again = button(page.locator("main table"), "Enrol")
    if again.is_visible():  # the page as it was before
        again.click()
        expect(page).to_have_url(enrolment)
    button(other.locator("main table"), "Enrol").click()
    expect(other).to_have_url(enrolment)


def test_expired_session_loses_nothing(visitors, screen):
    page = visitors.open(screen, address("anna", screen))
    page.goto("/nl/cursussen/AGR-01/")
    button(page.locator("main table"), "Enrol").click()
    expect(heading(page, "You are enrolled")).to_be_visible()
    fill(page, reason="Ik ben die dag op vakantie.")
    page.context.clear_cookies(name="sessionid")
    button(page.locator("main form"), "Cancel your enrolment").click()
    page.locator("[name=login]").fill(address("anna", screen))
    page.locator("[name=password]").fill(PASSWORD)
    button(page.locator("main form"), "Log in").click()
    expect(heading(page, "What you filled in is still here")).to_be_visible()
    page.locator("main summary").last.click()
    expect(page.locator("main")).to_contain_text("Ik ben die dag op vakantie.")
    button(page.locator("main form"), "Send it again").click()
    expect(heading(page, "You are no longer enrolled")).to_be_visible()
