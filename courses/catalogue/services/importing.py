"""Write what a table says about many courses, in a fixed number of statements for a batch.

The machinery of imports opens the transaction; `actor` None is the system. A course gets a revision and Wagtail's log
rows as if it had been saved in the editor. A draft that somebody has waiting stays one: the published course and the
draft both get what the table changed. Going live or offline is left to Wagtail, course by course.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from wagtail.models import ModelLogEntry, ReferenceIndex, Revision

from academy.accounts.models import User
from academy.core import clock
from academy.core.imports.contract import Context, Outcome, Plan, Raw
from search import facade

from .. import table
from ..models import Accreditation, Course, CourseCompetence, ImportedCourse, TrackPart
from ..selectors import courses_as_kept
from ..table import Lists, Values
from .matching import Match, content_of, match

ROWS_OF = {
    "accreditation": (Accreditation, "register", "points"),
    "competences": (CourseCompetence, "competence", "validity_months"),
}
#: what the index of references looks at; links between many and many are none of it, and imported texts have no links
REFERRING = (*table.PAIRS, "cancellation_rule")


@transaction.atomic
def import_courses(*, rows: Sequence[Raw], context: Context) -> list[Plan]:
    """Make and change courses; one plan for each row that says what was done."""
    matches = match(rows, context, lock=True)
    new = [found for found in matches if found.plan.outcome == Outcome.NEW]
    changed = [found for found in matches if found.plan.outcome == Outcome.CHANGED]
    if new or changed:
        drafts = {found.course.pk: content_of(found.course) for found in changed if _has_draft(found.course)}
        _create(new)
        _write(changed)
        _link([*new, *changed], new)
        _keep([*new, *changed], drafts, context.actor)
        _publish(changed, context.actor)
    _remember([found for found in matches if found.plan.outcome != Outcome.REFUSED], context)
    return [found.plan for found in matches]


def _has_draft(course: Course) -> bool:
    return bool(course.has_unpublished_changes and course.latest_revision_id)


def _create(new: Sequence[Match]) -> None:
    """The rows of new courses, without what they link to."""
    moment = clock.now()
    lists = Lists()
    for found in new:
        whole = {**table.NEW, **found.values}
        found.course = Course(code=found.plan.key, live=False, **_stored(whole, lists))
        found.plan.number = found.plan.key
        if found.publish:
            found.course.live = True
            found.course.first_published_at = found.course.last_published_at = moment
        else:
            found.course.has_unpublished_changes = True
    Course.objects.bulk_create([found.course for found in new])


def _stored(values: Values, lists: Lists) -> dict[str, Any]:
    """Columns of the course's own row."""
    columns = {name: values[name] for name in table.PLAIN if name in values}
    columns |= {name: table.body_of(values[name]) for name in table.BODIES if name in values}
    if "cancellation_rule" in values:
        key = values["cancellation_rule"]
        columns["cancellation_rule_id"] = lists.pk("cancellation_rule", key) if key else None
    return columns


def _write(changed: Sequence[Match]) -> None:
    """The rows of changed courses, without what they link to."""
    lists, written = Lists(), set()
    moment = clock.now()
    for found in changed:
        columns = _stored(_new_values(found), lists)
        for name, value in columns.items():
            setattr(found.course, name, value)
        written |= columns.keys()
        if found.course.live:
            found.course.last_published_at = moment
    fields = {name.removesuffix("_id") for name in written}
    if changed:
        Course.objects.bulk_update([found.course for found in changed], [*sorted(fields), "last_published_at"])


def _new_values(found: Match) -> Values:
    return {name: new for name, (_old, new) in found.plan.changes.items()}


def _link(matches: Sequence[Match], new: Sequence[Match]) -> None:
    """Owners, lists, registers and competences: those of a column that changed are written anew."""
    said = {found.plan.key: found.values if found in new else _new_values(found) for found in matches}
    needed = {code for values in said.values() for code in values.get("prerequisites", ())}
    lists = Lists(dict(Course.objects.filter(code__in=needed).values_list("pk", "code")) if needed else {})
    for name in table.LINKS:
        through, own, other = _through(name)
        about = [found.course for found in matches if name in said[found.plan.key]]
        _replace(
            through,
            own,
            about,
            [
                through(**{own: course.pk, other: pk})
                for course in about
                for pk in lists.pks(name, said[course.code][name])
            ],
            new,
        )
    for name, (model, target, count) in ROWS_OF.items():
        about = [found.course for found in matches if name in said[found.plan.key]]
        rows = [
            model(course_id=course.pk, **{f"{target}_id": lists.pk(name, key), count: number})
            for course in about
            for key, number in said[course.code][name]
        ]
        _replace(model, "course_id", about, rows, new)


def _through(name: str) -> tuple[type[Model], str, str]:
    """The table between courses and a list, and its two columns."""
    relation = Course._meta.get_field(table.STORED_AS.get(name, name))
    return relation.remote_field.through, relation.m2m_column_name(), relation.m2m_reverse_name()


def _replace(model: type[Model], own: str, about: list[Course], rows: list[Model], new: Sequence[Match]) -> None:
    fresh = {found.course.pk for found in new}
    if gone := [course.pk for course in about if course.pk not in fresh]:
        model._default_manager.filter(**{f"{own}__in": gone}).delete()
    if rows:
        model._default_manager.bulk_create(rows)


def _keep(matches: Sequence[Match], drafts: dict[int, dict[str, Any]], actor: User | None) -> None:
    """A revision of each course, Wagtail's log, the index of references, and the search."""
    kept = courses_as_kept().in_bulk([found.course.pk for found in matches])
    rows: list[tuple[Match, Revision, bool]] = []
    for found in matches:
        course = kept[found.course.pk]
        content = course.serializable_data()
        draft = drafts.get(course.pk)
        if course.live or draft is None:
            rows.append((found, _revision(course, content, actor), course.live))
        if draft is not None:
            fields = [table.STORED_AS.get(name, name) for name in found.plan.changes if name != "published"]
            patched = {**draft, **{name: content[name] for name in fields}}
            rows.append((found, _revision(course, patched, actor), False))
    Revision.objects.bulk_create([revision for _found, revision, _live in rows])
    for found, revision, live in rows:
        found.course = kept[found.course.pk]
        found.course.latest_revision = revision
        if live:
            found.course.live_revision = revision
    Course.objects.bulk_update(list(kept.values()), ["latest_revision", "live_revision"])
    ModelLogEntry.objects.bulk_create(
        [_logged(found, revision, action, actor) for found, revision, live in rows for action in _actions(found, live)]
    )
    for found in matches:
        if any(_refers(found, name) for name in REFERRING):
            ReferenceIndex.create_or_update_for_object(kept[found.course.pk])
    facade.requeue("course", list(kept))
    parts = TrackPart.objects.filter(course__in=list(kept)).order_by()
    facade.requeue("track", parts.values_list("track", flat=True).distinct())


def _refers(found: Match, name: str) -> bool:
    """Whether the course refers to something in this column, or did."""
    if found.plan.outcome == Outcome.NEW:
        return bool(found.values.get(name))
    return name in found.plan.changes


def _revision(course: Course, content: dict[str, Any], actor: User | None) -> Revision:
    kind = ContentType.objects.get_for_model(Course)
    return Revision(
        content_type=kind,
        base_content_type=kind,
        object_id=str(course.pk),
        created_at=clock.now(),
        user=actor,
        object_str=str(course),
        content=content,
    )


def _actions(found: Match, live: bool) -> list[str]:
    first = "wagtail.create" if found.plan.outcome == Outcome.NEW else "wagtail.edit"
    return [first, "wagtail.publish"] if live else [first]


def _logged(found: Match, revision: Revision, action: str, actor: User | None) -> ModelLogEntry:
    return ModelLogEntry(
        content_type=revision.content_type,
        object_id=str(found.course.pk),
        label=str(found.course),
        action=action,
        timestamp=revision.created_at,
        user=actor,
        revision=revision,
        content_changed=True,
        data={"source": "import"},
    )


def _publish(changed: Iterable[Match], actor: User | None) -> None:
    """Courses that go live or offline because the table says so."""
    for found in changed:
        if "published" in found.plan.changes:
            course = Course.objects.get(pk=found.course.pk)
            if found.plan.changes["published"][1]:
                course.latest_revision.publish(user=actor, skip_permission_checks=True)
            else:
                course.unpublish(user=actor, log_action=True)


def _remember(matches: Sequence[Match], context: Context) -> None:
    """What the table said this time is the base of the next comparison, but for what is still to be asked."""
    fresh, other = [], []
    for found in matches:
        row = found.imported or ImportedCourse(course=found.course)
        key, questions = found.plan.key, found.plan.questions
        still_open = {name for name, (here, _there) in questions.items() if context.answer(key, name, here) is None}
        said = {name: value for name, value in found.values.items() if name not in still_open}
        if row.pk is None:
            fresh.append(row)
        elif any(row.values.get(name, said) != value for name, value in said.items()):
            other.append(row)
        row.values = {**row.values, **said}
    ImportedCourse.objects.bulk_create(fresh)
    ImportedCourse.objects.bulk_update(other, ["values"])
    seen = [found.imported.pk for found in matches if found.imported]
    ImportedCourse.objects.filter(pk__in=seen).update(last_seen_at=clock.now())
