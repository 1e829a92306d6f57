"""The bones of the site, made once and found again: languages, root, home pages, lists of news, workflow."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import Collection, Locale, Page, Site, Task, Workflow, WorkflowPage, WorkflowTask

from .models import HomePage, NewsIndexPage, SecondEditorTask
from .rights import EDITORS

HOME = {
    "nl": {
        "title": "Leren, onderzoeken en vernieuwen in Twente",
        "hero_title": "Samen leren, onderzoeken en vernieuwen",
        "lead": "Eén plek voor de scholing, het onderzoek en de innovaties van MST en ZGT.",
        "search_example": "Bijvoorbeeld: hartfalen, infuus, reanimatie",
        "popular_searches": "reanimatie\nthuismonitoring\nvoorbehouden handelingen",
        "learn_text": "Cursussen, e-learning en leerlijnen, met punten voor je register.",
        "research_text": "Wat we onderzoeken, wie kan meedoen en wat eruit kwam.",
        "innovation_text": "Van eerste idee tot dagelijks gebruik: wat we proberen en waarom iets stopt.",
        "about_text": "Wie we zijn, hoe je ons bereikt en wat we met je gegevens doen.",
    },
    "en": {
        "title": "Learning, research and renewal in Twente",
        "hero_title": "Learning, researching and renewing together",
        "lead": "One place for the training, the research and the innovations of MST and ZGT.",
        "search_example": "For example: heart failure, infusion, resuscitation",
        "popular_searches": "resuscitation\nhome monitoring\nreserved procedures",
        "learn_text": "Courses, e-learning and tracks, with points for your register.",
        "research_text": "What we study, who can take part, and what came out of it.",
        "innovation_text": "From first idea to daily use: what we try, and why something stops.",
        "about_text": "Who we are, how you reach us and what we do with your data.",
    },
}
NEWS = {"nl": {"title": "Nieuws", "slug": "nieuws"}, "en": {"title": "News", "slug": "news"}}
WORKFLOW = "Goedkeuring door een tweede redacteur"


@dataclass(frozen=True)
class Planted:
    """The pages that other pages are put under, by language."""

    home: dict[str, HomePage]
    news: dict[str, NewsIndexPage]
    site: Site


@transaction.atomic
def plant_site() -> Planted:
    """Make what is missing and leave the rest as it is; safe to call again. Works on tables without migrations too."""
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code, _label in settings.LANGUAGES}
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root", locale=locales["nl"])
    home = _in_both(HomePage, {"nl": root, "en": root}, HOME, locales, slugs={"nl": "nl", "en": "en"})
    news = _in_both(NewsIndexPage, home, NEWS, locales, slugs={code: NEWS[code]["slug"] for code in NEWS})
    site = _default_site(home["nl"])
    _remove_what_wagtail_planted()
    _second_editor_workflow(home)
    Site.clear_site_root_paths_cache()
    return Planted(home, news, site)


def _in_both(model, parents, texts, locales, slugs) -> dict:
    """One live page per language, translations of each other; the first of each language that there is counts."""
    pages: dict = {}
    for code, locale in locales.items():
        page = model.objects.filter(locale=locale).order_by("path").first()
        if page is None:
            key = {"translation_key": pages["nl"].translation_key} if "nl" in pages else {}
            parent = Page.objects.get(pk=parents[code].pk)
            page = parent.add_child(instance=model(locale=locale, **{**texts[code], "slug": slugs[code]}, **key))
            page.save_revision(clean=False).publish()
        pages[code] = model.objects.get(pk=page.pk)
    return pages


def _default_site(home: HomePage) -> Site:
    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    wanted = {
        "hostname": address.hostname or "localhost",
        "port": port,
        "root_page": Page.objects.get(pk=home.pk),
        "site_name": settings.WAGTAIL_SITE_NAME,
    }
    site, _made = Site.objects.update_or_create(is_default_site=True, defaults=wanted)
    return site


def _remove_what_wagtail_planted() -> None:
    """Wagtail's own migrations make a page that says welcome, and groups that may publish alone, with a workflow."""
    for page in Page.objects.filter(depth=2, content_type__app_label="wagtailcore", content_type__model="page"):
        page.delete()
    Workflow.objects.filter(name="Moderators approval").delete()
    Task.objects.filter(name="Moderators approval").delete()
    Group.objects.filter(name__in=["Moderators", "Editors"]).delete()


def _second_editor_workflow(home: dict[str, HomePage]) -> None:
    """Nothing below a home page goes live without a second editor."""
    group, _made = Group.objects.get_or_create(name=EDITORS)
    task = SecondEditorTask.objects.filter(groups=group).first()
    if task is None:
        task = SecondEditorTask.objects.create(name="Tweede redacteur")
        task.groups.add(group)
    workflow, _made = Workflow.objects.get_or_create(name=WORKFLOW, defaults={"active": True})
    WorkflowTask.objects.get_or_create(workflow=workflow, task=Task.objects.get(pk=task.pk), defaults={"sort_order": 0})
    for page in home.values():
        WorkflowPage.objects.get_or_create(page=Page.objects.get(pk=page.pk), defaults={"workflow": workflow})
