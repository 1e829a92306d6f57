"""What may be found of tracks, and the facets that courses and tracks share; courses are entered by enrolment."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from academy.accounts.models import Organisation
from academy.core.translation import LANGUAGES, pick
from academy.strategy.models import Programme
from academy.taxonomy.models import CareDomain, FunctionFamily, Register, Specialty
from search.contract import SearchDoc, Viewer
from search.registry import FacetSpec, Source, register, register_facet

from .facts import language_names
from .models import CatalogueRecord, Course, DeliveryMode, Track, TrackPart, Visibility
from .selectors import tracks_with_parts

Labels = Callable[[Collection[str], str], Mapping[str, str]]


def localised(record: Model, field: str) -> dict[str, str]:
    """Both languages of a field, empty ones left out."""
    return {code: text for code in LANGUAGES if (text := str(getattr(record, f"{field}_{code}") or ""))}


def body_text(record: CatalogueRecord) -> dict[str, str]:
    """The words of the body, without markup."""
    found = {}
    for code in LANGUAGES:
        body = getattr(record, f"body_{code}")
        found[code] = " ".join(body.stream_block.get_searchable_content(body)) if body else ""
    return found


def addresses(record: CatalogueRecord) -> dict[str, str]:
    """The record's page in each language."""
    found = {}
    for code in LANGUAGES:
        with override(code):
            found[code] = record.get_absolute_url()
    return found


def acl_of(record: CatalogueRecord) -> frozenset[str]:
    """Who may know that the record exists."""
    if record.visibility == Visibility.PUBLIC:
        return frozenset({"public"})
    return frozenset(f"org:{owner.pk}" for owner in record.owners.all())


def visible_to(records: QuerySet, viewer: Viewer) -> QuerySet:
    """The records that this viewer may see now: what the index says is checked against the database."""
    return records.visible_to(organisations_of(viewer))


def organisations_of(viewer: Viewer) -> list[int]:
    """Ids of the organisations that the viewer belongs to."""
    return [int(token.partition(":")[2]) for token in viewer.tokens if token.startswith("org:")]


def document(track: Track) -> SearchDoc | None:
    """A published track; the titles of its courses that everybody may see are part of the text."""
    if not track.live:
        return None
    parts = [part.course for part in track.parts.all()]
    body = body_text(track)
    titles = {code: " ".join(str(getattr(course, f"title_{code}")) for course in parts) for code in LANGUAGES}
    return SearchDoc(
        id=f"track:{track.pk}",
        type="track",
        number=track.code,
        title=localised(track, "title"),
        summary=localised(track, "summary"),
        body={code: f"{body[code]} {titles[code]}" for code in LANGUAGES},
        url=addresses(track),
        acl=acl_of(track),
        identifiers=(track.code,),
        people=(track.coordinator.full_name,) if track.coordinator else (),
        facets={
            "audience": tuple(family.key for family in track.audience.all()),
            "organisation": tuple(owner.key for owner in track.owners.all()),
        },
    )


def cards(pks: Sequence[Any], viewer: Viewer, language: str) -> dict[Any, dict[str, Any]]:
    """Tracks as entries of a list."""
    rows = visible_to(tracks_with_parts(organisations_of(viewer)), viewer).filter(pk__in=pks)
    return {track.pk: _card(track) for track in rows}


def _card(track: Track) -> dict[str, Any]:
    parts = len(track.parts.all())
    owners = ", ".join(owner.short_name for owner in track.owners.all())
    return {
        "meta": [ngettext("%(n)s course", "%(n)s courses", parts) % {"n": parts}, owners],
        "state": None,
        "domain": "allied_health",
        "following": [],
    }


def parts_of_course(course: Model) -> Iterable[int]:
    """Tracks to take again when one of their courses changes."""
    return TrackPart.objects.filter(course=course.pk).values_list("track", flat=True)


register(
    Source(
        type="track",
        label=_("Track"),
        label_plural=_("Tracks"),
        icon="git-branch",
        rank=20,
        model=Track,
        document=document,
        queryset=tracks_with_parts,
        cards=cards,
        dependants={
            Course: parts_of_course,
            TrackPart: lambda part: [part.track_id],
            Organisation: lambda owner: Track.objects.filter(owners=owner).values_list("pk", flat=True),
        },
    )
)


def names_from(model: type[Model], field: str = "name") -> Labels:
    """Words for keys from a table of terms."""

    def labels(keys: Collection[str], language: str) -> dict[str, str]:
        return {row.key: pick(row, field, language) for row in model._default_manager.filter(key__in=keys)}

    return labels


def _short_names(keys: Collection[str], language: str) -> dict[str, str]:
    return dict(Organisation.objects.filter(key__in=keys).values_list("key", "short_name"))


def _languages(codes: Collection[str], language: str) -> dict[str, str]:
    return dict(zip(codes, language_names(list(codes)), strict=True))


def _delivery_modes(codes: Collection[str], language: str) -> dict[str, str]:
    return {code: str(label).capitalize() for code, label in DeliveryMode.choices if code in codes}


COURSES = ("course",)
BOTH = ("course", "track")
for _spec in (
    FacetSpec(name="delivery_mode", label=_("Form"), labels=_delivery_modes, types=COURSES, rank=20),
    FacetSpec(name="audience", label=_("For"), labels=names_from(FunctionFamily), types=BOTH, rank=30),
    FacetSpec(name="care_domain", label=_("Care domain"), labels=names_from(CareDomain), rank=40),
    FacetSpec(name="specialty", label=_("Specialty"), labels=names_from(Specialty), rank=50),
    FacetSpec(name="register", label=_("Points for"), labels=names_from(Register), types=COURSES, rank=60),
    FacetSpec(name="organisation", label=_("Organisation"), labels=_short_names, rank=70),
    FacetSpec(name="programme", label=_("Programme"), labels=names_from(Programme, "title"), rank=80),
    FacetSpec(name="language", label=_("Language"), labels=_languages, rank=90),
):
    register_facet(_spec)
