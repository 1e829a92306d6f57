"""What this room leaves on the desk of researchers and bureaus, and in "export my data"."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from academy.accounts.models import Role, User
from academy.accounts.permissions import roles_of
from academy.core import clock, registries, wording
from academy.core.registries import Door, Section, Todo
from academy.core.translation import pick

from . import badges, worklist
from .models import Access, Approval, Contributor, Deadline, Remark, Review, Site, Study
from .my_studies import (
    DeadlineRow,
    StudyRow,
    deadline_rows,
    for_rows,
    of_team,
    rows_of,
    short_title,
    title_of,
    watched_by,
)
from .permissions import bureaus_of
from .record import CHECK
from .states import ApprovalState, PublicationState, ReviewState

SOON = timedelta(days=30)  # deadlines that come sooner are tasks
NEW = timedelta(days=14)  # for so long an invitation is a task
MOST = 8  # of one kind; the rest stands behind a link
SHOWN = 5  # studies on the desk

EDITOR = Access.Level.EDITOR


@registries.todo_sources.register("studies")
def todo_of_teams(person: User) -> list[Todo]:
    """What waits for somebody who works on studies; one question decides whether there is anything to look up."""
    access = list(Access.objects.filter(person=person).select_related("study", "invited_by"))
    edited = [row.study_id for row in access if row.level == EDITOR]
    found = _invitations(person, access)
    if edited:
        found += _returned(edited) + _conditions(edited) + _drafts(person, edited)
    if edited or bureaus_of(person):
        found += _deadlines(person)
    return found


def _invitations(person: User, access: Iterable[Access]) -> list[Todo]:
    """Studies that somebody opened for the person lately."""
    since = clock.now() - NEW
    return [
        Todo(
            title=_("You are invited: %(study)s") % {"study": short_title(row.study)},
            url=row.study.get_absolute_url(),
            action=_("See it"),
            hint=_("%(name)s, on %(day)s")
            % {"name": row.invited_by.full_name, "day": wording.long_date(row.invited_at)},
            status=wording.capital(row.get_level_display()),
            tone="info",
            icon="users",
        )
        for row in access
        if row.invited_by and row.invited_by_id != person.pk and row.invited_at > since
    ]


def _returned(studies: list[int]) -> list[Todo]:
    """Reviews that are back, with the number of remarks that have no answer yet."""
    waiting = Q(remarks__resolved_at=None, remarks__answer="")
    reviews = Review.objects.filter(state=ReviewState.RETURNED, site__study__in=studies)
    reviews = reviews.annotate(waiting=Count("remarks", filter=waiting)).select_related(
        "site__study", "site__organisation"
    )
    return [
        Todo(
            title=_("Answer the bureau: %(study)s") % {"study": short_title(review.site.study)},
            url=reverse("studies:step", kwargs={"number": review.site.study.number, "step": CHECK}),
            action=_("Answer"),
            hint=f"{review.site.organisation.short_name}, {review.site.study.number}",
            status=ngettext("%(n)s remark without an answer", "%(n)s remarks without an answer", review.waiting)
            % {"n": review.waiting},
            tone="warning",
            icon="message-square",
        )
        for review in reviews
    ]


def _conditions(studies: list[int]) -> list[Todo]:
    """Conditions of approvals that nobody has met yet."""
    rows = Approval.objects.filter(
        state=ApprovalState.APPROVED_WITH_CONDITIONS, conditions_met_on=None, review__site__study__in=studies
    ).exclude(review__state__in=(ReviewState.REJECTED, ReviewState.WITHDRAWN))
    return [
        Todo(
            title=_("Meet the conditions: %(study)s") % {"study": short_title(row.review.site.study)},
            url=_review_url(row.review.site),
            action=_("See them"),
            hint=f"{pick(row, 'body')}, {row.review.site.organisation.short_name}",
            status=wording.capital(row.get_state_display()),
            tone="warning",
            icon="circle-alert",
        )
        for row in rows.select_related("review__site__study", "review__site__organisation")
    ]


def _drafts(person: User, studies: list[int]) -> list[Todo]:
    """Studies that were never submitted, with how complete they are."""
    drafts = Study.objects.filter(pk__in=studies, publication_state=PublicationState.DRAFT).order_by("-changed_at")
    return [_draft(row) for row in rows_of(for_rows(drafts)[:MOST], person)]


def _draft(row: StudyRow) -> Todo:
    title = _("Fill in: %(study)s") if row.completeness.needed else _("Submit: %(study)s")
    return Todo(
        title=title % {"study": short_title(row.study)},
        url=row.edit_url,
        action=_("Continue"),
        hint=row.missing_words or row.study.number,
        status=row.complete_words,
        icon="pencil",
    )


def _deadlines(person: User) -> list[Todo]:
    """Overdue ones of the own hospital and of the studies that the person edits; of these also those that come soon."""
    edited = Q(study__in=Access.objects.filter(person=person, level=EDITOR).values("study"))
    today = clock.today()
    rows = watched_by(person).filter(Q(due_on__lt=today) | edited & Q(due_on__lte=today + SOON))
    return _at_most([_deadline(row) for row in deadline_rows(rows[: MOST + 1])], _("More deadlines"), "deadlines")


def _deadline(row: DeadlineRow) -> Todo:
    due = row.deadline.due_on
    late = due < clock.today()
    return Todo(
        title=f"{row.title}: {short_title(row.study)}",
        url=row.url,
        action=_("See what is needed"),
        hint=", ".join(filter(None, (row.hospital, row.study.number))),
        status=row.badge.text if late else wording.row_date(due),
        tone="negative" if late else "warning",
        icon="triangle-alert" if late else "calendar",
        due=due,
        overdue=late,
    )


def _at_most(todos: list[Todo], title: str, page: str) -> list[Todo]:
    """The first of them; what is left over stands behind a link."""
    if len(todos) <= MOST:
        return todos
    last = todos[MOST]
    rest = Todo(title=title, url=reverse(f"studies:{page}"), action=_("See all"), due=last.due, overdue=last.overdue)
    return [*todos[:MOST], rest]


@registries.todo_sources.register("reviews of studies")
def todo_of_bureaus(person: User) -> list[Todo]:
    """New files, files that are late, and changes of published studies, of the person or of nobody in particular."""
    bureaus = bureaus_of(person)
    if not bureaus:
        return []
    return _at_most([_review(review) for review in _to_do(person, bureaus)], _("More reviews"), "queue") + [
        _proposal(site) for site in _proposed(bureaus)
    ]


def _to_do(person: User, bureaus: Iterable[int]) -> QuerySet[Review]:
    late = Q(state__in=ReviewState.with_bureau(), due_on__lt=clock.today())
    mine = Review.objects.of_bureaus(bureaus).filter(Q(assigned_to=person) | Q(assigned_to=None))
    rows = mine.filter(late | Q(state=ReviewState.SUBMITTED)).order_by("due_on", "pk")
    return rows.select_related("site__study", "site__organisation")[: MOST + 1]


def _review(review: Review) -> Todo:
    study, hospital = review.site.study, review.site.organisation
    badge = badges.of_due(review.due_on) or badges.of_review(review)
    return Todo(
        title=_("Review: %(study)s") % {"study": short_title(study)},
        url=_review_url(review.site),
        action=_("Open"),
        hint=", ".join((wording.capital(review.get_kind_display()), hospital.short_name, study.number)),
        status=badge.text,
        tone=badge.tone,
        icon=badge.icon,
        due=review.due_on,
        overdue=bool(review.due_on and review.due_on < clock.today()),
    )


def _review_url(site: Site) -> str:
    return reverse("studies:review", kwargs={"number": site.study.number, "site": site.organisation.key})


def _proposed(bureaus: Iterable[int]) -> QuerySet[Site]:
    """Where these hospitals lead a published study of which changes wait."""
    sites = Site.objects.filter(organisation__in=bureaus, leading=True, study__in=Study.objects.published())
    sites = sites.exclude(study__proposed={}).select_related("study", "organisation")
    return sites.order_by("study__proposed_at", "pk")[:MOST]


def _proposal(site: Site) -> Todo:
    study, count = site.study, len(site.study.proposed)
    return Todo(
        title=_("Changes of a published study: %(study)s") % {"study": short_title(study)},
        url=_review_url(site),
        action=_("Look at them"),
        hint=study.number,
        status=ngettext("%(n)s field waits", "%(n)s fields wait", count) % {"n": count},
        tone="warning",
        icon="pencil",
    )


@registries.desk_sections.register("studies")
def my_studies(person: User) -> Section | None:
    """The studies that the person worked on last; researchers see the section also while there are none."""
    rows = list(of_team(person)[:SHOWN])
    if not rows and not roles_of(person).has(Role.RESEARCHER):
        return None
    shown = [(study, title_of(study), badges.of_publication(study)) for study in rows]
    return Section("studies/desk/section.html", {"rows": shown}, rank=20)


@registries.doors.register("studies")
def doors(person: User) -> list[Door]:
    """Own studies and a new one for researchers; reviews and deadlines for a bureau."""
    found = []
    if roles_of(person).has(Role.RESEARCHER):
        found.append(Door(gettext_lazy("My studies"), reverse("studies:mine"), "flask-conical"))
        found.append(Door(gettext_lazy("Register a study"), reverse("studies:register"), "pencil"))
    if bureaus_of(person):
        waiting = worklist.counts(worklist.queue(person, worklist.Filters()))[worklist.OPEN]
        found.append(Door(gettext_lazy("Reviews"), reverse("studies:queue"), "circle-check", waiting))
        found.append(Door(gettext_lazy("Deadlines of studies"), reverse("studies:deadlines"), "calendar"))
    elif roles_of(person).has(Role.AUDITOR):
        found.append(Door(gettext_lazy("Reviews"), reverse("studies:queue"), "circle-check"))
    return found


@registries.personal_data.register("studies")
def personal_data(person: User) -> dict[str, Any]:
    """Studies that the person registered, may see and contributes to, with what they wrote in reviews."""
    access = Access.objects.filter(person=person).select_related("study")
    contributions = Contributor.objects.filter(person=person).select_related("study", "site")
    remarks = Remark.objects.filter(Q(made_by=person) | Q(answered_by=person)).select_related("review__site__study")
    return {
        "registered_studies": list(Study.objects.filter(created_by=person).values("number", "created_at")),
        "access_to_studies": [
            {"study": row.study.number, "level": row.level, "invited_at": row.invited_at} for row in access
        ],
        "contributions_to_studies": [_contribution(row) for row in contributions],
        "remarks_in_reviews": [
            {
                "study": remark.review.site.study.number,
                "remark": remark.text if remark.made_by_id == person.pk else "",
                "answer": remark.answer if remark.answered_by_id == person.pk else "",
            }
            for remark in remarks
        ],
        "deadlines_met": [
            {"study": row.study.number, "kind": row.kind, "done_on": row.done_on, "note": row.note}
            for row in Deadline.objects.filter(done_by=person).select_related("study")
        ],
    }


def _contribution(row: Contributor) -> dict[str, Any]:
    return {
        "study": row.study.number,
        "role": row.role,
        "hospital": row.site.key if row.site else "",
        "affiliation": row.affiliation,
        "orcid": row.orcid,
        "certificate": row.certificate,
        "certificate_expires_on": row.certificate_expires_on,
    }
