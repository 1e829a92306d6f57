"""What a study consists of: the one list from which forms, history, merging, import, API and visibility are made.

A record is a dict of plain JSON values by field name, as `read` gives it. Lists of rows:

- `identifiers`: `{authority, number}`
- `primary_sponsor`: `{organisation, name, ror}` or None; `secondary_sponsors`: a list of them
- `funders`: `{organisation, name, ror, grant_number, amount_eur}`; `organisation` is a key of ours or "",
  `amount_eur` a string of a decimal number or None
- `contributors`: `{person, name, orcid, role, site, affiliation, certificate, certificate_expires_on}`; `person` is a
  primary key or None, `site` the key of a hospital or "", dates are ISO strings or None
- `outputs`: `{type, title_nl, title_en, doi, url, published}`
- `sites`: `{organisation, leading, planned_inclusions, signatory}`
- `conditions`: `{code_system, code, name_nl, name_en}` · `interventions`: `{type, name_nl, name_en}`
- `primary_outcomes`, `secondary_outcomes`: `{measure_nl, measure_en, time_frame_nl, time_frame_en}`
- `locations`: `{facility, city, country, status}` · `countries`: ISO 3166-1 alpha-2 codes
- `dpia`, `data_management_plan`: `{state, on, owner}` or {}
- `contracts`: `{kind, parties, state, on}`, `parties` are names
- `specialty`, `care_domain`: a key or "" · `programmes`: keys
- `group_visibility`: `{group: "public" | "members" | "team"}`, only where it differs from the default
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Contributor, Identifier, Output, Party, Site, Study
from .vocabularies import Visibility

Record = dict[str, Any]


@dataclass(frozen=True)
class Group:
    """Fields that are shown or hidden together; `default` is None where it is as the record."""

    name: str
    label: str | Promise
    default: str | None = None


GROUPS: dict[str, Group] = {
    group.name: group
    for group in (
        Group("identity", _("Title and summary")),
        Group("identifiers", _("Numbers")),
        Group("regime", _("Legal regime")),
        Group("sites", _("Hospitals and their review")),
        Group("sponsors", _("Sponsors and funders")),
        Group("grants", _("Grant amounts"), Visibility.TEAM),
        Group("people", _("People")),
        Group("certificates", _("BROK and GCP certificates"), Visibility.TEAM),
        Group("design", _("Design")),
        Group("population", _("Participants")),
        Group("outcomes", _("Outcomes")),
        Group("dates", _("Dates and numbers")),
        Group("recruitment", _("Recruitment")),
        Group("governance", _("DPIA and contracts"), Visibility.TEAM),
        Group("data_management", _("Data-management plan"), Visibility.MEMBERS),
        Group("results", _("Results and publications")),
        Group("access", pgettext_lazy("part of a study", "Who may see it"), Visibility.TEAM),
    )
}


@dataclass(frozen=True)
class Field:
    """One field: its group, and the step of the form it stands in.

    `at_once`: an editor changes it without the bureau after publication. `parts` names the group of those parts of a
    row that have another one. `empty` is its value when nothing is filled in. `rows` is the table of its rows.
    """

    name: str
    group: str
    step: str
    label: str | Promise
    at_once: bool = False
    parts: Mapping[str, str] = field(default_factory=dict)
    empty: Any = ""
    rows: type | None = None

    @property
    def is_list(self) -> bool:
        return isinstance(self.empty, list)


def _both(name: str, group: str, step: str, label_nl: Any, label_en: Any, **more: Any) -> tuple[Field, Field]:
    return Field(f"{name}_nl", group, step, label_nl, **more), Field(f"{name}_en", group, step, label_en, **more)


def _column(name: str, group: str, step: str, **more: Any) -> Field:
    return Field(name, group, step, Study._meta.get_field(name).verbose_name, **more)


def _pair(name: str, group: str, step: str, **more: Any) -> tuple[Field, Field]:
    labels = [Study._meta.get_field(f"{name}_{code}").verbose_name for code in ("nl", "en")]
    return _both(name, group, step, *labels, **more)


#: the steps of the form, in order
BASIS, KIND, DESIGN, HOSPITALS, CONDUCT, ACCESS, CHECK = (
    "basis",
    "kind",
    "design",
    "hospitals",
    "conduct",
    "access",
    "check",
)

FIELDS: dict[str, Field] = {
    entry.name: entry
    for entry in (
        *_pair("public_title", "identity", BASIS),
        *_pair("scientific_title", "identity", BASIS),
        _column("acronym", "identity", BASIS),
        *_pair("summary", "identity", BASIS),
        *_pair("description", "identity", BASIS),
        _column("keywords", "identity", BASIS, empty=[]),
        _column("specialty", "identity", BASIS),
        _column("care_domain", "identity", BASIS),
        Field("programmes", "identity", BASIS, _("programmes"), empty=[]),
        _column("medical_scientific_research", "regime", KIND, empty=None),
        _column("subjected_to_acts_or_rules", "regime", KIND, empty=None),
        _column("legal_regime", "regime", KIND),
        Field("identifiers", "identifiers", KIND, _("identifiers"), empty=[], rows=Identifier),
        _column("study_type", "design", KIND),
        _column("phases", "design", DESIGN, empty=[]),
        _column("allocation", "design", DESIGN),
        _column("intervention_model", "design", DESIGN),
        _column("masking", "design", DESIGN),
        _column("primary_purpose", "design", DESIGN),
        _column("observational_model", "design", DESIGN),
        _column("time_perspective", "design", DESIGN),
        _column("conditions", "population", DESIGN, empty=[]),
        _column("interventions", "population", DESIGN, empty=[]),
        _column("age_min", "population", DESIGN, empty=None),
        _column("age_min_unit", "population", DESIGN),
        _column("age_max", "population", DESIGN, empty=None),
        _column("age_max_unit", "population", DESIGN),
        _column("sex", "population", DESIGN),
        _column("healthy_volunteers", "population", DESIGN, empty=None),
        *_pair("inclusion_criteria", "population", DESIGN),
        *_pair("exclusion_criteria", "population", DESIGN),
        _column("primary_outcomes", "outcomes", DESIGN, empty=[]),
        _column("secondary_outcomes", "outcomes", DESIGN, empty=[]),
        Field("sites", "sites", HOSPITALS, _("hospitals"), empty=[], rows=Site),
        Field("primary_sponsor", "sponsors", HOSPITALS, _("sponsor"), empty=None, rows=Party),
        Field("secondary_sponsors", "sponsors", HOSPITALS, _("other sponsors"), empty=[], rows=Party),
        Field("funders", "sponsors", HOSPITALS, _("funders"), parts={"amount_eur": "grants"}, empty=[], rows=Party),
        Field(
            "contributors",
            "people",
            HOSPITALS,
            _("people"),
            parts={"certificate": "certificates", "certificate_expires_on": "certificates"},
            empty=[],
            rows=Contributor,
        ),
        _column("contact_name", "people", HOSPITALS, at_once=True),
        _column("contact_email", "people", HOSPITALS, at_once=True),
        _column("contact_phone", "people", HOSPITALS, at_once=True),
        _column("countries", "population", HOSPITALS, empty=[]),
        _column("locations", "population", HOSPITALS, empty=[]),
        _column("first_enrolment", "dates", CONDUCT),
        _column("first_enrolment_type", "dates", CONDUCT),
        _column("completion", "dates", CONDUCT),
        _column("completion_type", "dates", CONDUCT),
        _column("sample_size_target", "dates", CONDUCT, empty=None),
        _column("sample_size_actual", "dates", CONDUCT, at_once=True, empty=None),
        _column("recruitment_status", "recruitment", CONDUCT, at_once=True),
        *_pair("why_stopped", "recruitment", CONDUCT, at_once=True),
        _column("dpia", "governance", CONDUCT, empty={}),
        _column("data_management_plan", "data_management", CONDUCT, empty={}),
        _column("contracts", "governance", CONDUCT, empty=[]),
        Field("outputs", "results", CONDUCT, _("publications"), at_once=True, empty=[], rows=Output),
        *_pair("results_summary", "results", CONDUCT),
        _column("results_summary_given_on", "results", CONDUCT, empty=None),
        *_pair("ipd_statement", "results", CONDUCT),
        _column("visibility", "access", ACCESS, empty=Visibility.PUBLIC),
        _column("embargo_until", "access", ACCESS, empty=None),
        _column("group_visibility", "access", ACCESS, empty={}),
    )
}

STEPS: dict[str, str | Promise] = {
    BASIS: _("Basics"),
    KIND: _("Kind of research"),
    DESIGN: _("Design and participants"),
    HOSPITALS: _("Hospitals and people"),
    CONDUCT: _("Planning and results"),
    ACCESS: _("Visibility and team"),
    CHECK: _("Check and submit"),
}


def with_everything(studies: QuerySet[Study], sites: QuerySet[Site] | None = None) -> QuerySet[Study]:
    """Studies with all that `read` needs, in a fixed number of queries; `sites` may bring more than that along."""
    return studies.select_related("specialty", "care_domain").prefetch_related(
        "programmes",
        "identifiers",
        "outputs",
        Prefetch("parties", Party.objects.select_related("organisation")),
        Prefetch("contributors", Contributor.objects.select_related("person", "site")),
        Prefetch("sites", sites if sites is not None else Site.objects.select_related("organisation")),
    )


def read(study: Study) -> Record:
    """Every field of the study as plain JSON, as it stands in the database (without what is proposed)."""
    return {name: _READ[name](study) if name in _READ else _plain(getattr(study, name)) for name in FIELDS}


def current(study: Study) -> Record:
    """The record as its team edits it: with what is proposed and not yet published."""
    return {**read(study), **study.proposed}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _party(party: Party) -> Record:
    key = party.organisation.key if party.organisation else ""
    return {"organisation": key, "name": party.name, "ror": party.ror}


def _parties(study: Study, kind: str) -> list[Party]:
    return [party for party in study.parties.all() if party.kind == kind]


def _primary_sponsor(study: Study) -> Record | None:
    return next((_party(party) for party in _parties(study, Party.Kind.PRIMARY_SPONSOR)), None)


def _funder(party: Party) -> Record:
    return {**_party(party), "grant_number": party.grant_number, "amount_eur": _plain(party.amount_eur)}


def _contributor(row: Contributor) -> Record:
    return {
        "person": row.person_id,
        "name": row.name,
        "orcid": row.orcid,
        "role": row.role,
        "site": row.site.key if row.site else "",
        "affiliation": row.affiliation,
        "certificate": row.certificate,
        "certificate_expires_on": _plain(row.certificate_expires_on),
    }


def _columns(*names: str) -> Any:
    return lambda row: {name: _plain(getattr(row, name)) for name in names}


_identifier = _columns("authority", "number")
_output = _columns("type", "title_nl", "title_en", "doi", "url", "published")


def _place(site: Site) -> tuple[bool, str]:
    """Who leads comes first, then by key: an order that does not depend on who was added when."""
    return not site.leading, site.organisation.key


def _site(site: Site) -> Record:
    return {
        "organisation": site.organisation.key,
        "leading": site.leading,
        "planned_inclusions": site.planned_inclusions,
        "signatory": site.signatory,
    }


_READ: dict[str, Any] = {
    "specialty": lambda study: study.specialty.key if study.specialty else "",
    "care_domain": lambda study: study.care_domain.key if study.care_domain else "",
    "programmes": lambda study: sorted(programme.key for programme in study.programmes.all()),
    "identifiers": lambda study: [_identifier(row) for row in study.identifiers.all()],
    "primary_sponsor": _primary_sponsor,
    "secondary_sponsors": lambda study: [_party(row) for row in _parties(study, Party.Kind.SECONDARY_SPONSOR)],
    "funders": lambda study: [_funder(row) for row in _parties(study, Party.Kind.FUNDER)],
    "contributors": lambda study: [_contributor(row) for row in study.contributors.all()],
    "outputs": lambda study: [_output(row) for row in study.outputs.all()],
    "sites": lambda study: [_site(row) for row in sorted(study.sites.all(), key=_place)],
}


def empty() -> Record:
    """A record in which nothing is filled in."""
    return {name: entry.empty for name, entry in FIELDS.items()}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields of which the value differs, with old and new; in the order of `FIELDS`."""
    return {
        name: (before.get(name, entry.empty), after[name])
        for name, entry in FIELDS.items()
        if name in after and before.get(name, entry.empty) != after[name]
    }
