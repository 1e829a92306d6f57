"""Which course a row is about, and what it would change.

The base of the comparison is what the table said last time: only what differs from it is a change of the table, and
only what differs from it here is an edit of ours. A course that no table ever told of has no edits of ours: the table's
word is taken, and the dry run shows it. A draft that waits beside the published course is what "here" means, as it is
what people see in the editor.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Revision

from academy.accounts.models import Organisation, Role
from academy.accounts.permissions import roles_of
from academy.core.imports.contract import Context, Outcome, Plan, Raw, refused
from academy.core.imports.tables import Problem
from academy.core.merging import three_way

from .. import table
from ..models import Course, ImportedCourse
from ..selectors import courses_as_kept
from ..table import Lists, Values

#: in the data of a row: the courses that it needs and that stand in the same table
IN_FILE = "needed in the table"
#: without these a course is a draft
COMPLETE = ("title_nl", "summary_nl", "hours")


@dataclass
class Match:
    """A row, the course that it is about if there is one, and what is to be written."""

    plan: Plan
    #: what the row says
    values: Values = field(default_factory=dict)
    #: what the course has, the draft if there is one
    before: Values = field(default_factory=dict)
    course: Course | None = None
    imported: ImportedCourse | None = None
    publish: bool = False
    needed_in_table: frozenset[str] = frozenset()


def match(rows: Sequence[Raw], context: Context, *, lock: bool = False) -> list[Match]:
    """One for each row, in order, in a fixed number of queries.

    With `lock` the courses stay locked, and what the table promised must be there: courses that are needed before
    others are known by then, or stand among these rows.
    """
    here = Here(rows, context, lock)
    found = [_matched(raw, here, context) for raw in rows]
    if lock:
        _refuse_without_needed(found, here)
    return found


class Here:
    """What the database has of the rows of a batch, and what the actor may do with it."""

    def __init__(self, rows: Sequence[Raw], context: Context, lock: bool) -> None:
        codes = {raw.data["code"] for raw in rows}
        courses = courses_as_kept().filter(code__in=codes).order_by("pk")
        self.courses = {
            course.code: course for course in (courses.select_for_update(of=("self",)) if lock else courses)
        }
        self.imported = {row.course_id: row for row in ImportedCourse.objects.filter(course__in=self.courses.values())}
        self.scheduled = _scheduled(self.courses.values())
        contents = {code: content_of(course) for code, course in self.courses.items()}
        linked = {pk for content in contents.values() for pk in content["prerequisites"]}
        named = {code for raw in rows for code in raw.data.get("prerequisites", ())}
        self.lists = Lists(dict(Course.objects.filter(Q(pk__in=linked) | Q(code__in=named)).values_list("pk", "code")))
        self.values = {
            code: table.read(contents[code], course.live, self.lists) for code, course in self.courses.items()
        }
        self.contents = contents
        self.known = frozenset(self.lists.courses.values())
        self._organisations(context)

    def _organisations(self, context: Context) -> None:
        """Whose courses the actor may make; None is the system, which may make all."""
        self.mine: frozenset[str] | None = None
        self.usual = context.options.get("organisation") or ""
        if context.actor is not None:
            pks = roles_of(context.actor).organisations(Role.COURSE_MANAGER)
            self.mine = frozenset(Organisation.objects.filter(pk__in=pks).values_list("key", flat=True))
            if self.usual not in self.mine:
                self.usual = next(iter(self.mine)) if len(self.mine) == 1 else ""


def _scheduled(courses: Iterable[Course]) -> set[str]:
    """Primary keys, as text, of those with a version that goes live by itself."""
    kind = ContentType.objects.get_for_model(Course)
    rows = Revision.objects.filter(
        base_content_type=kind, object_id__in=[str(course.pk) for course in courses], approved_go_live_at__isnull=False
    )
    return set(rows.values_list("object_id", flat=True))


def content_of(course: Course) -> dict[str, Any]:
    """What a revision keeps of the course: the newest draft, or the course as it is published."""
    if course.has_unpublished_changes and course.latest_revision:
        return course.latest_revision.content
    return course.serializable_data()


def _matched(raw: Raw, here: Here, context: Context) -> Match:
    code = raw.data["code"]
    values = {name: value for name, value in raw.data.items() if _says_something(name, value)}
    found = Match(Plan(Outcome.NEW, key=code), values, needed_in_table=frozenset(raw.data.get(IN_FILE, ())))
    found.course = here.courses.get(code)
    if found.course:
        found.before = here.values[code]
        found.imported = here.imported.get(found.course.pk)
    whole = {**table.NEW, **found.before, **values}
    found.plan.title = whole["title_nl"]
    if problems := _against(found, raw, whole, here):
        found.plan = refused("\n".join(problems), key=code, title=whole["title_nl"])
        return found
    return _compared(found, here, context) if found.course else _new(found, here)


def _says_something(name: str, value: Any) -> bool:
    if name in ("code", IN_FILE):
        return False
    return name not in table.NEVER_EMPTY or value not in (None, "", [])


def _new(found: Match, here: Here) -> Match:
    """A new course goes live when it is complete and nobody said otherwise."""
    values = found.values
    if not values.get("organisations"):
        values["organisations"] = [here.usual]
    missing = _incomplete({**table.NEW, **values})
    found.publish = values.get("published", not missing)
    if missing and "published" not in values:
        told = {"columns": ", ".join(missing)}
        found.plan.notes.append(_("It stays a draft until it has these: %(columns)s.") % told)
    elif not found.publish:
        found.plan.notes.append(_("It is a draft: the table says that it is not published."))
    return found


def _incomplete(whole: Values) -> list[str]:
    return [name for name in COMPLETE if not whole[name]]


def _compared(found: Match, here: Here, context: Context) -> Match:
    """What the table changed since last time, and where it meets an edit of ours."""
    plan, before = found.plan, found.before
    base = {**before, **(found.imported.values if found.imported else {})}
    merge = three_way(base, found.values, before)
    changes = dict(merge.taken)
    for name, clash in merge.clashes.items():
        if context.answer(plan.key, name, clash.theirs):
            changes[name] = clash.mine
        else:
            plan.questions[name] = (clash.theirs, clash.mine)
    for name in table.BODIES:
        if name in changes and not _may_be_replaced(here.contents[plan.key][name]):
            del changes[name]
            note = _("The text here has headings or links, so the one of the table is not taken (%(column)s).")
            plan.notes.append(note % {"column": name})
    plan.changes = {name: (before[name], changes[name]) for name in found.values if name in changes}
    plan.outcome = Outcome.CHANGED if plan.changes else Outcome.UNCHANGED
    plan.number = found.course.code
    if plan.changes and (reason := _not_now(found.course, here)):
        found.plan = refused(reason, key=plan.key, title=plan.title)
    return found


def _may_be_replaced(stream: str | None) -> bool:
    return table.words_of(stream)[1]


def _not_now(course: Course, here: Here) -> str:
    if course.locked:
        return _("Somebody locked this course in the editor. Unlock it there first.")
    if str(course.pk) in here.scheduled:
        return _("A version of this course goes live at a set time. Change it in the editor.")
    return ""


def _against(found: Match, raw: Raw, whole: Values, here: Here) -> list[str]:
    """Everything for which the row cannot be imported."""
    if found.course and here.mine is not None and not here.mine & set(found.before["organisations"]):
        return [_("This code belongs to a course of another hospital. The course manager there imports it.")]

    def problem(column: str, reason: str) -> str:
        value = raw.data.get(column)
        shown = "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
        return str(Problem(0, column, shown, reason))

    problems = [problem(column, reason) for column, reason in _wrong(found, whole, here)]
    if found.course is None and not whole["title_nl"]:
        problems.append(problem("title_nl", _("a new record needs this")))
    return problems


def _wrong(found: Match, whole: Values, here: Here) -> Iterable[tuple[str, str]]:
    """Column and reason of what does not fit the rest."""
    if whole["classroom_hours"] > whole["hours"] and found.values.keys() & {"hours", "classroom_hours"}:
        yield "classroom_hours", _("there are more classroom hours than hours")
    known = here.known | found.needed_in_table
    if unknown := [code for code in found.values.get("prerequisites", ()) if code not in known]:
        yield (
            "prerequisites",
            _("no course here or in this table has the code %(codes)s") % {"codes": ", ".join(unknown)},
        )
    if missing := _missing_live(found, whole):
        yield missing, _("a published course needs this")
    yield from _wrong_owners(found, whole, here)


def _missing_live(found: Match, whole: Values) -> str:
    """What a course that goes live lacks, or one that is live loses."""
    is_live = bool(found.course and found.course.live)
    if is_live and whole["published"]:
        return next((name for name in _incomplete(whole) if found.before[name]), "")
    return next(iter(_incomplete(whole)), "") if found.values.get("published") else ""


def _wrong_owners(found: Match, whole: Values, here: Here) -> Iterable[tuple[str, str]]:
    owners = set(whole["organisations"]) or {here.usual} - {""}
    if not owners:
        yield "organisations", _("name the hospital that owns it")
    elif here.mine is not None:
        if not owners & here.mine:
            yield "organisations", _("your own organisation has to be among the owners")
        if set(found.before.get("organisations", ())) - owners - here.mine:
            yield "organisations", _("only the other hospital can withdraw as an owner")


def _refuse_without_needed(found: list[Match], here: Here) -> None:
    """A course that was to come before this one was refused itself: then this one cannot come in, either."""
    while True:
        coming = {one.plan.key for one in found if one.plan.outcome != Outcome.REFUSED}
        gone = [
            one for one in found if one.plan.outcome != Outcome.REFUSED and one.needed_in_table - here.known - coming
        ]
        if not gone:
            return
        for one in gone:
            told = {"codes": ", ".join(sorted(one.needed_in_table - here.known - coming))}
            words = _("%(codes)s of the same table is needed before it, and was not imported.")
            one.plan = refused(words % told, key=one.plan.key, title=one.plan.title)
