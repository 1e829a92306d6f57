"""Which study a record from a registry is about, and what it would change: what was edited here is left alone.

Numbers that name one study in the world decide. The base of the comparison is what the registry said last time: only
what differs from it is a change of the registry, and only what differs from it here is an edit of ours.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from academy.core.imports.contract import Context, Outcome, Plan, refused
from academy.core.merging import three_way

from .. import identifiers
from .. import record as records
from ..ctgov import SOURCE, Converted
from ..models import Identifier, ImportedRecord, Study
from ..permissions import bureaus_of
from ..recognising import Recogniser, sites_in, with_our_organisations
from ..record import FIELDS, Record
from ..states import PublicationState
from ..vocabularies import Authority

Key = tuple[str, str]
#: Rows that stand on their own: what is new is added, what people added or took away here stays so.
_PUT_TOGETHER = ("identifiers", "outputs")


@dataclass
class Match:
    """A record, the study that it is about if there is one, and what is to be written."""

    plan: Plan
    values: Record = field(default_factory=dict)
    sites: list[Record] = field(default_factory=list)
    study: Study | None = None
    imported: ImportedRecord | None = None
    before: Record = field(default_factory=dict)
    publish: bool = False


def match(converted: Sequence[Converted], context: Context, *, lock: bool = False) -> list[Match]:
    """One for each record, in order, in a fixed number of queries; with `lock` the studies stay locked."""
    known = Recogniser()
    here = _Here([one for one in converted if not one.problem], lock)
    claimed: dict[Key, str] = {}
    return [_matched(one, known, here, claimed, context) for one in converted]


def strong_keys(values: Record) -> set[Key]:
    """The numbers of a record that name one study in the world."""
    return {
        (row["authority"], identifiers.key_of(row["authority"], row["number"]))
        for row in values["identifiers"]
        if row["authority"] in identifiers.STRONG
    }


class _Here:
    """What the database has of the records of a batch."""

    def __init__(self, converted: Iterable[Converted], lock: bool) -> None:
        keys = {one.key: strong_keys(one.values) for one in converted}
        self.owners: dict[Key, set[int]] = defaultdict(set)
        self.imported = {row.key: row for row in ImportedRecord.objects.filter(source=SOURCE, key__in=keys)}
        numbers = {number for found in keys.values() for _authority, number in found}
        for study, authority, number in Identifier.objects.filter(
            authority__in=identifiers.STRONG, key__in=numbers
        ).values_list("study", "authority", "key"):
            self.owners[authority, number].add(study)
        wanted = {row.study_id for row in self.imported.values()}.union(*self.owners.values())
        self.studies = {study.pk: study for study in _studies(wanted, lock)} if wanted else {}

    def about(self, key: str, strong: set[Key]) -> list[Study]:
        """The studies that have one of these numbers, or were imported under this key."""
        found = {study for number in strong for study in self.owners.get(number, ())}
        if imported := self.imported.get(key):
            found.add(imported.study_id)
        return [self.studies[pk] for pk in sorted(found)]


def _studies(pks: set[int], lock: bool) -> QuerySet[Study]:
    studies = Study.objects.filter(pk__in=pks).order_by("pk")
    if lock:
        studies = studies.select_for_update(of=("self",))
    return records.with_everything(studies).prefetch_related("access")


def _matched(one: Converted, known: Recogniser, here: _Here, claimed: dict[Key, str], context: Context) -> Match:
    if one.problem:
        return Match(refused(one.problem, key=one.key))
    strong = strong_keys(one.values)
    title = title_of(one.values)
    studies = here.about(one.key, strong)
    if reason := _against(one.key, strong, studies, claimed, context.actor):
        return Match(refused(reason, key=one.key, title=title))
    values = with_our_organisations(one.values, known)
    plan = Plan(Outcome.NEW, key=one.key, title=title, notes=list(one.notes))
    if studies:
        if not one.whole:
            plan.notes.append(_("This is a part of the record. What it does not say stays as it is here."))
            values = _said_in_part(values)
        found = _compared(Match(plan, values, study=studies[0], imported=here.imported.get(one.key)), context)
    else:
        found = _new(Match(plan, values), known, context)
    if found.plan.outcome != Outcome.REFUSED:
        claimed.update(dict.fromkeys(strong, one.key))
    return found


def title_of(values: Record) -> str:
    """What a person recognises the record by."""
    return values["public_title_en"] or values["scientific_title_en"] or values["acronym"]


def _against(key: str, strong: set[Key], studies: list[Study], claimed: dict[Key, str], actor: Any) -> str:
    """Why the record cannot be imported; empty when it can."""
    others = (claimed[number] for number in sorted(strong) if claimed.get(number, key) != key)
    if other := next(others, ""):
        return _("It shares a number with %(other)s in the same file: are they one study?") % {"other": other}
    if any(actor is not None and not actor.has_perm("studies.see", study) for study in studies):
        return _("A study that you cannot see has its number: ask the science bureau of the other hospital.")
    if len(studies) > 1:
        told = {"studies": ", ".join(study.number for study in studies)}
        return _("Its numbers belong to several studies here: %(studies)s. Correct their numbers first.") % told
    return _against_changing(studies[0], strong, actor) if studies else ""


def _against_changing(study: Study, strong: set[Key], actor: Any) -> str:
    if actor is not None and not actor.has_perm("studies.publish", study):
        told = {"study": study.number}
        return _("%(study)s is led by another hospital: the science bureau there imports it.") % told
    if number := _another_number(study, strong):
        told = {"study": study.number, "number": number}
        return _("It shares a number with %(study)s, which is %(number)s at ClinicalTrials.gov.") % told
    if study.publication_state == PublicationState.WITHDRAWN:
        return _("%(study)s was taken offline here.") % {"study": study.number}
    return ""


def _another_number(study: Study, strong: set[Key]) -> str:
    """The number of the study at this registry when it is another one than the record's."""
    ours = [row for row in study.identifiers.all() if row.authority == Authority.CLINICALTRIALS_GOV]
    if not ours or any((row.authority, row.key) in strong for row in ours):
        return ""
    return ours[0].number


def _new(found: Match, known: Recogniser, context: Context) -> Match:
    """Where a new study comes to lie; which of its fields are new goes without saying."""
    chosen = context.options.get("organisation") or ""
    found.sites = sites_in(found.values, known, chosen)
    if not found.sites:
        reason = _("No hospital of ours is named in it. Choose the hospital that leads it.")
        return Match(refused(reason, key=found.plan.key, title=found.plan.title))
    leading = known.by_key[found.sites[0]["organisation"]]
    found.publish = bool(context.options.get("publish"))
    if found.publish and not _may_publish(context.actor, leading.pk):
        found.publish = False
        note = _("%(hospital)s leads this study, so it stays a draft until the science bureau there publishes it.")
        found.plan.notes.append(note % {"hospital": leading.short_name})
    elif leading.key != chosen:
        found.plan.notes.append(
            _("%(hospital)s leads this study: it is named in it.") % {"hospital": leading.short_name}
        )
    return found


def _may_publish(actor: Any, leading: int) -> bool:
    return actor is None or leading in bureaus_of(actor)


def _compared(found: Match, context: Context) -> Match:
    """What the registry changed since last time, and where it meets an edit of ours."""
    study, plan = found.study, found.plan
    found.before = records.current(study)
    base = {**records.empty(), **(found.imported.values if found.imported else {})}
    together = {name: _together(found, base, name) for name in _PUT_TOGETHER if name in found.values}
    incoming = {**found.values, **together}
    merge = three_way({**base, **{name: found.before[name] for name in _PUT_TOGETHER}}, incoming, found.before)
    changes = dict(merge.taken)
    for name, clash in merge.clashes.items():
        if context.answer(plan.key, name, clash.theirs):
            changes[name] = clash.mine
        else:
            plan.questions[name] = (clash.theirs, clash.mine)
    plan.changes = {name: (found.before[name], changes[name]) for name in FIELDS if name in changes}
    plan.outcome = Outcome.CHANGED if plan.changes else Outcome.UNCHANGED
    plan.number = study.number
    return found


def _said_in_part(values: Record) -> Record:
    """What a part of a record says; its lists may be parts, too."""
    return {name: value for name, value in values.items() if value != FIELDS[name].empty and name not in _PUT_TOGETHER}


def _together(found: Match, base: Record, name: str) -> list[Record]:
    """Our rows without those that the registry took away, and with those that are new there."""
    there, ours = found.values[name], found.before[name]
    gone = [row for row in base[name] if row not in there]
    new = [row for row in there if row not in base[name] and not _has(ours, row)]
    return [*(row for row in ours if row not in gone), *new]


def _has(rows: list[Record], row: Record) -> bool:
    """Whether one of the rows is the same number or the same article, however it is described."""
    if "authority" in row:
        key = identifiers.key_of(**row)
        return any(one["authority"] == row["authority"] and identifiers.key_of(**one) == key for one in rows)
    same = [name for name in ("doi", "url", "title_en") if row[name]][:1]
    return any(one[name].casefold() == row[name].casefold() for one in rows for name in same)
