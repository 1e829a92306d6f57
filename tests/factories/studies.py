"""Studies with their sites and team, in every state that tests ask for."""

from academy.accounts.models import Organisation, Role, User
from research.studies.models import Access, Review, Study
from research.studies.services import publishing, saving
from research.studies.states import ReviewState

from . import people

#: A record with everything that submitting and publishing need; sites and people are added by `values`.
WHOLE = {
    "public_title_nl": "Thuis meten bij hartfalen",
    "public_title_en": "Measuring at home with heart failure",
    "scientific_title_en": "Effect of home monitoring on unplanned admissions",
    "acronym": "HARTTHUIS",
    "summary_nl": "We vergelijken thuismonitoring met gewone controle.",
    "summary_en": "We compare home monitoring with usual care.",
    "medical_scientific_research": True,
    "subjected_to_acts_or_rules": True,
    "legal_regime": "wmo",
    "study_type": "INTERVENTIONAL",
    "phases": ["NA"],
    "allocation": "RANDOMIZED",
    "intervention_model": "PARALLEL",
    "masking": "NONE",
    "primary_purpose": "HEALTH_SERVICES_RESEARCH",
    "conditions": [{"code_system": "ICD-10", "code": "I50", "name_nl": "hartfalen", "name_en": "heart failure"}],
    "interventions": [{"type": "DEVICE", "name_nl": "Thuismonitoring", "name_en": "Home monitoring"}],
    "inclusion_criteria_nl": "Opgenomen geweest voor hartfalen",
    "countries": ["NL"],
    "primary_outcomes": [
        {"measure_nl": "Opnames", "measure_en": "Admissions", "time_frame_nl": "90 dagen", "time_frame_en": "90 days"}
    ],
    "first_enrolment": "2027-02-01",
    "first_enrolment_type": "ESTIMATED",
    "completion": "2028-06",
    "completion_type": "ESTIMATED",
    "sample_size_target": 240,
    "recruitment_status": "NOT_YET_RECRUITING",
    "contact_email": "hartthuis@example.nl",
}


def researcher(of: Organisation | None = None, **columns) -> User:
    """Somebody who may register studies."""
    return people.member(of, role=Role.RESEARCHER, **columns)


def bureau(of: Organisation, **columns) -> User:
    """Somebody of the science bureau of this hospital."""
    return people.member(of, role=Role.SCIENCE_BUREAU, **columns)


def values(*hospitals: Organisation, **changed) -> dict:
    """A whole record at these hospitals, the first of which leads and sponsors."""
    sites = [
        {"organisation": hospital.key, "leading": place == 0, "planned_inclusions": 100, "signatory": ""}
        for place, hospital in enumerate(hospitals)
    ]
    investigators = [
        {
            "person": None,
            "name": f"Onderzoeker {hospital.short_name}",
            "orcid": "",
            "role": "principal_investigator",
            "site": hospital.key,
            "affiliation": "",
            "certificate": "",
            "certificate_expires_on": None,
        }
        for hospital in hospitals
    ]
    sponsor = {"organisation": hospitals[0].key, "name": "", "ror": ""} if hospitals else None
    return {**WHOLE, "sites": sites, "contributors": investigators, "primary_sponsor": sponsor, **changed}


def study(*hospitals: Organisation, editor: User | None = None, **changed) -> Study:
    """A draft with a whole record at these hospitals (one when none is given), registered by `editor`."""
    hospitals = hospitals or (people.organisation(),)
    return saving.register(actor=editor or researcher(hospitals[0]), values=values(*hospitals, **changed))


def reviewed(of: Study, state: ReviewState = ReviewState.APPROVED, *hospitals: Organisation) -> Study:
    """The study with its reviews (at these hospitals; at all when none is given) in this state, as in the past."""
    reviews = Review.objects.filter(site__study=of)
    if hospitals:
        reviews = reviews.filter(site__organisation__in=hospitals)
    reviews.update(state=state)
    return Study.objects.get(pk=of.pk)


def published(*hospitals: Organisation, editor: User | None = None, **changed) -> Study:
    """A study that its leading hospital approved and published."""
    draft = study(*hospitals, editor=editor, **changed)
    return publishing.publish(study=reviewed(draft), actor=None)


def viewer(of: Study, level: str = Access.Level.VIEWER) -> User:
    """Somebody of the team who may only read (or edit)."""
    person = people.person()
    Access.objects.create(study=of, person=person, email=person.email, level=level)
    return person
