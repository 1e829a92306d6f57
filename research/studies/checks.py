"""What is wrong with a record, what is still missing to submit it, and how complete it is by the items of the WHO.

Source of the items: WHO Trial Registration Data Set 1.3.1, https://www.who.int/tools/clinical-trials-registry-platform.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.core import clock

from . import identifiers
from .dates import earliest, latest
from .record import FIELDS, Record
from .vocabularies import ContributorRole, DateType, LegalRegime, RecruitmentStatus, StudyType, Visibility

Problems = dict[str, list[str]]


@dataclass(frozen=True)
class Item:
    """One item of the WHO: the fields that fill it, and whether publishing needs it."""

    number: int
    label: str | Promise
    fields: tuple[str, ...]
    given: Callable[[Record], bool]
    needed: bool = True

    @property
    def step(self) -> str:
        """The step of the form in which it is filled in; empty when it fills itself."""
        return FIELDS[self.fields[0]].step if self.fields else ""


@dataclass(frozen=True)
class Completeness:
    """Which items are given and which are not."""

    given: tuple[Item, ...]
    missing: tuple[Item, ...]

    @property
    def total(self) -> int:
        return len(self.given) + len(self.missing)

    @property
    def needed(self) -> tuple[Item, ...]:
        """What is still missing before the study can be published."""
        return tuple(item for item in self.missing if item.needed)


def _any(*names: str) -> Callable[[Record], bool]:
    return lambda record: any(record.get(name) not in ("", None, [], {}) for name in names)


def _all(*names: str) -> Callable[[Record], bool]:
    return lambda record: all(record.get(name) not in ("", None, [], {}) for name in names)


def _has_investigator(record: Record) -> bool:
    return any(row["role"] == ContributorRole.PRINCIPAL_INVESTIGATOR for row in record.get("contributors") or [])


def _has_outcome(name: str) -> Callable[[Record], bool]:
    return lambda record: any(row["measure_nl"] or row["measure_en"] for row in record.get(name) or [])


def _named(name: str) -> Callable[[Record], bool]:
    return lambda record: any(row["name_nl"] or row["name_en"] for row in record.get(name) or [])


def _interventions(record: Record) -> bool:
    """Studies that only observe may have none."""
    return record.get("study_type") == StudyType.OBSERVATIONAL or _named("interventions")(record)


def _results(record: Record) -> bool:
    return _any("results_summary_nl", "results_summary_en", "results_summary_given_on", "outputs")(record)


def _item(number: int, label: Promise, fields: str, given: Callable[[Record], bool], needed: bool = True) -> Item:
    return Item(number, label, tuple(fields.split()), given, needed)


ITEMS: tuple[Item, ...] = (
    _item(1, gettext_lazy("Primary registry and number"), "", lambda record: True),
    _item(2, gettext_lazy("Date of registration"), "", lambda record: True),
    _item(3, gettext_lazy("Numbers in other registries"), "identifiers", _any("identifiers"), needed=False),
    _item(4, gettext_lazy("Sources of money"), "funders", _any("funders"), needed=False),
    _item(5, gettext_lazy("Sponsor"), "primary_sponsor", _any("primary_sponsor")),
    _item(6, gettext_lazy("Other sponsors"), "secondary_sponsors", _any("secondary_sponsors"), needed=False),
    _item(7, gettext_lazy("Contact for the public"), "contact_email", _any("contact_email", "contact_phone")),
    _item(8, gettext_lazy("Contact for scientists"), "contributors", _has_investigator),
    _item(
        9, gettext_lazy("Public title"),
        "public_title_nl public_title_en", _any("public_title_nl", "public_title_en"),
    ),
    _item(
        10,
        gettext_lazy("Scientific title"),
        "scientific_title_nl scientific_title_en",
        _any("scientific_title_nl", "scientific_title_en"),
    ),
    _item(11, gettext_lazy("Countries"), "countries", _any("countries")),
    _item(12, gettext_lazy("Conditions"), "conditions", _named("conditions")),
    _item(13, gettext_lazy("Interventions"), "interventions", _interventions),
    _item(
        14,
        gettext_lazy("Who can take part"),
        "inclusion_criteria_nl inclusion_criteria_en",
        _any("inclusion_criteria_nl", "inclusion_criteria_en"),
    ),
    _item(15, gettext_lazy("Kind of research"), "study_type", _any("study_type")),
    _item(16, gettext_lazy("First participant"), "first_enrolment", _all("first_enrolment", "first_enrolment_type")),
    _item(
        17, gettext_lazy("Number of participants"),
        "sample_size_target", _any("sample_size_target", "sample_size_actual"),
    ),
    _item(18, gettext_lazy("Recruitment status"), "recruitment_status", _any("recruitment_status")),
    _item(19, gettext_lazy("Primary outcomes"), "primary_outcomes", _has_outcome("primary_outcomes")),
    _item(
        20, gettext_lazy("Secondary outcomes"),
        "secondary_outcomes", _has_outcome("secondary_outcomes"), needed=False,
    ),
    _item(21, gettext_lazy("Review by hospitals"), "sites", _any("sites")),
    _item(22, gettext_lazy("End of the study"), "completion", _all("completion", "completion_type")),
    _item(23, gettext_lazy("Summary of the results"), "results_summary_nl results_summary_en", _results, needed=False),
    _item(
        24, gettext_lazy("Sharing of participants' data"), "ipd_statement_nl ipd_statement_en",
        _any("ipd_statement_nl", "ipd_statement_en"), needed=False,
    ),
)  # fmt: skip


def completeness(record: Record) -> Completeness:
    """The items of the WHO that the record gives, and those that it does not."""
    given = tuple(item for item in ITEMS if item.given(record))
    return Completeness(given, tuple(item for item in ITEMS if item not in given))


def falls_under_wmo(record: Mapping[str, Any]) -> bool | None:
    """The WMO test: medical-scientific research to which people are subjected; None while a question is open.

    Source: Wet medisch-wetenschappelijk onderzoek met mensen, article 1.
    """
    answers = record.get("medical_scientific_research"), record.get("subjected_to_acts_or_rules")
    if False in answers:
        return False
    return None if None in answers else True


def problems(record: Record) -> Problems:
    """What contradicts itself or has the wrong form, by field; it may be kept in a draft but not submitted."""
    found: Problems = defaultdict(list)
    for check in (_identifiers, _regime, _ages, _dates, _people, _access, _status, _sites):
        for name, message in check(record):
            found[name].append(str(message))
    return dict(found)


Found = Iterable[tuple[str, str | Promise]]


def _identifiers(record: Record) -> Found:
    seen = set()
    for row in record.get("identifiers") or []:
        if not row["authority"] or not row["number"]:
            yield "identifiers", _("Fill in both who gave the number and the number itself.")
            continue
        if problem := identifiers.problem_of(row["authority"], row["number"]):
            yield "identifiers", f"{row['number']}: {problem}"
        if (key := (row["authority"], identifiers.key_of(**row))) in seen:
            yield "identifiers", _("“%(number)s” is here twice.") % {"number": row["number"]}
        seen.add(key)


def _regime(record: Record) -> Found:
    wmo, regime = falls_under_wmo(record), record.get("legal_regime")
    if wmo and regime == LegalRegime.NWMO:
        yield "legal_regime", _("Twice yes means that the study falls under the WMO.")
    if wmo is False and regime == LegalRegime.WMO:
        yield "legal_regime", _("Answer both questions with yes if the study falls under the WMO.")
    if record.get("phases") and record.get("study_type") == StudyType.OBSERVATIONAL:
        yield "phases", _("A study that only observes has no phase.")
    if len(record.get("phases") or []) > 2:
        yield "phases", _("Choose one phase, or two that follow each other.")


#: days in one of each unit of age
_DAYS = {"YEARS": 365.25, "MONTHS": 30.4375, "WEEKS": 7, "DAYS": 1, "HOURS": 1 / 24, "MINUTES": 1 / 1440}


def _ages(record: Record) -> Found:
    low, high = record.get("age_min"), record.get("age_max")
    if low is None or high is None:
        return
    low_days = low * _DAYS[record.get("age_min_unit") or "YEARS"]
    if low_days > high * _DAYS[record.get("age_max_unit") or "YEARS"]:
        yield "age_max", _("The highest age is lower than the lowest.")


def _dates(record: Record) -> Found:
    for name in ("first_enrolment", "completion"):
        written = record.get(name) or ""
        if written and earliest(written) is None:
            yield name, _("Write a date as 2026-05-12, or 2026-05 or 2026 when you know no more.")
        elif written and not record.get(f"{name}_type"):
            yield f"{name}_type", _("Say whether this date is expected or has really happened.")
        elif written and record.get(f"{name}_type") == DateType.ACTUAL and earliest(written) > clock.today():
            yield name, _("This date is still to come, so it is an expected one.")
    start, end = earliest(record.get("first_enrolment") or ""), latest(record.get("completion") or "")
    if start and end and end < start:
        yield "completion", _("The end lies before the first participant.")


def orcid_is_right(orcid: str) -> bool:
    """Whether the form and the check digit fit; source: ISO 7064 11,2 as ORCID uses it."""
    digits = orcid.removeprefix("https://orcid.org/").replace("-", "").upper()
    if len(digits) != 16 or not digits[:15].isdigit() or not digits.isascii():
        return False
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return digits[15] == ("X" if check == 10 else str(check))


def _people(record: Record) -> Found:
    for row in record.get("contributors") or []:
        if not row["person"] and not row["name"]:
            yield "contributors", _("Fill in a name in each row.")
        if not row["role"]:
            yield "contributors", _("Choose a role for each person.")
        if row["orcid"] and not orcid_is_right(row["orcid"]):
            yield "contributors", _("“%(orcid)s” is no ORCID iD: four groups of four digits.") % {"orcid": row["orcid"]}


def _access(record: Record) -> Found:
    if record.get("embargo_until") and record.get("visibility") == Visibility.PUBLIC:
        yield "embargo_until", _("An embargo needs a study that is not public before that day.")


def _status(record: Record) -> Found:
    status = record.get("recruitment_status")
    if status in RecruitmentStatus.stopped() and not _any("why_stopped_nl", "why_stopped_en")(record):
        yield "why_stopped_nl", _("Write why the study stopped.")
    access = status in RecruitmentStatus.for_access()
    if status and access != (record.get("study_type") == StudyType.EXPANDED_ACCESS) and access:
        yield "recruitment_status", _("This status belongs to expanded access.")


def _sites(record: Record) -> Found:
    sites = record.get("sites") or []
    if sites and sum(row["leading"] for row in sites) != 1:
        yield "sites", _("Choose one hospital that leads the study.")
    if len({row["organisation"] for row in sites}) < len(sites):
        yield "sites", _("A hospital is here twice.")


#: What a hospital needs before it can begin, with what to say when it is missing.
NEEDED_TO_SUBMIT: tuple[tuple[str, Callable[[Record], bool], Promise], ...] = (
    (
        "public_title_nl",
        _any("public_title_nl", "public_title_en"),
        gettext_lazy("Give the study a title for everybody."),
    ),
    ("summary_nl", _any("summary_nl", "summary_en"), gettext_lazy("Write a summary in plain words.")),
    (
        "medical_scientific_research",
        _all("medical_scientific_research"),
        gettext_lazy("Answer the first question of the WMO."),
    ),
    (
        "subjected_to_acts_or_rules",
        _all("subjected_to_acts_or_rules"),
        gettext_lazy("Answer the second question of the WMO."),
    ),
    ("legal_regime", _any("legal_regime"), gettext_lazy("Choose the legal regime.")),
    ("study_type", _any("study_type"), gettext_lazy("Choose the kind of research.")),
    ("sites", _any("sites"), gettext_lazy("Choose the hospitals that take part.")),
    ("contributors", _has_investigator, gettext_lazy("Name the principal investigator.")),
    ("contact_email", _any("contact_email"), gettext_lazy("Give an e-mail address for questions.")),
)


def missing_to_submit(record: Record) -> Problems:
    """What the hospitals still need, by field, on top of `problems`."""
    return {name: [str(message)] for name, given, message in NEEDED_TO_SUBMIT if not given(record)}


def started(record: Mapping[str, Any], on: date | None = None) -> bool:
    """Whether the first participant has really been included by this day."""
    first = earliest(record.get("first_enrolment") or "")
    return bool(first and record.get("first_enrolment_type") == DateType.ACTUAL and first <= (on or clock.today()))
