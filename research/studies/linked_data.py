"""A study as JSON-LD: only what everybody may see.

Source of the words: https://schema.org/MedicalTrial, /MedicalObservationalStudy, /ResearchProject.
"""

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import override

from academy.accounts.models import Organisation
from academy.core import linked_data
from academy.core.linked_data import JsonLd, as_script, filled
from academy.core.translation import LANGUAGES

from . import facts, identifiers
from .models import Study
from .record import Record, read
from .sheet import Sheet
from .vocabularies import Authority, ContributorRole, RecruitmentStatus, StudyType, Visibility

#: the members of https://schema.org/MedicalStudyStatus
_STATUS = {
    RecruitmentStatus.NOT_YET_RECRUITING: "NotYetRecruiting",
    RecruitmentStatus.RECRUITING: "Recruiting",
    RecruitmentStatus.ENROLLING_BY_INVITATION: "EnrollingByInvitation",
    RecruitmentStatus.ACTIVE_NOT_RECRUITING: "ActiveNotRecruiting",
    RecruitmentStatus.SUSPENDED: "Suspended",
    RecruitmentStatus.TERMINATED: "Terminated",
    RecruitmentStatus.COMPLETED: "Completed",
    RecruitmentStatus.WITHDRAWN: "Withdrawn",
}
#: the members of https://schema.org/MedicalTrialDesign
_MASKING = {
    "NONE": "OpenTrial",
    "SINGLE": "SingleBlindedTrial",
    "DOUBLE": "DoubleBlindedTrial",
    "TRIPLE": "TripleBlindedTrial",
}
#: the members of https://schema.org/MedicalObservationalStudyDesign
_DESIGN = {"COHORT": "CohortStudy", "CASE_ONLY": "CaseSeries"}


def permanent_address(study: Study) -> str:
    """The address that stays, whatever happens to the site."""
    return linked_data.permanent_address(study.number)


def document(study: Study) -> JsonLd:
    """The study; what `record.with_everything` and the sites bring along must be there."""
    sheet = Sheet(study, read(study), Visibility.PUBLIC)
    kind = {StudyType.INTERVENTIONAL: "MedicalTrial", StudyType.OBSERVATIONAL: "MedicalObservationalStudy"}
    medical = kind.get(sheet.get("study_type"), "")
    described = _medical(sheet) if medical else _project(sheet)
    kind_of_thing = {"@context": "https://schema.org", "@type": medical or "ResearchProject"}
    return filled({**kind_of_thing, **_thing(sheet), **described})


def script(study: Study) -> SafeString:
    """The content of `<script type="application/ld+json">`: nothing in it can end the element."""
    return as_script(document(study))


def _thing(sheet: Sheet) -> JsonLd:
    with override("en"):
        numbers = [_number(row) for row in sheet.get("identifiers")]
    return {
        "@id": permanent_address(sheet.study),
        "url": f"{settings.SITE_URL}{sheet.study.get_absolute_url()}",
        "name": _words(sheet.record, "public_title"),
        "alternateName": [*filter(None, [sheet.get("acronym")]), *_words(sheet.record, "scientific_title")],
        "description": _words(sheet.record, "summary"),
        "identifier": [_value(settings.WAGTAIL_SITE_NAME, sheet.study.number), *numbers],
        "sameAs": [url for row in sheet.get("identifiers") if (url := identifiers.address_of(**row))],
        "subjectOf": [_work(row) for row in sheet.get("outputs")],
    }


def _words(row: Record, part: str) -> list[JsonLd]:
    texts = [(code, row.get(f"{part}_{code}")) for code in LANGUAGES]
    return [{"@language": code, "@value": text} for code, text in texts if text]


def _value(authority: str, number: str, url: str = "") -> JsonLd:
    value = {"@type": "PropertyValue", "propertyID": authority, "value": number}
    return {**value, "url": url} if url else value


def _number(row: Record) -> JsonLd:
    return _value(facts.choice(Authority, row["authority"]), row["number"], identifiers.address_of(**row))


def _work(row: Record) -> JsonLd:
    work = {
        "@type": "Dataset" if row["type"] == "dataset" else "ScholarlyArticle",
        "name": _words(row, "title"),
        "url": identifiers.address_of(Authority.DOI, row["doi"]) or row["url"],
        "datePublished": row["published"],
    }
    return {name: value for name, value in work.items() if value}


def _organisation(row: Record, sheet: Sheet) -> JsonLd:
    known = sheet.names.term(Organisation, row["organisation"]) if row["organisation"] else None
    ror = row["ror"] or (known.ror if known else "")
    name = _words(vars(known), "name") if known else row["name"]
    return {"@type": "Organization", "name": name, **({"@id": f"https://ror.org/{ror}"} if ror else {})}


def _sponsors(sheet: Sheet) -> list[JsonLd]:
    primary = [sheet.get("primary_sponsor")] if sheet.get("primary_sponsor") else []
    return [_organisation(row, sheet) for row in [*primary, *sheet.get("secondary_sponsors")]]


def _funding(row: Record, sheet: Sheet) -> JsonLd:
    grant = {"@type": "Grant", "funder": _organisation(row, sheet)}
    return {**grant, "identifier": row["grant_number"]} if row["grant_number"] else grant


def _places(sheet: Sheet) -> list[JsonLd]:
    cities = [site.organisation.city for site in sheet.sites]
    return [{"@type": "AdministrativeArea", "name": city} for city in cities if city]


def _medical(sheet: Sheet) -> JsonLd:
    status = _STATUS.get(sheet.get("recruitment_status"))
    trial = sheet.get("study_type") == StudyType.INTERVENTIONAL
    return {
        "status": f"https://schema.org/{status}" if status else "",
        "healthCondition": [_condition(row) for row in sheet.get("conditions")],
        "sponsor": _sponsors(sheet),
        "funding": [_funding(row, sheet) for row in sheet.get("funders")],
        "studyLocation": _places(sheet),
        "trialDesign" if trial else "studyDesign": [f"https://schema.org/{name}" for name in _designs(sheet)],
    }


def _condition(row: Record) -> JsonLd:
    condition = {"@type": "MedicalCondition", "name": _words(row, "name")}
    if not row["code"]:
        return condition
    return {**condition, "code": {"@type": "MedicalCode", "codingSystem": row["code_system"], "codeValue": row["code"]}}


def _designs(sheet: Sheet) -> list[str]:
    if sheet.get("study_type") == StudyType.OBSERVATIONAL:
        found = [_DESIGN.get(sheet.get("observational_model"), "Observational")]
        return [*found, "CrossSectional"] if sheet.get("time_perspective") == "CROSS_SECTIONAL" else found
    names = [_MASKING.get(sheet.get("masking"), "")]
    names += ["RandomizedTrial"] if sheet.get("allocation") == "RANDOMIZED" else []
    if sheet.sees("sites"):
        names += ["MultiCenterTrial" if len(sheet.sites) + len(sheet.get("locations")) > 1 else "SingleCenterTrial"]
    names += ["InternationalTrial"] if len(sheet.get("countries")) > 1 else []
    return [name for name in names if name]


def _project(sheet: Sheet) -> JsonLd:
    return {
        "keywords": sheet.get("keywords"),
        "sponsor": _sponsors(sheet),
        "funder": [_organisation(row, sheet) for row in sheet.get("funders")],
        "member": [_member(row, sheet) for row in sheet.get("contributors")],
        "location": _places(sheet),
    }


def _member(row: Record, sheet: Sheet) -> JsonLd:
    name = (sheet.names.person(row["person"]) if row["person"] else "") or row["name"]
    person = {"@type": "Person", "name": name}
    if row["orcid"]:
        person["@id"] = f"https://orcid.org/{row['orcid']}"
    with override("en"):
        return {"@type": "OrganizationRole", "roleName": facts.choice(ContributorRole, row["role"]), "member": person}
