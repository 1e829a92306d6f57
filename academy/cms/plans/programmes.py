"""The list of programmes and the page of one."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Case, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.core import wording
from academy.core.linked_data import as_script
from academy.core.translation import Text, current, in_each_language, pick
from academy.strategy import linked_data
from academy.strategy.linked import attach_linked
from academy.strategy.models import Milestone, Programme
from academy.strategy.progress import Progress
from academy.strategy.selectors import programmes_for_list
from research.innovations import badges
from research.innovations.models import Innovation
from research.innovations.states import Outcome
from research.innovations.tabs import address as innovations_address
from research.studies.models import Study

from . import belonging

MOST = 12  # innovations and studies that the page names; the others are in their lists


def entries_for(user: Any) -> list[dict[str, Any]]:
    """Every programme as arguments of `course_card`, with how much this user finds behind it."""
    programmes = list(programmes_for_list())
    attach_linked(programmes, user)
    return [_entry(programme) for programme in programmes]


def _entry(programme: Programme) -> dict[str, Any]:
    owners = ", ".join(owner.short_name for owner in programme.organisations.all())
    return {
        "title": pick(programme, "title"),
        "url": programme.get_absolute_url(),
        "text": pick(programme, "summary"),
        "meta": [text for text in (programme.number, owners, programme.location, span_of(programme)) if text],
        "pillar": programme.pillar,
        "following": _counts(programme),
    }


def _counts(programme: Programme) -> list[str]:
    innovations, courses, studies = (len(programme.linked[kind]) for kind in ("innovations", "courses", "studies"))
    return [
        ngettext("%(n)s innovation", "%(n)s innovations", innovations) % {"n": wording.number(innovations)},
        ngettext("%(n)s course", "%(n)s courses", courses) % {"n": wording.number(courses)},
        ngettext("%(n)s study", "%(n)s studies", studies) % {"n": wording.number(studies)},
    ]


def span_of(programme: Programme) -> str:
    """From which horizon to which, in words."""
    ends = [horizon for horizon in (programme.horizon_from, programme.horizon_to) if horizon]
    names = [str(horizon) for horizon in dict.fromkeys(ends)]
    return _("%(first)s to %(last)s") % {"first": names[0], "last": names[1]} if len(names) == 2 else "".join(names)


def page_of(programme: Programme, user: Any) -> dict[str, Any]:
    """All that the page of a programme shows to this user; `selectors.programmes_for_page` gave the programme."""
    addresses = in_each_language(programme.get_absolute_url)
    ids = [programme.pk]
    studies = belonging.studies_of(ids, user).get(programme.pk, [])
    innovations = belonging.innovations_of(ids, user)
    return {
        "programme": programme,
        "facts": _facts(programme),
        "text": pick(programme, "body"),
        "milestones": [_milestone(milestone) for milestone in programme.milestones.all()],
        "courses": belonging.courses_of(ids, user).get(programme.pk, []),
        "through": belonging.courses_through_innovations(ids, user).get(programme.pk, []),
        "courses_url": f"{reverse('catalogue:list')}?{_filter(programme)}",
        "studies": [_study(study) for study in studies[:MOST]],
        "study_count": len(studies),
        "studies_url": f"{reverse('studies:list')}?{_filter(programme)}",
        "innovations": [_innovation(innovation) for innovation in _first(innovations)],
        "innovation_count": innovations.count(),
        "innovations_url": innovations_address("list", _filter(programme)),
        "linked": as_script(linked_data.document(programme)),
        "addresses": {code: f"{settings.SITE_URL}{path}" for code, path in addresses.items()},
        "canonical": f"{settings.SITE_URL}{addresses[current()]}",
    }


def _filter(programme: Programme) -> str:
    return urlencode({"programme": programme.key})


def _facts(programme: Programme) -> list[tuple[str, Any]]:
    return [
        (_("Led by"), programme.lead.full_name if programme.lead else ""),
        (_("Of"), ", ".join(owner.short_name for owner in programme.organisations.all())),
        (_("Location"), programme.location),
        (_("Horizon"), span_of(programme)),
        (_("Number"), programme.number),
    ]


def _milestone(milestone: Milestone) -> dict[str, Any]:
    """A milestone as arguments of `timeline_item`, with its days."""
    badge = milestone.badge
    return {
        "title": pick(milestone, "title"),
        "tone": badge.tone,
        "icon": badge.icon,
        "badge": badge,
        "planned": milestone.planned_on,
        "actual": milestone.actual_on,
        "delay": milestone.delay,
        "done": milestone.progress == Progress.DONE,
    }


def _first(innovations: QuerySet[Innovation]) -> QuerySet[Innovation]:
    """Those that somebody works on come first, ended ones last."""
    place = Case(
        When(outcome=Outcome.ACTIVE, then=Value(0)),
        When(outcome__in=Outcome.ended(), then=Value(2)),
        default=Value(1),
    )
    return innovations.order_by(place, "number")[:MOST]


def _innovation(innovation: Innovation) -> dict[str, Any]:
    """A row of the table of innovations."""
    return {
        "title": title_of(innovation),
        "url": innovation.get_absolute_url(),
        "number": innovation.number,
        "stage": innovation.get_stage_display(),
        "badge": badges.of_outcome(innovation.outcome),
    }


def _study(study: Study) -> dict[str, Any]:
    """A study as arguments of `link_item`; this user may see its title and its programmes."""
    title = pick(study, "public_title") or pick(study, "scientific_title")
    return {
        "title": title or Text(study.acronym or study.number, current()),
        "url": study.get_absolute_url(),
        "number": study.number,
        "note": study.acronym if title else "",
    }


def title_of(innovation: Innovation) -> Text:
    """The title, or what stands for it while there is none."""
    return pick(innovation, "title") or Text(innovation.number, current())
