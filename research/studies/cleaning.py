"""Values of the fields of a study that can be stored. What is stored may still be wrong; see `checks`."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from academy.core.cleaning import (
    Cleaner,
    Unfit,
    address,
    amount,
    day,
    each_field,
    key_number,
    of_column,
    one_of,
    perhaps,
    row,
    rows,
    text,
    web_address,
    whole_number,
    yes_or_no,
)

from . import identifiers
from . import vocabularies as words
from .models import LONG_TITLE, SHORT, Study
from .record import FIELDS, GROUPS, Record


def _visibilities(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise Unfit(_("This has to be an object with names and values."))
    if unknown := set(value) - set(GROUPS):
        raise Unfit(_("“%(name)s” is not known here.") % {"name": min(map(str, unknown))[:80]})
    cleaned = {name: one_of(words.Visibility)(level) for name, level in value.items()}
    return {name: level for name, level in cleaned.items() if level}


def _from_address(beginning: str, limit: int) -> Cleaner:
    """A number that people also write as the address that it has; without that beginning and in one spelling."""

    address = re.compile(rf"(https?://)?(www\.)?{re.escape(beginning)}/", re.IGNORECASE)

    def clean(value: Any) -> str:
        written = text(SHORT)(value)
        found = address.match(written)
        return text(limit)((written[found.end() :] if found else written).strip("/"))

    return clean


def orcid(value: Any) -> str:
    return _from_address("orcid.org", 19)(value).upper()


def ror(value: Any) -> str:
    return _from_address("ror.org", 9)(value).lower()


def _identifier(value: Any) -> Record:
    """The number as its authority writes it."""
    written = row(authority=one_of(words.Authority), number=text(SHORT))(value)
    return {**written, "number": text(SHORT)(identifiers.tidy(**written))}


def _sites(value: Any) -> list[Record]:
    """The hospitals in the order in which they are read again, so that another order is no change."""
    one = row(organisation=text(60), leading=_is_leading, planned_inclusions=whole_number, signatory=text(SHORT))
    return sorted(rows(one)(value), key=lambda site: (not site["leading"], site["organisation"]))


def _is_leading(value: Any) -> bool:
    return bool(yes_or_no(value))


_party = {"organisation": text(60), "name": text(SHORT), "ror": ror}
_localised = {"name_nl": text(SHORT * 2), "name_en": text(SHORT * 2)}
_outcome = row(measure_nl=text(2000), measure_en=text(2000), time_frame_nl=text(1000), time_frame_en=text(1000))
_plan = perhaps(row(state=one_of(words.PlanState), on=day, owner=text(SHORT)), {})

_ROWS: dict[str, Cleaner] = {
    "keywords": rows(text(SHORT)),
    "programmes": lambda value: sorted(set(rows(text(60))(value))),
    "phases": rows(one_of(words.Phase)),
    "identifiers": rows(_identifier),
    "conditions": rows(row(code_system=text(40), code=text(40), **_localised)),
    "interventions": rows(row(type=one_of(words.InterventionType), **_localised)),
    "primary_outcomes": rows(_outcome),
    "secondary_outcomes": rows(_outcome),
    "sites": _sites,
    "primary_sponsor": perhaps(row(**_party), None),
    "secondary_sponsors": rows(row(**_party)),
    "funders": rows(row(**_party, grant_number=text(100), amount_eur=amount)),
    "contributors": rows(
        row(
            person=key_number,
            name=text(SHORT),
            orcid=orcid,
            role=one_of(words.ContributorRole),
            site=text(60),
            affiliation=text(SHORT),
            certificate=one_of(words.ResearchCertificate),
            certificate_expires_on=day,
        )
    ),
    "countries": rows(text(2)),
    "locations": rows(row(facility=text(LONG_TITLE), city=text(SHORT), country=text(SHORT), status=text(40))),
    "dpia": _plan,
    "data_management_plan": _plan,
    "contracts": rows(
        row(kind=one_of(words.ContractKind), parties=rows(text(SHORT)), state=one_of(words.ContractState), on=day)
    ),
    "outputs": rows(
        row(
            type=one_of(words.OutputType),
            title_nl=text(LONG_TITLE),
            title_en=text(LONG_TITLE),
            doi=text(SHORT),
            url=web_address,
            published=text(10),
        )
    ),
    "group_visibility": _visibilities,
    "contact_email": address,
    "specialty": text(60),
    "care_domain": text(60),
    "visibility": lambda value: one_of(words.Visibility)(value) or words.Visibility.PUBLIC.value,
}


CLEANERS: dict[str, Cleaner] = {name: _ROWS.get(name) or of_column(Study._meta.get_field(name)) for name in FIELDS}


def clean(values: Mapping[str, Any]) -> Record:
    """The values as they are stored; raises `InvalidInput` with a message at each field that cannot be."""
    return each_field(values, CLEANERS, _("“%(name)s” is no field of a study."))


def as_now(record: Record) -> Record:
    """An old version in the form that records have today: a field or part that is newer is empty in it."""
    return {name: _as_now(name, record.get(name, entry.empty)) for name, entry in FIELDS.items()}


def _as_now(name: str, value: Any) -> Any:
    """What cannot be stored any more stays as it was."""
    try:
        return CLEANERS[name](value)
    except Unfit:
        return value
