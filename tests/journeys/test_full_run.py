"""A run is full: a place on the list, somebody cancels, the first in line has the seat."""

from playwright.sync_api import expect

from .stage import address
from .steps import button, heading, mail_to, run_row


def test_first_in_line_gets_the_seat_of_who_cancels(visitors, screen):
    place = f"Hal {screen}"
    waiting = {name: visitors.open(screen, address(name, screen)) for name in ("anna", "bert")}
    for number, (_name, page) in enumerate(waiting.items(), start=1):
        page.goto("/nl/cursussen/PRIV-01/")
        button(run_row(page, place), "Join the waiting list").click()
        expect(page.locator("main .verdict")).to_contain_text(f"nummer {number} ")

    holder = visitors.open(screen, address("carla", screen))
    holder.goto("/nl/cursussen/PRIV-01/")
    button(run_row(holder, place), "See your enrolment").click()
    button(holder.locator("main form"), "Cancel your enrolment").click()
    expect(heading(holder, "You are no longer enrolled")).to_be_visible()

    first, second = waiting.values()
    first.reload()
    expect(heading(first, "You are enrolled")).to_be_visible()
    second.reload()
    expect(second.locator("main .verdict")).to_contain_text("nummer 1 ")
    mail_to(first, address("anna", screen), "voor jou")
    expect(first.locator("main")).to_contain_text("Privacy en informatiebeveiliging")
    expect(first.locator("main")).to_contain_text("voor jou")
    expect(first.locator("main details").filter(has_text="text/calendar")).to_be_visible()
