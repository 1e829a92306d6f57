"""The parts of a study's page that are told as rows: design, participants, outcomes, people, money, agreements."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.accounts.models import Organisation
from academy.core import wording
from academy.core.translation import pick

from . import facts, identifiers
from . import vocabularies as words
from .record import FIELDS, Record
from .sheet import Line, Row, Sheet
from .vocabularies import ContributorRole, DateType


@dataclass(frozen=True)
class Section:
    """A part of the page."""

    id: str
    title: str
    rows: list[Row] = field(default_factory=list)

    @property
    def internal(self) -> bool:
        """Whether something in it is for fewer people than the study itself."""
        return any(row.internal and row.mark for row in self.rows)


def _kept(*rows: Row | None) -> list[Row]:
    return [row for row in rows if row]


def _design(sheet: Sheet) -> Section:
    told = [name for name in _KIND if sheet.get(name) and sheet.get(name) != [words.Phase.NA]]
    kind = " · ".join(", ".join(facts.lines(name, sheet.get(name))).lower() for name in told)
    questions = [
        Line(wording.capital(f"{FIELDS[name].label}: {facts.in_words(name, sheet.get(name)).lower()}"))
        for name in ("medical_scientific_research", "subjected_to_acts_or_rules")
        if sheet.get(name) is not None
    ]
    rows = _kept(
        sheet.text_row(_("Scientific title"), "scientific_title"),
        sheet.row(_("Kind of research"), "study_type", [Line(wording.capital(kind))]),
        sheet.row(_("Purpose"), "primary_purpose"),
        sheet.row(_("Legal regime"), "legal_regime", [Line(sheet.regime), *questions]),
        sheet.row(_("Conditions"), "conditions", _localised(sheet, "conditions", facts.condition)),
        sheet.row(_("What is studied"), "interventions", _localised(sheet, "interventions", facts.intervention)),
        sheet.row(_("Keywords"), "keywords", [Line(", ".join(sheet.get("keywords")))]),
    )
    return Section("design", _("Design"), rows)


_KIND = (
    "study_type",
    "phases",
    "allocation",
    "intervention_model",
    "masking",
    "observational_model",
    "time_perspective",
)


def _localised(sheet: Sheet, name: str, line: Callable[[Record], str]) -> list[Line]:
    return [Line(line(row)) for row in sheet.get(name)]


def _participants(sheet: Sheet) -> Section:
    ages = [
        facts.age(sheet.get("age_min"), sheet.get("age_min_unit")),
        facts.age(sheet.get("age_max"), sheet.get("age_max_unit")),
    ]
    rows = _kept(
        sheet.row(_("Age"), "age_min", [Line(_ages(*ages))]),
        sheet.row(pgettext("sex of participants", "Sex"), "sex"),
        sheet.row(_("Healthy volunteers"), "healthy_volunteers"),
        sheet.text_row(_("Can take part"), "inclusion_criteria"),
        sheet.text_row(_("Cannot take part"), "exclusion_criteria"),
        sheet.row(_("Countries"), "countries", [Line(", ".join(facts.lines("countries", sheet.get("countries"))))]),
        sheet.row(_("Other places"), "locations", _places(sheet)),
    )
    return Section("participants", _("Who can take part"), rows)


def _ages(low: str, high: str) -> str:
    if low and high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    if low:
        return _("From %(age)s on") % {"age": low}
    return _("Up to %(age)s") % {"age": high} if high else ""


MOST_PLACES = 12


def _places(sheet: Sheet) -> list[Line]:
    """The first places, and how many there are more: some studies have hundreds."""
    rows = sheet.get("locations")
    lines = [Line(facts.location(row)) for row in rows[:MOST_PLACES]]
    more = len(rows) - len(lines)
    return [*lines, Line(_("and %(n)s other places") % {"n": wording.number(more)})] if more > 0 else lines


def _outcomes(sheet: Sheet) -> Section:
    def outcomes(name: str) -> list[Line]:
        return [Line(facts.both(row, "measure"), note=facts.both(row, "time_frame")) for row in sheet.get(name)]

    rows = _kept(
        sheet.row(_("Primary outcomes"), "primary_outcomes", outcomes("primary_outcomes")),
        sheet.row(_("Secondary outcomes"), "secondary_outcomes", outcomes("secondary_outcomes")),
    )
    return Section("outcomes", _("What is measured"), rows)


def _people(sheet: Sheet) -> Section:
    by_role: dict[str, list[Line]] = {}
    proofs = []
    for row in sheet.get("contributors"):
        by_role.setdefault(row["role"], []).append(_person(row, sheet.names))
        if row.get("certificate"):
            proofs.append(_proof(row, sheet.names))
    roles = [
        sheet.row(wording.capital(facts.choice(ContributorRole, role)), "contributors", by_role[role])
        for role in sorted(by_role, key=_role_order)
    ]
    rows = _kept(
        *roles,
        sheet.row(_("BROK and GCP"), "contributors", proofs, group="certificates"),
        sheet.row(_("Contact"), "contact_email", _contact(sheet)),
    )
    return Section("people", _("People"), rows)


def _role_order(role: str) -> int:
    return ContributorRole.values.index(role) if role in ContributorRole.values else len(ContributorRole.values)


def _name(row: Record, names: facts.Names) -> str:
    return (names.person(row["person"]) if row["person"] else "") or row["name"]


def _person(row: Record, names: facts.Names) -> Line:
    place = [names.hospital(row["site"]) if row["site"] else "", row["affiliation"]]
    url = f"https://orcid.org/{row['orcid']}" if row["orcid"] else ""
    orcid = f"ORCID {row['orcid']}" if url else ""
    return Line(_name(row, names), url, " · ".join(part for part in (*place, orcid) if part))


def _proof(row: Record, names: facts.Names) -> Line:
    until = facts.whole_date(row["certificate_expires_on"])
    proof = facts.choice(words.ResearchCertificate, row["certificate"])
    note = _("%(certificate)s until %(date)s") % {"certificate": proof, "date": until} if until else proof
    return Line(_name(row, names), note=note)


def _contact(sheet: Sheet) -> list[Line]:
    email = sheet.get("contact_email")
    return [
        Line(sheet.get("contact_name")),
        Line(email, f"mailto:{email}"),
        Line(sheet.get("contact_phone")),
    ]


def _money(sheet: Sheet) -> Section:
    sponsor = sheet.get("primary_sponsor")
    funders = sheet.get("funders")
    amounts = [
        Line(_party(row, sheet.names).text, note=facts.euros(row["amount_eur"]))
        for row in funders
        if row.get("amount_eur")
    ]
    rows = _kept(
        sheet.row(_("Sponsor"), "primary_sponsor", [_party(sponsor, sheet.names)] if sponsor else []),
        sheet.row(
            _("Other sponsors"),
            "secondary_sponsors",
            [_party(row, sheet.names) for row in sheet.get("secondary_sponsors")],
        ),
        sheet.row(_("Funders"), "funders", [_party(row, sheet.names) for row in funders]),
        sheet.row(_("Grant amounts"), "funders", amounts, group="grants"),
    )
    return Section("money", _("Sponsors and funders"), rows)


def _party(row: Record, names: facts.Names) -> Line:
    organisation = names.term(Organisation, row["organisation"]) if row["organisation"] else None
    ror = row["ror"] or (organisation.ror if organisation else "")
    grant = _("grant %(number)s") % {"number": row["grant_number"]} if row.get("grant_number") else ""
    note = " · ".join(part for part in (f"ROR {ror}" if ror else "", grant) if part)
    name = pick(organisation, "name") if organisation else row["name"] or row["organisation"]
    return Line(name, f"https://ror.org/{ror}" if ror else "", note)


def _governance(sheet: Sheet) -> Section:
    rows = _kept(
        sheet.row(_("Data-management plan"), "data_management_plan"),
        sheet.row(_("DPIA"), "dpia"),
        sheet.row(_("Contracts"), "contracts"),
        sheet.row(_("Visible to"), "visibility"),
        sheet.row(_("Public from"), "embargo_until"),
        sheet.row(_("Visibility of parts"), "group_visibility"),
    )
    return Section("governance", _("Agreements and visibility"), rows)


_SECTIONS = (_design, _participants, _outcomes, _people, _money, _governance)


def sections(sheet: Sheet) -> list[Section]:
    """Everything that is told as rows, empty parts left out."""
    made = (make(sheet) for make in _SECTIONS)
    return [section for section in made if section.rows]


def characteristics(sheet: Sheet) -> list[Row]:
    """What people look up first: numbers, regime, specialty, planning."""
    expected = sheet.get("completion_type") == DateType.ESTIMATED
    starts = sheet.get("first_enrolment_type") == DateType.ESTIMATED
    numbers = [
        sheet.row(
            wording.capital(facts.choice(words.Authority, row["authority"])),
            "identifiers",
            [Line(row["number"], identifiers.address_of(row["authority"], row["number"]))],
        )
        for row in sheet.get("identifiers")
    ]
    return [
        Row(_("Number"), [Line(sheet.study.number)]),
        *_kept(
            *numbers,
            sheet.row(_("Legal regime"), "legal_regime"),
            sheet.row(_("Specialty"), "specialty"),
            sheet.row(_("Care domain"), "care_domain"),
            sheet.row(_("First participant (expected)") if starts else _("First participant"), "first_enrolment"),
            sheet.row(_("End (expected)") if expected else pgettext("of a study", "End"), "completion"),
            sheet.row(_("Participants"), "sample_size_target", [Line(_sample(sheet))]),
        ),
    ]


def _sample(sheet: Sheet) -> str:
    target, actual = sheet.get("sample_size_target"), sheet.get("sample_size_actual")
    if target is not None and actual is not None:
        return _("%(actual)s of %(target)s planned") % {
            "actual": wording.number(actual),
            "target": wording.number(target),
        }
    if target is not None:
        return _("%(target)s planned") % {"target": wording.number(target)}
    return wording.number(actual) if actual is not None else ""


@dataclass(frozen=True)
class Publication:
    """Something that came out of the study, with where to read it."""

    title: str
    url: str
    meta: list[str]


def publications(sheet: Sheet) -> list[Publication]:
    """What came out of the study, as far as it may be seen."""
    return [
        Publication(
            facts.both(row, "title") or row["doi"] or row["url"],
            identifiers.address_of(words.Authority.DOI, row["doi"]) or row["url"],
            [
                part
                for part in (
                    facts.partial_date(row["published"]),
                    facts.choice(words.OutputType, row["type"]),
                    f"DOI {row['doi']}" if row["doi"] else "",
                )
                if part
            ],
        )
        for row in sheet.get("outputs")
    ]
