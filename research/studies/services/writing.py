"""Values of a record into columns and rows; called under the lock, with values that `cleaning.clean` gave."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from academy.accounts.models import Organisation, User
from academy.core.errors import InvalidInput
from academy.strategy.models import Programme
from academy.taxonomy.models import CareDomain, Specialty

from .. import identifiers
from ..models import Contributor, Identifier, Output, Party, Review, Site, Study
from ..record import Record
from ..states import ReviewState
from ..vocabularies import LegalRegime, ReviewKind

_TERMS: dict[str, type[Model]] = {"specialty": Specialty, "care_domain": CareDomain}


def write(study: Study, values: Record) -> None:
    """Store these fields; raises `InvalidInput` when one names something that does not exist."""
    columns = [name for name in values if name not in _WRITERS]
    for name in columns:
        setattr(study, name, _term(name, values[name]) if name in _TERMS else values[name])
    study.save(update_fields=[*columns, "version", "changed_at"])
    for name, writer in _WRITERS.items():
        if name in values:
            writer(study, values[name])
    if "legal_regime" in values:
        ensure_reviews(study)


def _refuse(name: str, value: Any) -> InvalidInput:
    return InvalidInput(fields={name: [_("“%(value)s” is not one of the choices.") % {"value": value}]})


def _term(name: str, key: str) -> Model | None:
    term = _TERMS[name]._default_manager.filter(key=key).first() if key else None
    if key and term is None:
        raise _refuse(name, key)
    return term


def _organisations(name: str, keys: set[str]) -> dict[str, Organisation]:
    wanted = keys - {""}
    found = Organisation.objects.in_bulk(wanted, field_name="key") if wanted else {}
    if missing := wanted - set(found):
        raise _refuse(name, min(missing))
    return found


def _programmes(study: Study, keys: list[str]) -> None:
    found = list(Programme.objects.filter(key__in=keys))
    if missing := set(keys) - {programme.key for programme in found}:
        raise _refuse("programmes", min(missing))
    study.programmes.set(found)


def identifier_rows(study: Study, rows: list[Record]) -> list[Identifier]:
    """Unsaved rows, the same number only once."""
    found: dict[tuple[str, str], Identifier] = {}
    for row in rows:
        number = identifiers.tidy(row["authority"], row["number"])
        key = identifiers.key_of(row["authority"], row["number"])
        found.setdefault(
            (row["authority"], key), Identifier(study=study, authority=row["authority"], number=number, key=key)
        )
    return list(found.values())


def _identifiers(study: Study, rows: list[Record]) -> None:
    study.identifiers.all().delete()
    Identifier.objects.bulk_create(identifier_rows(study, rows))


def party_rows(study: Study, kind: str, rows: list[Record], organisations: dict[str, Organisation]) -> list[Party]:
    """Unsaved rows of sponsors or funders."""
    return [
        Party(
            study=study,
            kind=kind,
            organisation=organisations.get(row["organisation"]),
            name=row["name"],
            ror=row["ror"],
            grant_number=row.get("grant_number", ""),
            amount_eur=Decimal(row["amount_eur"]) if row.get("amount_eur") else None,
        )
        for row in rows
    ]


def _parties(kind: str, name: str) -> Callable[[Study, Any], None]:
    def replace(study: Study, value: Any) -> None:
        rows = value if isinstance(value, list) else [value] if value else []
        organisations = _organisations(name, {row["organisation"] for row in rows})
        study.parties.filter(kind=kind).delete()
        Party.objects.bulk_create(party_rows(study, kind, rows, organisations))

    return replace


def contributor_rows(
    study: Study, rows: list[Record], people: dict[int, User], organisations: dict[str, Organisation]
) -> list[Contributor]:
    """Unsaved rows; a person who does not exist (any more) stays as the name that was given."""
    return [
        Contributor(
            study=study,
            person=people.get(row["person"]),
            name=row["name"],
            orcid=row["orcid"],
            role=row["role"],
            site=organisations.get(row["site"]),
            affiliation=row["affiliation"],
            certificate=row["certificate"],
            certificate_expires_on=row["certificate_expires_on"],
        )
        for row in rows
    ]


def _contributors(study: Study, rows: list[Record]) -> None:
    organisations = _organisations("contributors", {row["site"] for row in rows})
    people = User.objects.in_bulk({row["person"] for row in rows if row["person"]})
    study.contributors.all().delete()
    Contributor.objects.bulk_create(contributor_rows(study, rows, people, organisations))


def output_rows(study: Study, rows: list[Record]) -> list[Output]:
    """Unsaved rows of what came out of the study."""
    return [Output(study=study, **{**row, "type": row["type"] or "other"}) for row in rows]


def _outputs(study: Study, rows: list[Record]) -> None:
    study.outputs.all().delete()
    Output.objects.bulk_create(output_rows(study, rows))


def _sites(study: Study, rows: list[Record]) -> None:
    """Keep the sites that stay with their reviews; one that is under review or decided cannot go."""
    _refuse_impossible(rows)
    organisations = _organisations("sites", {row["organisation"] for row in rows})
    kept = {row["organisation"] for row in rows if row["organisation"]}
    present = {site.organisation.key: site for site in study.sites.select_related("organisation")}
    _refuse_another_leader(present.values(), {row["organisation"] for row in rows if row["leading"]})
    for key in set(present) - kept:
        _take_out(present[key])
    study.sites.update(leading=False)
    for row in rows:
        if not row["organisation"]:
            continue
        site = present.get(row["organisation"]) or Site(study=study, organisation=organisations[row["organisation"]])
        site.leading = row["leading"]
        site.planned_inclusions = row["planned_inclusions"]
        site.signatory = row["signatory"]
        site.save()
    ensure_reviews(study)


def _refuse_impossible(rows: list[Record]) -> None:
    """What no database keeps: a hospital twice, or two that lead."""
    keys = [row["organisation"] for row in rows if row["organisation"]]
    if len(set(keys)) < len(keys):
        raise InvalidInput(fields={"sites": [_("A hospital is here twice.")]})
    if sum(row["leading"] for row in rows) > 1:
        raise InvalidInput(fields={"sites": [_("Choose one hospital that leads the study.")]})


def _refuse_another_leader(present: Iterable[Site], leading: set[str]) -> None:
    """Once the leading hospital reviews the study its bureau hands it over, and nobody else."""
    for site in present:
        if site.leading and site.organisation.key not in leading and _is_reviewed(site):
            name = site.organisation.short_name
            message = _("%(hospital)s is reviewing the study; its science bureau can let another hospital lead.")
            raise InvalidInput(fields={"sites": [message % {"hospital": name}]})


def _is_reviewed(site: Site) -> bool:
    return site.reviews.exclude(state__in=(ReviewState.DRAFT, ReviewState.WITHDRAWN)).exists()


def _take_out(site: Site) -> None:
    if _is_reviewed(site):
        name = site.organisation.short_name
        message = _("%(hospital)s is reviewing the study; withdraw the review there first.") % {"hospital": name}
        raise InvalidInput(fields={"sites": [message]})
    site.delete()


def kind_for(regime: str, leading: bool) -> ReviewKind:
    """The kind of review that a hospital gives by default; its bureau may choose another one before it decides."""
    if regime == LegalRegime.NWMO:
        return ReviewKind.NWMO_APPROVAL if leading else ReviewKind.NWMO_NOTIFICATION
    return ReviewKind.MAIN_REVIEW if leading else ReviewKind.FEASIBILITY_REVIEW


def ensure_reviews(study: Study) -> None:
    """A review for each site, of the kind that follows from the regime as long as it is not submitted."""
    for site in study.sites.prefetch_related("reviews"):
        kind = kind_for(study.legal_regime, site.leading)
        reviews = list(site.reviews.all())
        if not reviews:
            Review.objects.create(site=site, kind=kind)
        for review in reviews:
            if review.state == ReviewState.DRAFT and review.kind != kind:
                review.kind = kind
                review.save(update_fields=["kind"])


_WRITERS: dict[str, Callable[[Study, Any], None]] = {
    "programmes": _programmes,
    "identifiers": _identifiers,
    "primary_sponsor": _parties(Party.Kind.PRIMARY_SPONSOR, "primary_sponsor"),
    "secondary_sponsors": _parties(Party.Kind.SECONDARY_SPONSOR, "secondary_sponsors"),
    "funders": _parties(Party.Kind.FUNDER, "funders"),
    "contributors": _contributors,
    "outputs": _outputs,
    "sites": _sites,
}
