"""What the page of a study shows to whom: its context, for the published record and for the preview."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from academy.core import clock, wording
from academy.core.translation import LANGUAGES, Text, current
from search import facade, registry
from search.contract import Hit

from . import linked_data
from . import record as records
from .exporting import FORMATS
from .history import History
from .models import Deadline, Study
from .permissions import bureaus_of, level_of, visibility_now, visible_to
from .recruitment import recruitment
from .sections import characteristics, publications, sections
from .sheet import Sheet
from .states import PublicationState
from .vocabularies import Visibility

SOON = 60  # days before a deadline in which the page points to it
LATEST = 3  # changes that the page itself shows
SCANNED = 30  # versions that are read to find them
RELATED = 4


@dataclass(frozen=True)
class Due:
    """A deadline as the page shows it; `url` leads to where it is met."""

    title: str
    url: str
    hint: str
    when: str
    tone: str
    icon: str


def study_page_of(study: Study, user: Any) -> dict[str, Any]:
    """The page of the record as it stands, for this user."""
    level = level_of(user, study)
    sheet = Sheet(study, records.read(study), level)
    near = level == Visibility.TEAM
    history = History(study, level, newest=SCANNED) if near else None
    due = _due(study) if near else []
    return {
        **_body(sheet),
        **_addresses(study),
        "near": near,
        "may": _may(study, user),
        "linked": linked_data.script(study) if _is_public(study) else "",
        "restricted": _restriction(study),
        "due": due,
        "urgent": due[0] if due and due[0].tone != "neutral" else None,
        "latest": history[:LATEST] if history else [],
        "related": _related(study, user),
    }


def preview_of(study: Study, level: str) -> dict[str, Any]:
    """The page as people of this level will see it once everything that is written is published."""
    sheet = Sheet(study, records.current(study), level)
    opens = sheet.opens_on
    day = wording.plain_date(opens) if opens else ""
    return {**_body(sheet), "level": level, "hidden": not sheet.record, "near": False, "opens": day}


def _body(sheet: Sheet) -> dict[str, Any]:
    figures = recruitment(sheet.sites, sheet.record) if sheet.sees("recruitment") else None
    return {
        "study": sheet.study,
        "sheet": sheet,
        "facts": characteristics(sheet),
        "sections": sections(sheet),
        "publications": publications(sheet),
        "recruitment": figures,
        "texts": {name: sheet.both(name) for name in _TEXTS},
        "contact": sheet.get("contact_email"),
        "sees_people": sheet.sees("people"),
        "programmes": _programmes(sheet),
    }


_TEXTS = ("summary", "description", "why_stopped", "results_summary", "ipd_statement")


def _addresses(study: Study) -> dict[str, Any]:
    """Where else this study is: in each language, its history, as a file."""
    pages = {}
    for code in LANGUAGES:
        with override(code):
            pages[code] = f"{settings.SITE_URL}{study.get_absolute_url()}"
    number = {"number": study.number}
    return {
        "addresses": pages,
        "canonical": pages[current()],
        "history_url": reverse("studies:history", kwargs=number),
        "downloads": [
            {"label": label, "url": reverse("studies:download", kwargs={**number, "format": name})}
            for name, (label, _send) in FORMATS.items()
        ],
    }


def _programmes(sheet: Sheet) -> list[Any]:
    keys = sheet.get("programmes")
    return [programme for programme in sheet.study.programmes.all() if programme.key in keys]


def _may(study: Study, user: Any) -> dict[str, Any]:
    """What this person can do from here."""
    edits = user.has_perm("studies.edit", study) and study.publication_state != PublicationState.WITHDRAWN
    mine = bureaus_of(user)
    reviews = [site for site in study.sites.all() if site.organisation_id in mine]
    return {"edit": edits, "review": reviews}


def _is_public(study: Study) -> bool:
    return study.publication_state == PublicationState.PUBLISHED and visibility_now(study) == Visibility.PUBLIC


def _restriction(study: Study) -> str:
    """Why not everybody sees this page; empty when everybody does."""
    if study.publication_state == PublicationState.WITHDRAWN:
        return _("This study was taken offline. Only the study team and the science bureaus see this page.")
    if study.publication_state != PublicationState.PUBLISHED:
        return _("This study is not published yet. Only the study team and the science bureaus see this page.")
    whole = visibility_now(study)
    if whole == Visibility.PUBLIC:
        return ""
    words = {
        Visibility.MEMBERS: _("Only members of the hospitals involved see this study."),
        Visibility.TEAM: _("Only the study team and the science bureaus see this study."),
    }[whole]
    if study.embargo_until:
        day = wording.plain_date(study.embargo_until)
        return f"{words} {_('From %(day)s on it is public.') % {'day': day}}"
    return words


def _due(study: Study) -> list[Due]:
    """What is still to be done, the most urgent first."""
    rows = [row for row in study.deadlines.all() if row.done_on is None]
    return [_as_due(row, study) for row in sorted(rows, key=lambda row: (row.due_on, row.pk))]


def _as_due(row: Deadline, study: Study) -> Due:
    days = (row.due_on - clock.today()).days
    hospital = f", {row.site.organisation.short_name}" if row.site else ""
    if days < 0:
        hint = ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": wording.number(-days)}
        tone, icon = "negative", "triangle-alert"
    else:
        hint = ngettext("%(n)s day left", "%(n)s days left", days) % {"n": wording.number(days)}
        tone, icon = ("warning", "clock") if days <= SOON else ("neutral", "circle-dashed")
    title = wording.capital(row.get_kind_display())
    url = reverse("studies:meet", kwargs={"number": study.number, "pk": row.pk})
    return Due(f"{title}{hospital}", url, hint, wording.plain_date(row.due_on), tone, icon)


@dataclass(frozen=True)
class Related:
    """Another record about the same."""

    title: Text
    url: str
    kind: str


def _related(study: Study, user: Any) -> list[Related]:
    """What is about the same; studies among them are looked up again, since an index is a moment behind."""
    if study.publication_state != PublicationState.PUBLISHED:
        return []
    try:
        hits = facade.similar(f"study:{study.pk}", facade.viewer_for(user), current(), RELATED)
    except facade.SearchUnavailable:
        return []
    keys = [int(hit.pk) for hit in hits if hit.type == "study"]
    there = set(visible_to(Study.objects.filter(pk__in=keys), user).values_list("pk", flat=True)) if keys else set()
    return [_as_related(hit) for hit in hits if hit.type != "study" or int(hit.pk) in there]


def _as_related(hit: Hit) -> Related:
    source = registry.source(hit.type)
    kind = str(source.label) if source else ""
    return Related(Text(hit.title, hit.language, hit.language != current()), hit.url, kind)
