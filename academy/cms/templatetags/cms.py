"""What pages show of other rooms."""

from typing import Any

from django import template
from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from academy.core import wording
from academy.core.translation import Text, current, pick
from courses.enrolment.rows import RunRow
from research.innovations.states import Outcome
from research.innovations.tabs import address as innovations_address
from research.studies.vocabularies import RecruitmentStatus

from .. import menus, selectors
from ..languages import TwoLanguages
from ..models import HomePage, NewsPage

register = template.Library()
NEWS_PER_PAGE = 20


@register.simple_tag(takes_context=True)
def coming_runs(context: template.Context) -> list[dict[str, Any]]:
    """The agenda of the home page, as arguments of `agenda_item`."""
    return [_agenda_row(row) for row in selectors.agenda(_reader(context))]


def _agenda_row(row: RunRow) -> dict[str, Any]:
    first = row.first
    time = wording.time_range(first.starts_at, first.ends_at) if first else ""
    more = _("%(n)s meetings") % {"n": len(row.days)} if len(row.days) > 1 else ""
    hours = wording.hours(row.run.course.hours)
    return {
        "day": first.starts_at if first else row.run.starts_on,
        "title": pick(row.run.course, "title"),
        "url": row.run.get_absolute_url(),
        "meta": [row.places, time, f"{hours}, {more}" if more else hours],
        "state": row.badge,
    }


@register.simple_tag(takes_context=True)
def ways_to_learn(context: template.Context) -> list[dict[str, Any]]:
    """The links of the entrance "Learn", with how many there are behind them."""
    found = selectors.counts(_reader(context))
    catalogue = reverse("catalogue:list")
    return [
        {"label": _("All courses"), "url": f"{catalogue}?type=course", "count": found.courses},
        {"label": _("Tracks"), "url": f"{catalogue}?type=track", "count": found.tracks},
        {"label": _("Check a certificate"), "url": reverse("verify-form"), "count": None},
    ]


@register.simple_tag(takes_context=True)
def ways_into_research(context: template.Context) -> list[dict[str, Any]]:
    """The links of the entrance "Research", with how many there are behind them."""
    found = selectors.study_counts(_reader(context))
    studies = reverse("studies:list")
    recruiting = f"{studies}?status={RecruitmentStatus.RECRUITING}"
    return [
        {"label": _("All studies"), "url": studies, "count": found.studies},
        {"label": _("Studies that look for participants"), "url": recruiting, "count": found.recruiting},
    ]


@register.simple_tag(takes_context=True)
def ways_into_innovation(context: template.Context) -> list[dict[str, Any]]:
    """The links of the entrance "Innovate", with how many there are behind them."""
    found = selectors.innovation_counts(_reader(context))
    active = innovations_address("list", f"outcome={Outcome.ACTIVE}")
    return [
        {"label": _("Innovation portfolio"), "url": innovations_address("portfolio"), "count": found.innovations},
        {"label": _("What somebody works on"), "url": active, "count": found.active},
        {"label": _("Programmes"), "url": reverse("cms:programmes"), "count": found.programmes},
        {"label": _("Roadmap"), "url": reverse("cms:roadmap"), "count": None},
    ]


@register.simple_tag(takes_context=True)
def about_us(context: template.Context) -> list[dict[str, Any]]:
    """The links of the entrance "The academy": the pages of menu and foot."""
    return menus.about(context["request"])


@register.simple_tag(takes_context=True)
def news_list_address(context: template.Context) -> str:
    """Where the list of news is in the reader's language."""
    return menus.news_address(context["request"])


@register.inclusion_tag("components/breadcrumb.html", takes_context=True)
def page_trail(context: template.Context, page: TwoLanguages) -> dict[str, Any]:
    """The pages between home and this one, in the reader's language where they have one."""
    above = [_shown(found) for found in page.get_ancestors().filter(depth__gt=2)]
    steps = [(found.title, found.get_url(context.get("request"))) for found in above]
    code = page.language
    return {"home_url": f"/{current()}/", "steps": steps, "here": Text(page.title, code, code != current())}


def _shown(page: Any) -> Any:
    page = page.specific
    return page if page.language == current() else page.counterpart or page


@register.simple_tag(takes_context=True)
def latest_news(context: template.Context) -> list[dict[str, Any]]:
    """The latest news, as arguments of `link_item`."""
    address = menus.news_address(context["request"])
    return [news_row(news, address) for news in selectors.news_in(current())[: selectors.NEWS_LENGTH]]


@register.simple_tag(takes_context=True)
def news_pages(context: template.Context) -> Slice:
    """The part of the news that the address asks for; the objects are arguments of the list."""
    news = selectors.news_in(current())
    shown = Paginator(news, NEWS_PER_PAGE).get_page(context["request"].GET.get("page"))
    address = menus.news_address(context["request"])
    shown.object_list = [news_row(page, address) for page in shown.object_list]
    return shown


def news_row(news: NewsPage, address: str) -> dict[str, Any]:
    """Title, summary and address of news, marked when it is in the other language."""
    code, language = news.locale.language_code, current()
    return {
        "title": Text(news.title, code, code != language),
        "summary": Text(news.summary, code, code != language),
        "url": f"{address}{news.slug}/",
        "day": news.date,
    }


@register.simple_tag(takes_context=True)
def programme_figures(context: template.Context, page: HomePage) -> list[dict[str, Any]]:
    """How many courses and innovations the highlighted programme has, with the way to them; zeros are left out."""
    reader, chosen = _reader(context), f"programme={page.programme.key}"
    courses = selectors.programme_courses(page.programme, reader)
    innovations = selectors.programme_innovations(page.programme, reader)
    figures = [
        {"label": _("courses"), "value": courses, "url": f"{reverse('catalogue:list')}?{chosen}"},
        {"label": _("innovations"), "value": innovations, "url": innovations_address("list", chosen)},
    ]
    return [figure for figure in figures if figure["value"]]


def _reader(context: template.Context) -> Any:
    return context["request"].user
