"""The lists that the form of an innovation offers, as far as its reader may know of what is in them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils.datastructures import MultiValueDict

from academy.accounts.models import Unit, User
from academy.accounts.permissions import member_of
from academy.core.editing.sources import Choices
from academy.core.translation import pick
from academy.strategy.models import Challenge, Concern, Goal, Horizon, Need, Pillar, RoadmapLine
from courses.catalogue.models import Course
from research.studies.forms.sources import HouseLists
from research.studies.forms.table import people
from research.studies.models import Study
from research.studies.my_studies import title_of
from research.studies.permissions import visible_to as studies_visible_to

from ..models import Innovation
from ..vocabularies import Measure
from .people import ADDRESS
from .picked import Pick

_SHOWN_OF_STUDY = ("number", "public_title_nl", "public_title_en", "scientific_title_nl", "scientific_title_en")


class Sources(HouseLists):
    """The lists for one reader; `record` is what is stored, `data` what was typed, both say which people are meant."""

    def __init__(
        self, user: User, record: Mapping[str, Any], data: MultiValueDict | None = None, innovation: Any = None
    ) -> None:
        self.user, self.record, self.data, self.innovation = user, record, data or MultiValueDict(), innovation
        self.may_validate = user.has_perm("innovations.manage", innovation) if innovation else False

    # People

    @cached_property
    def _people(self) -> dict[str, User]:
        """Whom the record and what was typed name, by primary key and by address, in one query."""
        there = people_in(self.record)
        typed = {found[0].lower() for values in self.data.lists() for text in values[1] for found in _addresses(text)}
        keys = {str(pk) for pk in there} | typed
        return people(keys, there) if keys else {}

    def person_words(self, pk: int) -> str:
        """How a person stands in a control: the name with the address."""
        person = self._people.get(str(pk))
        return f"{person.full_name} ({person.email})" if person else ""

    def person_of(self, address: str) -> User | None:
        """The colleague with this address."""
        return self._people.get(address)

    # Hospitals, units and partners

    @property
    def owners(self) -> Choices:
        """The hospitals of the academy."""
        return [(row.key, str(row)) for row in self.leading()]

    @property
    def own_hospitals(self) -> Choices:
        """Hospitals that the reader works for, all of the academy for a partner; nothing where that is no choice."""
        own = member_of(self.user)
        found = [row for row in self.leading() if row.pk in own] or self.leading()
        return [(row.key, str(row)) for row in found] if len(found) > 1 else []

    @property
    def partners(self) -> Choices:
        """Everybody but the hospitals of the academy."""
        owners = {row.key for row in self.leading()}
        return [(key, name) for key, name in self.organisations if key not in owners]

    @cached_property
    def units(self) -> Pick:
        units = Unit.objects.select_related("organisation").filter(organisation__in=self.leading())
        return Pick(units.order_by("organisation__name_nl", "name_nl"), "key", str)

    # Strategy

    @cached_property
    def pillars(self) -> Choices:
        return [(row.key, f"{row.number}. {row}") for row in Pillar.objects.all()]

    @cached_property
    def horizons(self) -> Choices:
        return [(row.key, str(row)) for row in Horizon.objects.all()]

    @cached_property
    def roadmap_lines(self) -> Choices:
        lines = RoadmapLine.objects.select_related("pillar").order_by("pillar__number", "order")
        return [(row.key, f"{row.pillar.number}. {row}") for row in lines]

    @cached_property
    def goals(self) -> Choices:
        return [(row.key, str(row)) for row in Goal.objects.all()]

    @cached_property
    def needs(self) -> Choices:
        return [(row.key, str(row)) for row in Need.objects.all()]

    @cached_property
    def concerns(self) -> Choices:
        return [(row.key, str(row)) for row in Concern.objects.all()]

    @cached_property
    def challenges(self) -> Choices:
        return [(row.key, str(row)) for row in Challenge.objects.all()]

    # Rows

    @property
    def measures(self) -> Choices:
        """How sure a figure is; only an innovation manager calls one validated."""
        return [choice for choice in Measure.choices if self.may_validate or choice[0] != Measure.VALIDATED]

    @cached_property
    def documents(self) -> Choices:
        """Files of the innovation, by primary key as text."""
        found = self.innovation.documents.all() if self.innovation else Innovation.objects.none()
        return [(str(row.pk), row.name) for row in found]

    # Links

    @cached_property
    def courses(self) -> Pick:
        seen = Course.objects.visible_to(member_of(self.user)).order_by("code").only("code", "title_nl", "title_en")
        return Pick(seen, "code", lambda course: pick(course, "title"), lambda course: course.get_absolute_url())

    @cached_property
    def studies(self) -> Pick:
        seen = studies_visible_to(Study.objects.all(), self.user).order_by("-number").only(*_SHOWN_OF_STUDY)
        return Pick(seen, "number", lambda study: str(title_of(study)), lambda study: study.get_absolute_url())


def _addresses(text: Any) -> Any:
    return ADDRESS.finditer(text) if isinstance(text, str) and "@" in text else ()


def people_in(record: Mapping[str, Any]) -> set[int]:
    """Primary keys of everybody whom the record names."""
    named = [record.get("owner"), record.get("sponsor")]
    named += [row.get("owner") for row in record.get("benefits") or []]
    named += [row.get("person") for row in record.get("team") or []]
    return {pk for pk in named if pk}
