"""What a record says, in words: choices, dates of which only the month is known, rows, keys of our own lists.

The page, the history, exports and the question which of two values is right all show values through here.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale
from django.db import models
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from academy.accounts.models import Organisation, User
from academy.core import wording
from academy.core.translation import LANGUAGES, Text, current, pick
from academy.strategy.models import Programme
from academy.taxonomy.models import CareDomain, Specialty

from . import dates
from . import vocabularies as words
from .models import Study
from .record import FIELDS, GROUPS, Record

EURO = {"nl": "€ {}", "en": "€{}"}


class Names:
    """The names behind keys; a list is read once, when a key of it is asked for that is not known yet."""

    def __init__(self) -> None:
        self._people: dict[int, str] = {}
        self._tables: dict[type[models.Model], dict[str, Any]] = {}
        self._whole: set[type[models.Model]] = set()

    @classmethod
    def of(cls, study: Study) -> "Names":
        """Those that the study itself brings along; see `record.with_everything`."""
        names = cls()
        rows = (
            *study.parties.all(),
            *study.sites.all(),
            *(row for row in study.contributors.all() if row.site),
        )
        organisations = [getattr(row, "organisation", None) or getattr(row, "site", None) for row in rows]
        names._tables = {
            Organisation: {row.key: row for row in organisations if row},
            Specialty: {row.key: row for row in [study.specialty] if row},
            CareDomain: {row.key: row for row in [study.care_domain] if row},
            Programme: {row.key: row for row in study.programmes.all()},
        }
        names._people = {row.person_id: row.person.full_name for row in study.contributors.all() if row.person}
        return names

    def read_people(self, pks: Iterable[int]) -> None:
        """Look these people up together."""
        if missing := {pk for pk in pks if pk not in self._people}:
            found = User.objects.in_bulk(missing)
            self._people |= {pk: found[pk].full_name if pk in found else "" for pk in missing}

    def person(self, pk: int) -> str:
        """The full name; empty when there is no such person any more."""
        self.read_people([pk])
        return self._people[pk]

    def term(self, table: type[models.Model], key: str) -> Any:
        """The row of this key; None when there is none."""
        if key not in self._tables.get(table, {}) and table not in self._whole:
            self._tables[table] = {row.key: row for row in table._default_manager.all()}
            self._whole.add(table)
        return self._tables[table].get(key)

    def hospital(self, key: str) -> str:
        """The short name, such as MST."""
        row = self.term(Organisation, key)
        return row.short_name if row else key

    def organisation(self, key: str) -> str:
        """The whole name."""
        row = self.term(Organisation, key)
        return pick(row, "name") if row else key


Lines = Callable[[Any, Names], list[str]]


def in_words(name: str, value: Any, language: str | None = None, names: Names | None = None) -> str:
    """The value of a field as people read it, rows each on a line; empty when nothing is filled in.

    Hand over one `Names` when many values are shown, so that each list of names is read only once.
    """
    return "\n".join(lines(name, value, language, names))


def lines(name: str, value: Any, language: str | None = None, names: Names | None = None) -> list[str]:
    """The same as one text for each row."""
    if value in ("", None, [], {}):
        return []
    with override(language) if language else nullcontext():
        return [line for line in _WORDS.get(name, _plain)(value, names or Names()) if line]


def label_of(name: str) -> str:
    """The name of a field where it stands alone: "this date is" says of which date."""
    label = str(FIELDS[name].label)
    whole = _PART_OF.get(name)
    return f"{FIELDS[whole].label}: {label}" if whole else label


#: fields whose name says nothing without the one beside which they stand in the form
_PART_OF = {
    "first_enrolment_type": "first_enrolment",
    "completion_type": "completion",
    "age_min_unit": "age_min",
    "age_max_unit": "age_max",
}


def both(row: Mapping[str, Any], part: str) -> Text:
    """A part of a row in the language of the request, or in the other one where it is empty."""
    wanted = current()
    for code in (wanted, *(other for other in LANGUAGES if other != wanted)):
        if text := row.get(f"{part}_{code}"):
            return Text(str(text), code, code != wanted)
    return Text("", wanted)


def partial_date(text: str) -> str:
    """`2026`, `mei 2026` or `12 mei 2026`, as far as the date is known; a text that is no date passes."""
    day = dates.earliest(text)
    if day is None or len(text) == 4:
        return text
    return wording.plain_date(day).partition(" ")[2] if len(text) == 7 else wording.plain_date(day)


def as_date(value: str | date | None) -> date | None:
    """A day of a record, which is ISO text."""
    return value if isinstance(value, date) else dates.earliest(value or "")


def whole_date(text: str | date | None) -> str:
    """A day in words; nothing for none."""
    if not text:
        return ""
    day = as_date(text)
    return wording.plain_date(day) if day else str(text)


def euros(amount: Any) -> str:
    """`€ 480.000`, `€480,000`; cents only where there are any."""
    if amount in (None, ""):
        return ""
    value = Decimal(str(amount))
    decimals = 0 if value == value.to_integral() else 2
    return EURO[current()].format(number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True))


def country(code: str) -> str:
    """The name of a country by its two letters."""
    return Locale(current()).territories.get(code, code)


def choice(choices: type[models.TextChoices], code: str) -> str:
    """The word for a code; a code that is not in the list passes."""
    return str(choices(code).label) if code in choices.values else str(code)


def age(number: int | None, unit: str) -> str:
    """`18 years`."""
    return "" if number is None else f"{wording.number(number)} {choice(words.AgeUnit, unit or words.AgeUnit.YEARS)}"


def outcome(row: Record) -> str:
    """What is measured, and when."""
    return _dots(both(row, "measure"), both(row, "time_frame"))


def condition(row: Record) -> str:
    code = " ".join(part for part in (row.get("code_system"), row.get("code")) if part)
    return f"{both(row, 'name')} ({code})" if code and both(row, "name") else both(row, "name") or code


def intervention(row: Record) -> str:
    return _colon(choice(words.InterventionType, row["type"]) if row.get("type") else "", both(row, "name"))


def location(row: Record) -> str:
    return ", ".join(part for part in (row["facility"], row["city"], row["country"]) if part)


def _dots(*parts: str | Promise) -> str:
    return " · ".join(str(part) for part in parts if part)


def _colon(label: str, text: str) -> str:
    return f"{label}: {text}" if label and text else label or text


def _plain(value: Any, names: Names) -> list[str]:
    if isinstance(value, bool):
        return [_("Yes") if value else _("No")]
    if isinstance(value, list):
        return [str(entry) for entry in value]
    return [wording.number(value) if isinstance(value, int) else str(value)]


def _of(choices: type[models.TextChoices]) -> Lines:
    return lambda value, names: [choice(choices, code) for code in (value if isinstance(value, list) else [value])]


def _each(line: Callable[[Record], str]) -> Lines:
    return lambda value, names: [line(row) for row in value]


def _party(row: Record, names: Names) -> str:
    name = names.organisation(row["organisation"]) if row["organisation"] else row["name"]
    ror = f"ROR {row['ror']}" if row["ror"] else ""
    return _dots(name, ror, row.get("grant_number"), euros(row.get("amount_eur")))


def _contributor(row: Record, names: Names) -> str:
    name = (names.person(row["person"]) if row["person"] else "") or row["name"]
    until = whole_date(row.get("certificate_expires_on"))
    proof = choice(words.ResearchCertificate, row.get("certificate") or "")
    if proof and until:
        proof = _("%(certificate)s until %(date)s") % {"certificate": proof, "date": until}
    hospital = names.hospital(row["site"]) if row["site"] else ""
    return _dots(name, choice(words.ContributorRole, row["role"]), hospital, row["affiliation"], row["orcid"], proof)


def _site(row: Record, names: Names) -> str:
    planned = row.get("planned_inclusions")
    return _dots(
        names.organisation(row["organisation"]),
        _("leads the study") if row["leading"] else "",
        _("%(n)s participants planned") % {"n": wording.number(planned)} if planned is not None else "",
        _("signed by %(name)s") % {"name": row["signatory"]} if row.get("signatory") else "",
    )


def _identifier(row: Record) -> str:
    return _colon(choice(words.Authority, row["authority"]), row["number"])


def _output(row: Record) -> str:
    kind = choice(words.OutputType, row["type"]) if row["type"] else ""
    doi = f"DOI {row['doi']}" if row["doi"] else ""
    return _dots(both(row, "title"), kind, partial_date(row["published"]), doi, row["url"])


def plan(value: Record) -> str:
    """How far a DPIA or data-management plan is, since when, and whose it is."""
    state = choice(words.PlanState, value["state"]) if value.get("state") else ""
    return _dots(state, whole_date(value.get("on")), value.get("owner"))


def contract(row: Record) -> str:
    kind = choice(words.ContractKind, row["kind"]) if row["kind"] else ""
    state = choice(words.ContractState, row["state"]) if row["state"] else ""
    return _dots(kind, ", ".join(row["parties"]), state, whole_date(row["on"]))


def _place(row: Record) -> str:
    status = choice(words.RecruitmentStatus, row["status"]) if row["status"] else ""
    return _dots(location(row), status)


def _visibilities(value: Record, names: Names) -> list[str]:
    return [
        _colon(str(group.label), choice(words.Visibility, value[group.name]))
        for group in GROUPS.values()
        if group.name in value
    ]


def _term(table: type[models.Model]) -> Lines:
    def named(value: Any, names: Names) -> list[str]:
        keys = value if isinstance(value, list) else [value]
        return [str(names.term(table, key) or key) for key in keys]

    return named


_WORDS: dict[str, Lines] = {
    "specialty": _term(Specialty),
    "care_domain": _term(CareDomain),
    "programmes": _term(Programme),
    "phases": _of(words.Phase),
    "identifiers": _each(_identifier),
    "primary_sponsor": lambda value, names: [_party(value, names)],
    "secondary_sponsors": lambda value, names: [_party(row, names) for row in value],
    "funders": lambda value, names: [_party(row, names) for row in value],
    "contributors": lambda value, names: [_contributor(row, names) for row in value],
    "sites": lambda value, names: [_site(row, names) for row in value],
    "conditions": _each(condition),
    "interventions": _each(intervention),
    "primary_outcomes": _each(outcome),
    "secondary_outcomes": _each(outcome),
    "countries": _each(country),
    "locations": _each(_place),
    "first_enrolment": lambda value, names: [partial_date(value)],
    "completion": lambda value, names: [partial_date(value)],
    "results_summary_given_on": lambda value, names: [whole_date(value)],
    "embargo_until": lambda value, names: [whole_date(value)],
    "dpia": lambda value, names: [plan(value)],
    "data_management_plan": lambda value, names: [plan(value)],
    "contracts": _each(contract),
    "outputs": _each(_output),
    "group_visibility": _visibilities,
}


def _columns_with_choices() -> dict[str, Lines]:
    """Fields whose words are the choices of their column."""
    found: dict[str, Lines] = {}
    for name in FIELDS:
        if name not in _WORDS and (labels := dict(getattr(_column(name), "flatchoices", ()) or ())):
            found[name] = lambda value, names, labels=labels: [str(labels.get(value, value))]
    return found


def _column(name: str) -> models.Field | None:
    return next((field for field in Study._meta.fields if field.name == name), None)


_WORDS |= _columns_with_choices()
