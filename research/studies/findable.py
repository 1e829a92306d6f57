"""What of each group of fields a study can be found by: words, names, numbers, and values to choose from."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from . import conditions
from .dates import earliest
from .models import Party, Study

Texts = Callable[[Study, str], Iterable[str]]
Lines = Callable[[Study], Iterable[str]]
_LETTERS = re.compile(r"[^\W\d_]+(?=\d)")


def _nothing(*_arguments: object) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Part:
    """`texts(study, language)` are words, `names` people, `numbers` what is found whole and in part."""

    texts: Texts = _nothing
    names: Lines = _nothing
    numbers: Lines = _nothing
    facets: dict[str, Lines] = field(default_factory=dict)


def in_part(number: str) -> Iterator[str]:
    """The number, and its digits without the letters in front: NCT01234567 also as 01234567."""
    bare = number.partition("://")[2] or number
    yield bare
    if (digits := _LETTERS.sub(" ", bare).strip()) != bare:
        yield digits


def title_of(study: Study, language: str) -> str:
    """The title in this language; empty where there is none."""
    return getattr(study, f"public_title_{language}") or getattr(study, f"scientific_title_{language}")


def _identity(study: Study, language: str) -> Iterator[str]:
    yield getattr(study, f"scientific_title_{language}")
    yield from study.keywords
    for term in (study.specialty, study.care_domain):
        if term:
            yield getattr(term, f"name_{language}")
    for programme in study.programmes.all():
        yield getattr(programme, f"title_{language}")
    yield getattr(study, f"description_{language}")


def _population(study: Study, language: str) -> Iterator[str]:
    for row in (*study.conditions, *study.interventions):
        yield row[f"name_{language}"]
    for row in study.conditions:
        yield row["code"]


def _outcomes(study: Study, language: str) -> Iterator[str]:
    for row in (*study.primary_outcomes, *study.secondary_outcomes):
        yield row[f"measure_{language}"]


def _sites(study: Study, language: str) -> Iterator[str]:
    for site in study.sites.all():
        yield getattr(site.organisation, f"name_{language}")
        yield site.organisation.short_name


def _sponsors(study: Study, language: str) -> Iterator[str]:
    for party in study.parties.all():
        yield getattr(party.organisation, f"name_{language}") if party.organisation else party.name


def _grants(study: Study) -> Iterator[str]:
    for party in study.parties.all():
        if party.kind == Party.Kind.FUNDER:
            yield party.grant_number


def _people(study: Study) -> Iterator[str]:
    for row in study.contributors.all():
        yield row.shown_name
    yield study.contact_name


def _affiliations(study: Study, _language: str) -> Iterator[str]:
    for row in study.contributors.all():
        yield row.affiliation


def _results(study: Study, language: str) -> Iterator[str]:
    yield getattr(study, f"results_summary_{language}")
    for row in study.outputs.all():
        yield getattr(row, f"title_{language}")


def _contracts(study: Study, _language: str) -> Iterator[str]:
    for row in study.contracts:
        yield from row["parties"]


def _year(study: Study) -> tuple[str, ...]:
    """The year of the first participant, also when it is still to come: what a study of some year is to its readers."""
    day = earliest(study.first_enrolment)
    return (str(day.year),) if day else ()


def _value(column: str) -> Lines:
    return lambda study: filter(None, (getattr(study, column),))


def _key(column: str) -> Lines:
    return lambda study: (term.key,) if (term := getattr(study, column)) else ()


PARTS: dict[str, Part] = {
    "population": Part(texts=_population, facets={"condition": lambda study: conditions.values_of(study.conditions)}),
    "people": Part(
        texts=_affiliations,
        names=_people,
        numbers=lambda study: (row.shown_orcid for row in study.contributors.all()),
    ),
    "identifiers": Part(
        numbers=lambda study: (form for row in study.identifiers.all() for form in in_part(row.number))
    ),
    "sites": Part(
        texts=_sites, facets={"organisation": lambda study: (site.organisation.key for site in study.sites.all())}
    ),
    "sponsors": Part(texts=_sponsors, numbers=_grants),
    "recruitment": Part(
        texts=lambda study, language: (getattr(study, f"why_stopped_{language}"),),
        facets={"status": _value("recruitment_status")},
    ),
    "regime": Part(facets={"regime": _value("legal_regime")}),
    "design": Part(facets={"study_type": _value("study_type"), "phase": lambda study: study.phases}),
    "dates": Part(facets={"year": _year}),
    "outcomes": Part(texts=_outcomes),
    "results": Part(texts=_results, numbers=lambda study: (row.doi for row in study.outputs.all())),
    "governance": Part(texts=_contracts),
    "identity": Part(
        texts=_identity,
        numbers=lambda study: (study.acronym,),
        facets={
            "specialty": _key("specialty"),
            "care_domain": _key("care_domain"),
            "programme": lambda study: (programme.key for programme in study.programmes.all()),
            "language": lambda study: (code for code in ("nl", "en") if title_of(study, code)),
        },
    ),
}
#: The group whose visibility each facet has.
FACET_GROUPS: dict[str, str] = {name: group for group, part in PARTS.items() for name in part.facets}
