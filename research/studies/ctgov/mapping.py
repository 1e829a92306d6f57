"""From a record of ClinicalTrials.gov to ours: a pure mapping that reads no database.

Source: https://clinicaltrials.gov/data-api/about-api/study-data-structure (API v2, `protocolSection`). Its texts are
English and go to the English fields. Arms, descriptions of outcomes and what only the FDA asks have no place here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from academy.core.cleaning import LONGEST_TEXT, MOST_NUMBER

from .. import identifiers
from .. import vocabularies as words
from ..countries import code_of
from ..dates import earliest
from ..models import LONG_TITLE, SHORT, TITLE, Study
from ..record import Record
from ..vocabularies import Authority, ContributorRole
from . import eligibility
from .citations import article
from .nodes import Node, Notes, cut

SOURCE = "clinicaltrials_gov"
LONGEST_MEASURE, LONGEST_FRAME, LONGEST_NAME = 2000, 1000, 2 * SHORT
FIRST_YEAR, LAST_YEAR = 1900, 2100
_AGE = re.compile(r"(\d{1,4}) (year|month|week|day|hour|minute)s?", re.IGNORECASE | re.ASCII)
_ROLES = {
    "PRINCIPAL_INVESTIGATOR": ContributorRole.PRINCIPAL_INVESTIGATOR,
    "SUB_INVESTIGATOR": ContributorRole.SUB_INVESTIGATOR,
    "STUDY_DIRECTOR": ContributorRole.COORDINATOR,
    "STUDY_CHAIR": ContributorRole.COORDINATOR,
}
#: A record without one of these is a part of one, as the registry gives it to who asks for some fields only.
_ALWAYS = ("status", "sponsorCollaborators", "description", "conditions", "design", "eligibility")
_SHARING = {"YES": "Yes.", "NO": "No.", "UNDECIDED": "Undecided."}
#: Numbers of this type are grants of these agencies.
_AGENCIES = {
    "NIH": "National Institutes of Health",
    "FDA": "U.S. Food and Drug Administration",
    "VA": "U.S. Department of Veterans Affairs",
    "CDC": "Centers for Disease Control and Prevention",
    "AHRQ": "Agency for Healthcare Research and Quality",
    "SAMHSA": "Substance Abuse and Mental Health Services Administration",
}
#: What is said about a number (its type and its domain) when one of these gave it.
_REGISTRIES = {
    authority: re.compile(said)
    for authority, said in {
        Authority.EUDRACT: "eudra",
        Authority.EU_CT: r"ctis|\beu ?ct\b|clinical trials information system",
        Authority.ISRCTN: "isrctn",
        Authority.OMON: "omon|onderzoek met mensen",
        Authority.NTR: r"\bntr\b|dutch trial|netherlands trial|nederlands trial",
        Authority.ABR: r"ccmo|\babr\b|toetsingonline",
        Authority.METC: r"\bmetc|\bmec\b",
    }.items()
}
#: Authorities whose numbers are known by their form alone, the longer forms first.
_BY_FORM = tuple(Authority(name) for name in ("clinicaltrials_gov", "isrctn", "eu_ct", "eudract", "abr", "omon"))


@dataclass
class Converted:
    """What a record says in our fields; `problem` is why it cannot be used, `notes` what a person should know.

    `values` has every field that the registry speaks for, empty ones too, except those that a registry takes away when
    a study closes: contacts and the kind of number of participants that it no longer gives. Unless it is `whole`, what
    is empty was perhaps not asked for.
    """

    key: str = ""
    values: Record = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problem: str = ""
    whole: bool = True


def convert(raw: Any) -> Converted:
    """The record in our fields; raises nothing, whatever comes in."""
    if not isinstance(raw, dict) or not isinstance(raw.get("protocolSection"), dict):
        return Converted(problem=_what_it_is(raw))
    notes = Notes()
    protocol = Node(raw["protocolSection"], notes)
    key = protocol.node("identificationModule").line("nctId").upper()
    if problem := identifiers.problem_of(Authority.CLINICALTRIALS_GOV, key):
        return Converted(problem=f"{_('The number of the study (nctId) is missing or wrong.')} {problem}")
    values: Record = {}
    for part in (_identity, _numbers, _sponsors, _people, _design, _population, _outcomes, _places, _dates, _results):
        values |= part(protocol)
    _keep_whole_titles(protocol, values)
    _add_codes(Node(raw, notes).node("derivedSection"), values)
    whole = all(isinstance(protocol.data.get(f"{name}Module"), dict) for name in _ALWAYS)
    return Converted(key, values, list(notes), whole=whole)


def _what_it_is(raw: Any) -> str:
    if isinstance(raw, dict) and {"FullStudy", "Study", "StudyFieldsResponse", "clinical_study"} & set(raw):
        return _("This is the older format of ClinicalTrials.gov. Download the study again as JSON (API v2).")
    if isinstance(raw, dict) and {"TrialID", "Trial", "Trials_downloaded_from_ICTRP"} & set(raw):
        return _("This comes from the WHO (ICTRP). Download the study from ClinicalTrials.gov as JSON (API v2).")
    return _("This is not a record of ClinicalTrials.gov API v2: it has no object “protocolSection”.")


def _identity(protocol: Node) -> Record:
    identification, description = protocol.node("identificationModule"), protocol.node("descriptionModule")
    return {
        "public_title_en": cut(identification.line("briefTitle"), TITLE),
        "scientific_title_en": cut(identification.line("officialTitle"), LONG_TITLE),
        "acronym": identification.line("acronym", Study._meta.get_field("acronym").max_length),
        "summary_en": description.prose("briefSummary", LONGEST_TEXT),
        "description_en": description.prose("detailedDescription", LONGEST_TEXT),
        "keywords": protocol.node("conditionsModule").lines("keywords", SHORT),
    }


def _keep_whole_titles(protocol: Node, values: Record) -> None:
    """A title that had to be cut stands whole at the beginning of the description."""
    identification = protocol.node("identificationModule")
    for name, limit in (("officialTitle", LONG_TITLE), ("briefTitle", TITLE)):
        whole = identification.line(name)
        if len(whole) > limit:
            values["description_en"] = cut(f"{whole}\n\n{values['description_en']}".strip(), LONGEST_TEXT)
            told = {"path": name, "n": len(whole), "limit": limit}
            identification.notes.say(
                _("%(path)s has %(n)s characters and is cut after %(limit)s; the description begins with all of it.")
                % told
            )


def _numbers(protocol: Node) -> Record:
    identification = protocol.node("identificationModule")
    found = [(Authority.CLINICALTRIALS_GOV, identification.line("nctId").upper())]
    found += [(identifiers.guess(alias), alias) for alias in identification.lines("nctIdAliases", SHORT)]
    given = [identification.node("orgStudyIdInfo"), *identification.nodes("secondaryIdInfos")]
    grants = [row for row in given if _gives_money(row)]
    found += [_number(row) for row in given if row not in grants and row.line("id")]
    return {"identifiers": _distinct(found), "funders": _unique(_funder(row) for row in grants if row.line("id"))}


def _distinct(found: list[tuple[str, str]]) -> list[Record]:
    rows: dict[tuple[str, str], Record] = {}
    for authority, number in found:
        key = (authority, identifiers.key_of(authority, number))
        rows.setdefault(key, {"authority": str(authority), "number": identifiers.tidy(authority, number)})
    return list(rows.values())


def _number(row: Node) -> tuple[str, str]:
    """Who gave a number, by what is said about it, else by its form; the form of its authority is what counts."""
    told, text = f"{row.line('type')} {row.line('domain')}".casefold(), row.line("id", SHORT)
    named = next((authority for authority, said in _REGISTRIES.items() if said.search(told)), None)
    if named == Authority.METC:
        return named, text
    for authority in (named,) if named else _BY_FORM:
        form = identifiers.FORMS[authority][0]
        if found := re.search(rf"(?<![\w-]){form}(?![\w-])", text, re.ASCII | re.IGNORECASE):
            return authority, found[0]
    return Authority.OTHER, text


def _gives_money(row: Node) -> bool:
    return row.line("type") in _AGENCIES or (row.line("type") == "OTHER_GRANT" and bool(row.line("domain")))


def _party(name: str) -> Record:
    return {"organisation": "", "name": name, "ror": ""}


def _funder(row: Node) -> Record:
    name = _AGENCIES.get(row.line("type")) or row.line("domain", SHORT)
    return {**_party(name), "grant_number": row.line("id", 100), "amount_eur": None}


def _sponsors(protocol: Node) -> Record:
    module = protocol.node("sponsorCollaboratorsModule")
    lead = module.node("leadSponsor").line("name", SHORT)
    others = [row.line("name", SHORT) for row in module.nodes("collaborators")]
    return {
        "primary_sponsor": _party(lead) if lead else None,
        "secondary_sponsors": [_party(name) for name in dict.fromkeys(others) if name and name != lead],
    }


def _people(protocol: Node) -> Record:
    module = protocol.node("contactsLocationsModule")
    people = [_official(row) for row in module.nodes("overallOfficials")]
    responsible = protocol.node("sponsorCollaboratorsModule").node("responsibleParty")
    name = responsible.line("investigatorFullName", SHORT)
    if name and not any(row["name"].startswith(name) for row in people):
        affiliation = responsible.line("investigatorAffiliation", SHORT)
        people.insert(0, _person(name, ContributorRole.PRINCIPAL_INVESTIGATOR, affiliation))
    return {"contributors": _unique(row for row in people if row["name"]), **_contact(module)}


def _official(row: Node) -> Record:
    role = row.line("role")
    if role and role not in _ROLES:
        row.notes.left_out("role", role)
    return _person(row.line("name", SHORT), _ROLES.get(role, ContributorRole.OTHER), row.line("affiliation", SHORT))


def _person(name: str, role: str, affiliation: str) -> Record:
    empty = {"person": None, "orcid": "", "site": "", "certificate": "", "certificate_expires_on": None}
    return {**empty, "name": name, "role": str(role), "affiliation": affiliation}


def _contact(module: Node) -> Record:
    contact = next(module.nodes("centralContacts"), None)
    if contact is None:
        return {}
    extension = contact.line("phoneExt")
    phone = f"{contact.line('phone')}{f' #{extension}' if extension else ''}"
    given = {"contact_name": contact.line("name", SHORT), "contact_email": _email(contact), "contact_phone": phone[:40]}
    return {name: value for name, value in given.items() if value}


def _email(contact: Node) -> str:
    address = contact.line("email")
    try:
        Study._meta.get_field("contact_email").run_validators(address)
    except ValidationError:
        contact.notes.left_out("email", address)
        return ""
    return address


def _design(protocol: Node) -> Record:
    module = protocol.node("designModule")
    info = module.node("designInfo")
    phases = (module.known("phases", phase, words.Phase) for phase in module.lines("phases", SHORT))
    return {
        "study_type": module.code("studyType", words.StudyType),
        "phases": [phase for phase in phases if phase],
        "allocation": info.code("allocation", words.Allocation),
        "intervention_model": info.code("interventionModel", words.InterventionModel),
        "masking": info.node("maskingInfo").code("masking", words.Masking),
        "primary_purpose": info.code("primaryPurpose", words.PrimaryPurpose),
        "observational_model": info.code("observationalModel", words.ObservationalModel),
        "time_perspective": info.code("timePerspective", words.TimePerspective),
        **_enrolment(module.node("enrollmentInfo")),
    }


def _enrolment(info: Node) -> Record:
    kind, count = info.code("type", words.DateType), info.number("count", MOST_NUMBER)
    if count is None:
        return {}
    return {"sample_size_actual" if kind == words.DateType.ACTUAL else "sample_size_target": count}


def _population(protocol: Node) -> Record:
    module = protocol.node("eligibilityModule")
    inclusion, exclusion = eligibility.split(module.prose("eligibilityCriteria", LONGEST_TEXT))
    conditions = protocol.node("conditionsModule").lines("conditions", LONGEST_NAME)
    interventions = protocol.node("armsInterventionsModule").nodes("interventions")
    return {
        "conditions": [{"code_system": "", "code": "", "name_nl": "", "name_en": name} for name in conditions],
        "interventions": _unique(_intervention(row) for row in interventions if row.line("name")),
        **_age(module, "minimumAge", "age_min"),
        **_age(module, "maximumAge", "age_max"),
        "sex": module.code("sex", words.Sex),
        "healthy_volunteers": module.flag("healthyVolunteers"),
        "inclusion_criteria_en": inclusion,
        "exclusion_criteria_en": exclusion,
    }


def _intervention(row: Node) -> Record:
    kind = row.code("type", words.InterventionType) or str(words.InterventionType.OTHER)
    return {"type": kind, "name_nl": "", "name_en": row.line("name", LONGEST_NAME)}


def _age(module: Node, name: str, ours: str) -> Record:
    written = module.line(name)
    found = _AGE.fullmatch(written)
    if written and not found and written.upper() != "N/A":
        module.notes.left_out(name, written)
    number, unit = (int(found[1]), f"{found[2].upper()}S") if found else (None, "")
    return {ours: number, f"{ours}_unit": unit}


def _add_codes(derived: Node, values: Record) -> None:
    """The MeSH code of each condition whose name is a MeSH term."""
    terms = derived.node("conditionBrowseModule").nodes("meshes")
    codes = {term.line("term").casefold(): term.line("id", 40) for term in terms}
    for condition in values["conditions"]:
        if code := codes.get(condition["name_en"].casefold()):
            condition.update(code_system="MeSH", code=code)


def _outcomes(protocol: Node) -> Record:
    module = protocol.node("outcomesModule")
    return {
        "primary_outcomes": [_outcome(row) for row in module.nodes("primaryOutcomes") if row.line("measure")],
        "secondary_outcomes": [_outcome(row) for row in module.nodes("secondaryOutcomes") if row.line("measure")],
    }


def _outcome(row: Node) -> Record:
    frame = row.line("timeFrame", LONGEST_FRAME)
    return {
        "measure_nl": "",
        "measure_en": row.line("measure", LONGEST_MEASURE),
        "time_frame_nl": "",
        "time_frame_en": frame,
    }


def _places(protocol: Node) -> Record:
    module = protocol.node("contactsLocationsModule")
    locations = [place for place in map(_location, module.nodes("locations")) if any(place.values())]
    countries = {place["country"]: code_of(place["country"]) for place in locations if place["country"]}
    for name in (name for name, code in countries.items() if not code):
        module.notes.left_out("country", name)
    return {"locations": locations, "countries": sorted({code for code in countries.values() if code})}


def _location(row: Node) -> Record:
    return {
        "facility": row.line("facility", LONG_TITLE),
        "city": row.line("city", SHORT),
        "country": row.line("country", SHORT),
        "status": row.code("status", words.RecruitmentStatus),
    }


def _dates(protocol: Node) -> Record:
    module = protocol.node("statusModule")
    return {
        "recruitment_status": module.code("overallStatus", words.RecruitmentStatus),
        "why_stopped_en": module.prose("whyStopped", LONGEST_TEXT),
        **_date(module, "startDateStruct", "first_enrolment"),
        **_date(module, "completionDateStruct", "completion"),
    }


def _date(module: Node, name: str, ours: str) -> Record:
    struct = module.node(name)
    written = _day(struct, name)
    return {ours: written, f"{ours}_type": struct.code("type", words.DateType) if written else ""}


def _day(struct: Node, name: str) -> str:
    """A year, month or day that exists and lies in our time."""
    written = struct.line("date")
    first = earliest(written)
    if first and FIRST_YEAR <= first.year <= LAST_YEAR:
        return written
    if written:
        struct.notes.say(
            _("“%(value)s” in %(path)s is no date and was left out.") % {"value": written[:40], "path": name}
        )
    return ""


def _results(protocol: Node) -> Record:
    given = _day(protocol.node("statusModule").node("resultsFirstPostDateStruct"), "resultsFirstPostDateStruct")
    references = protocol.node("referencesModule").nodes("references")
    articles = (article(row.line("citation"), row.line("pmid")) for row in references if row.line("type") == "RESULT")
    return {
        "outputs": _unique(row for row in articles if row),
        "results_summary_given_on": given if len(given) == 10 else None,
        "ipd_statement_en": _sharing(protocol.node("ipdSharingStatementModule")),
    }


def _sharing(module: Node) -> str:
    answer = module.line("ipdSharing")
    if answer and answer not in _SHARING:
        module.notes.left_out("ipdSharing", answer)
    parts = [
        _SHARING.get(answer, ""),
        *(module.prose(name) for name in ("description", "timeFrame", "accessCriteria", "url")),
    ]
    return cut("\n\n".join(part for part in parts if part), LONGEST_TEXT)


def _unique(rows: Iterable[Record]) -> list[Record]:
    return list({tuple(row.items()): row for row in rows}.values())
