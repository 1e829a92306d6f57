"""What the record of a demo study says when it is registered, and what is changed in it later, by offset in days."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from research.studies.record import Record
from research.studies.vocabularies import ContributorRole, DateType, RecruitmentStatus

from .content import LANGUAGES, Calendar, Row, both, read
from .people import People
from .reference import Reference

# The file says that these happened, but not when.
SUSPENDED_ON = -35
CLOSED_AFTER_LAST_FIGURES = 30  # days
Date = Callable[[int | None], str | None]


def dates_of(calendar: Calendar) -> Date:
    """Offsets from the load day as ISO dates; None stays None."""
    return lambda offset: None if offset is None else calendar.day(offset).isoformat()


def at_registration(row: Row, people: People, reference: Reference, date: Date) -> Record:
    """The whole record as its researcher first writes it: nothing has happened yet."""
    return {
        **_texts(row),
        **_regime_and_design(row),
        **_population(row),
        **_parties(row),
        "sites": _sites(row, people),
        "contributors": _contributors(row, people, reference, date),
        "contact_email": row["contact_email"],
        "first_enrolment": date(row["dates"]["first_enrolment"]["offset_days"]),
        "first_enrolment_type": DateType.ESTIMATED.value,
        "completion": date(row["dates"]["completion"]["offset_days"]),
        "completion_type": DateType.ESTIMATED.value,
        "sample_size_target": row["sample_size"]["target"],
        "recruitment_status": RecruitmentStatus.NOT_YET_RECRUITING.value,
        "visibility": row["visibility"],
        "embargo_until": date(row["embargo_offset_days"]),
    }


def _texts(row: Row) -> Record:
    found: Record = {"acronym": row["acronym"], "specialty": row["specialty"]}
    for name in ("public_title", "scientific_title", "summary"):
        found |= both(row[name], name)
    return found | both(row["results"]["individual_participant_data_statement"], "ipd_statement")


def _regime_and_design(row: Row) -> Record:
    return {
        **row["wmo_test"],
        "legal_regime": row["legal_regime"],
        "identifiers": row["identifiers"],
        **row["design"],
    }


def _population(row: Row) -> Record:
    people, outcomes = row["population"], row["outcomes"]
    found: Record = {"sex": people["sex"], "countries": people["countries"]}
    for name in ("age_min", "age_max"):
        found[name] = people[name]
        found[f"{name}_unit"] = "" if people[name] is None else people["age_unit"]
    for name in ("inclusion_criteria", "exclusion_criteria"):
        for code in LANGUAGES:
            found[f"{name}_{code}"] = "\n".join(entry[code] for entry in people[name])
    found["conditions"] = [
        {"code_system": entry["code_system"] or "", "code": entry["code"] or "", **both(entry["name"], "name")}
        for entry in row["conditions"]
    ]
    found["interventions"] = [{"type": entry["type"], **both(entry["name"], "name")} for entry in row["interventions"]]
    for name in ("primary", "secondary"):
        found[f"{name}_outcomes"] = [
            {**both(entry["measure"], "measure"), **both(entry["time_frame"], "time_frame")} for entry in outcomes[name]
        ]
    return found


def _organisation(key: str) -> Record:
    return {"organisation": key, "name": "", "ror": ""}


def _parties(row: Row) -> Record:
    return {
        "primary_sponsor": _organisation(row["primary_sponsor"]),
        "secondary_sponsors": [_organisation(key) for key in row["secondary_sponsors"]],
        "funders": [
            {**_organisation(entry["funder"]), "grant_number": entry["grant_number"], "amount_eur": entry["amount_eur"]}
            for entry in row["funding"]
        ],
    }


def _sites(row: Row, people: People) -> list[Record]:
    """The hospitals that review it; the declaration of suitability says who signs and for how many participants."""
    declared = {entry["site"]: entry for entry in row["governance"]["site_suitability_declarations"]}
    return [
        {
            "organisation": review["site"],
            "leading": review["site"] == row["leading_organisation"],
            "planned_inclusions": declared.get(review["site"], {}).get("planned_inclusions"),
            "signatory": _name(people, declared.get(review["site"], {}).get("signatory")),
        }
        for review in row["reviews"]
    ]


def _name(people: People, key: str | None) -> str:
    return people[key].full_name if key else ""


def _contributors(row: Row, people: People, reference: Reference, date: Date) -> list[Record]:
    """Investigators of each hospital, then the team; a certificate stands at the first row of its holder."""
    certificates = {entry["person"]: entry for entry in row["certificates"]}
    homes = _homes()
    sites = {review["site"] for review in row["reviews"]}
    found = []
    for entry in (*row["principal_investigators"], *row["team"]):
        held = certificates.pop(entry["person"], None)
        home = entry.get("site") or homes.get(entry["person"], "")
        found.append(
            {
                "person": people[entry["person"]].pk,
                "role": entry.get("role", ContributorRole.PRINCIPAL_INVESTIGATOR.value),
                "site": home if home in sites else "",
                "affiliation": "" if home in sites or not home else reference.organisations[home].name_nl,
                "certificate": held["kind"] if held else "",
                "certificate_expires_on": date(held["expires_offset_days"]) if held else None,
            }
        )
    return found


def _homes() -> dict[str, str]:
    """Key of the organisation that each person belongs to."""
    return {row["key"]: row["memberships"][0]["organisation"] for row in read("people")["people"] if row["memberships"]}


def editors_of(row: Row) -> list[str]:
    """Keys of the people who edit the study: its investigators and whoever coordinates it."""
    editing = {ContributorRole.SUB_INVESTIGATOR, ContributorRole.COORDINATOR}
    leading = [entry["person"] for entry in row["principal_investigators"]]
    return list(dict.fromkeys(leading + [entry["person"] for entry in row["team"] if entry["role"] in editing]))


Changes = dict[int, dict[str, Any]]


def later(row: Row, people: People, date: Date) -> Changes:
    """What is changed in the record after it was registered: values by offset, in order of date."""
    found: Changes = defaultdict(dict)
    for happened in (_governance, _start, _end, _pause, _figures, _outputs, _results):
        for offset, values in happened(row, people, date).items():
            found[offset] |= values
    return dict(sorted(found.items()))


def _governance(row: Row, people: People, date: Date) -> Changes:
    """Plans and contracts are filled in once all of them are there, or with the first participant if that is later."""
    plans = {name: row["governance"][name] for name in ("dpia", "data_management_plan")}
    contracts = row["governance"]["contracts"]
    offsets = [entry["offset_days"] for entry in (*plans.values(), *contracts) if entry["offset_days"] is not None]
    values: Record = {
        name: {"state": plan["state"], "on": date(plan["offset_days"]), "owner": _name(people, plan["owner"])}
        for name, plan in plans.items()
    }
    values["contracts"] = [
        {
            "kind": entry["kind"],
            "parties": [key.upper() for key in entry["parties"]],
            "state": entry["state"],
            "on": date(entry["offset_days"]),
        }
        for entry in contracts
    ]
    return {max([*offsets, *_start(row, people, date)]): values} if offsets else {}


def _start(row: Row, people: People, date: Date) -> Changes:
    first = row["dates"]["first_enrolment"]
    if first["type"] != DateType.ACTUAL:
        return {}
    invited = RecruitmentStatus.ENROLLING_BY_INVITATION.value
    status = row["recruitment_status"] if row["recruitment_status"] == invited else RecruitmentStatus.RECRUITING.value
    return {first["offset_days"]: {"first_enrolment_type": DateType.ACTUAL.value, "recruitment_status": status}}


def _end(row: Row, people: People, date: Date) -> Changes:
    last = row["dates"]["completion"]
    if last["type"] != DateType.ACTUAL:
        return {}
    return {
        last["offset_days"]: {
            "completion_type": DateType.ACTUAL.value,
            "recruitment_status": row["recruitment_status"],
            "sample_size_actual": row["sample_size"]["actual"],
            **both(row.get("why_stopped"), "why_stopped"),
        }
    }


def _pause(row: Row, people: People, date: Date) -> Changes:
    """It stopped recruiting without being over, or never began."""
    days = {
        RecruitmentStatus.SUSPENDED: SUSPENDED_ON,
        RecruitmentStatus.WITHDRAWN: row["dates"]["first_enrolment"]["offset_days"],
        RecruitmentStatus.ACTIVE_NOT_RECRUITING: _last_figures(row) + CLOSED_AFTER_LAST_FIGURES,
    }
    status = row["recruitment_status"]
    if status not in days:
        return {}
    return {days[status]: {"recruitment_status": status, **both(row.get("why_stopped"), "why_stopped")}}


def _last_figures(row: Row) -> int:
    return max((entry["month_start_offset_days"] for entry in row["recruitment"]), default=0)


def _figures(row: Row, people: People, date: Date) -> Changes:
    """How many take part, as last counted."""
    ended = row["dates"]["completion"]["type"] == DateType.ACTUAL
    if ended or not row["sample_size"]["actual"]:
        return {}
    return {_last_figures(row): {"sample_size_actual": row["sample_size"]["actual"]}}


def _outputs(row: Row, people: People, date: Date) -> Changes:
    """Each output on its day, together with those before it."""
    outputs = sorted(row["results"]["outputs"], key=lambda entry: entry["published_offset_days"])
    rows = [
        {
            "type": entry["type"],
            **both(entry["title"], "title"),
            "doi": entry["doi"] or "",
            "published": date(entry["published_offset_days"]),
        }
        for entry in outputs
    ]
    return {entry["published_offset_days"]: {"outputs": rows[: n + 1]} for n, entry in enumerate(outputs)}


def _results(row: Row, people: People, date: Date) -> Changes:
    given = row["results"]["summary_given_offset_days"]
    return {} if given is None else {given: {"results_summary_given_on": date(given)}}
