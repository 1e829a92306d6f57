"""What may be found of studies, by whom, and the facets that only studies have.

Whoever may know of a study finds it by the groups of fields that need no more than the record; what needs more lies
behind the tokens of those who see it, and is in no facet, name, number or summary.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from academy.accounts.models import Organisation, User
from academy.core import clock, wording
from academy.core.badges import Badge
from academy.core.translation import LANGUAGES
from academy.strategy.models import Programme
from academy.taxonomy.models import CareDomain, Specialty
from search.contract import LANGUAGE_FACET, PUBLIC, Internal, SearchDoc, Viewer
from search.registry import FacetSpec, SortSpec, Source, register, register_facet, register_sort

from . import badges, conditions
from . import vocabularies as words
from .findable import PARTS, Part, title_of
from .models import Access, Contributor, Identifier, Output, Party, Site, Study
from .permissions import covers, group_needs, groups_for, visibility_now
from .record import with_everything
from .selectors import with_rights
from .states import PublicationState
from .vocabularies import Visibility

STUDIES = ("study",)
AUDITOR = "auditor"
MOST_CONDITIONS = 60  # thousands have one study each; those are found by typing


def studies_with_words() -> QuerySet[Study]:
    """Studies with everything that their documents read."""
    return with_everything(Study.objects.all()).prefetch_related("access")


def team_tokens(study: Study) -> frozenset[str]:
    """Who stands nearest: the people with access, the science bureaus of the hospitals, auditors."""
    people = {f"user:{row.person_id}" for row in study.access.all() if row.person_id}
    bureaus = {f"science_bureau:{site.organisation_id}" for site in study.sites.all()}
    return frozenset({AUDITOR, *people, *bureaus})


def member_tokens(study: Study) -> frozenset[str]:
    """Who belongs to one of the hospitals."""
    return frozenset(f"org:{site.organisation_id}" for site in study.sites.all())


def whole_needs(study: Study) -> str:
    """The level that one needs to know of the study today."""
    published = study.publication_state == PublicationState.PUBLISHED
    return visibility_now(study) if published else Visibility.TEAM.value


def acl_of(study: Study, level: str) -> frozenset[str]:
    """The tokens of everybody who stands at least as near as this level."""
    if level == Visibility.PUBLIC:
        return frozenset({PUBLIC})
    return team_tokens(study) | (member_tokens(study) if level == Visibility.MEMBERS else frozenset())


def level_of(viewer: Viewer, study: Study) -> str:
    """How near somebody with these tokens stands to the study, as `permissions.level_of` says it of a person."""
    if viewer.tokens & team_tokens(study):
        return Visibility.TEAM
    return Visibility.MEMBERS if viewer.tokens & member_tokens(study) else Visibility.PUBLIC


def document(study: Study) -> SearchDoc:
    """The study as it may be found today; an embargo that is still to end says when that changes."""
    whole, needs = whole_needs(study), group_needs(study)
    shared = {name: part for name, part in PARTS.items() if covers(whole, needs[name])}
    hidden = {name: needs[name] for name in PARTS if name not in shared}
    parts = shared.values()
    return SearchDoc(
        id=f"study:{study.pk}",
        type="study",
        number=study.number,
        title=_title(study) if "identity" in shared else dict.fromkeys(LANGUAGES, study.number),
        summary=_summary(study) if "identity" in shared else {},
        body={code: _joined(text for part in parts for text in part.texts(study, code)) for code in LANGUAGES},
        url=_addresses(study),
        acl=acl_of(study, whole),
        people=_each(name for part in parts for name in part.names(study)),
        identifiers=_each(number for part in parts for number in part.numbers(study)),
        facets=_facets(study, parts),
        values={"published": study.published_at or study.created_at},
        internal=_internal(study, hidden),
        changes_at=_changes_at(study),
    )


def _title(study: Study) -> dict[str, str]:
    titles = {code: title for code in LANGUAGES if (title := title_of(study, code))}
    return titles or dict.fromkeys(LANGUAGES, study.acronym or study.number)


def _summary(study: Study) -> dict[str, str]:
    return {code: text for code in LANGUAGES if (text := getattr(study, f"summary_{code}"))}


def _addresses(study: Study) -> dict[str, str]:
    found = {}
    for code in LANGUAGES:
        with override(code):
            found[code] = study.get_absolute_url()
    return found


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _joined(texts: Iterable[str]) -> str:
    """One text; what stands beside each other by chance is kept apart, so that no word is read across."""
    return " · ".join(_each(texts))


def _facets(study: Study, parts: Iterable[Part]) -> dict[str, tuple[str, ...]]:
    found = {name: _each(values(study)) for part in parts for name, values in part.facets.items()}
    # Left out, the languages would follow from the title, and that may be only the number.
    return {LANGUAGE_FACET: (), **found}


def _internal(study: Study, hidden: Mapping[str, str]) -> tuple[Internal, ...]:
    """The words of groups that need more than the record, behind the tokens of each level."""
    found = []
    for level in (Visibility.MEMBERS, Visibility.TEAM):
        names = [name for name, needed in hidden.items() if needed == level]
        texts = {code: _joined(text for name in names for text in _all_words(study, name, code)) for code in LANGUAGES}
        if any(texts.values()):
            found.append(Internal(acl_of(study, level), texts))
    return tuple(found)


def _all_words(study: Study, group: str, language: str) -> Iterable[str]:
    part = PARTS[group]
    titles = (title_of(study, language), getattr(study, f"summary_{language}")) if group == "identity" else ()
    return (*titles, *part.texts(study, language), *part.names(study), *part.numbers(study))


def _changes_at(study: Study) -> datetime | None:
    day = study.embargo_until
    return clock.start_of(day) if day and day > clock.today() else None


def cards(pks: Sequence[Any], viewer: Viewer, language: str) -> dict[Any, dict[str, Any]]:
    """Studies as entries of a list, for those who may know of them now, with what they may see of them."""
    studies = [(study, level_of(viewer, study)) for study in with_rights(Study.objects.filter(pk__in=pks))]
    return {study.pk: _card(study, level) for study, level in studies if covers(level, whole_needs(study))}


def _card(study: Study, level: str) -> dict[str, Any]:
    groups = groups_for(study, level)
    hospitals = ", ".join(site.organisation.short_name for site in study.sites.all()) if "sites" in groups else ""
    return {
        "meta": [study.acronym if "identity" in groups else "", study.number, hospitals],
        "state": _badge(study, "recruitment" in groups),
    }


def _badge(study: Study, with_recruitment: bool) -> Badge | None:
    if study.publication_state != PublicationState.PUBLISHED:
        return badges.of_publication(study)
    return badges.of_recruitment(study) if with_recruitment else None


def _own(row: Model) -> list[int]:
    return [row.study_id]  # type: ignore[attr-defined]  # every table of a study has it


def _by(lookup: str) -> Callable[[Model], Iterable[int]]:
    return lambda record: Study.objects.filter(**{lookup: record.pk}).values_list("pk", flat=True)


def _of_organisation(organisation: Organisation) -> Iterable[int]:
    found = Study.objects.filter(Q(sites__organisation=organisation) | Q(parties__organisation=organisation))
    return found.values_list("pk", flat=True).distinct()


register(
    Source(
        type="study",
        label=_("Study"),
        label_plural=_("Studies"),
        icon="flask-conical",
        rank=30,
        model=Study,
        document=document,
        queryset=studies_with_words,
        cards=cards,
        values=("published",),
        dependants={
            Access: _own,
            Site: _own,
            Identifier: _own,
            Party: _own,
            Contributor: _own,
            Output: _own,
            Specialty: _by("specialty"),
            CareDomain: _by("care_domain"),
            Programme: _by("programmes"),
            Organisation: _of_organisation,
            User: _by("contributors__person"),
        },
    )
)


def _names(choices: type[TextChoices]) -> Callable[[Collection[str], str], Mapping[str, str]]:
    """Words for the codes of a list, each with a capital, as it begins a line."""

    def labels(codes: Collection[str], language: str) -> dict[str, str]:
        with override(language):
            return {code: wording.capital(label) for code, label in choices.choices if code in codes}

    return labels


def _choice(name: str, label: Any, choices: type[TextChoices], rank: int) -> FacetSpec:
    return FacetSpec(
        name=name, label=label, labels=_names(choices), order=tuple(choices.values), types=STUDIES, rank=rank
    )


def _no_names(_values: Collection[str], _language: str) -> dict[str, str]:
    return {}


#: from the latest to the earliest that a study here can have
YEARS = tuple(str(year) for year in range(2100, 1899, -1))
for _spec in (
    _choice("status", _("Recruitment"), words.RecruitmentStatus, 10),
    FacetSpec(
        name="condition", label=_("Condition"), labels=conditions.labels, types=STUDIES, rank=15, most=MOST_CONDITIONS
    ),
    _choice("study_type", _("Kind of research"), words.StudyType, 20),
    _choice("phase", pgettext_lazy("facet", "Phase"), words.Phase, 25),
    _choice("regime", _("Legal regime"), words.LegalRegime, 85),
    FacetSpec(
        name="year", label=_("Year of the first participant"), labels=_no_names, order=YEARS, types=STUDIES, rank=88
    ),
):
    register_facet(_spec)
register_sort(SortSpec(name="newest", label=_("Newest first"), value="-published", types=STUDIES))
