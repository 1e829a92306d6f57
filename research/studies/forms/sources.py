"""The lists that the form offers from the database, each read at most once for a page."""

from functools import cached_property

from academy.accounts.models import Organisation, User
from academy.accounts.permissions import home_organisation
from academy.core.editing import sources
from academy.core.editing.sources import Choices
from academy.core.translation import pick
from academy.strategy.models import Programme
from academy.taxonomy.models import CareDomain, Specialty

from ..vocabularies import RecruitmentStatus, StudyType


class HouseLists(sources.Sources):
    """Lists of the whole house, each read at most once."""

    @cached_property
    def _organisations(self) -> list[Organisation]:
        return list(Organisation.objects.order_by("name_nl"))

    @cached_property
    def hospitals(self) -> list[Organisation]:
        """Those of the academy first: studies nearly always run there."""
        found = [row for row in self._organisations if row.kind == "hospital"]
        return sorted(found, key=lambda row: ("owner" not in row.roles, row.name_nl))

    @cached_property
    def organisations(self) -> Choices:
        return [(row.key, str(row)) for row in self._organisations]

    @cached_property
    def hospital_names(self) -> Choices:
        return [(row.key, row.short_name) for row in self.hospitals]

    @cached_property
    def specialties(self) -> Choices:
        return [(row.key, str(row)) for row in Specialty.objects.all()]

    @cached_property
    def care_domains(self) -> Choices:
        return [(row.key, str(row)) for row in CareDomain.objects.all()]

    @cached_property
    def programmes(self) -> Choices:
        return [(row.key, pick(row, "title")) for row in Programme.objects.all()]

    def leading(self) -> list[Organisation]:
        """The hospitals of the academy: one of them leads a study that is registered here."""
        return [row for row in self.hospitals if "owner" in row.roles]

    def own_hospital(self, user: User) -> str:
        """The key of the hospital that the person works for, if it may lead."""
        home = home_organisation(user)
        return next((row.key for row in self.leading() if row.pk == home), "")


class Sources(HouseLists):
    """The lists for a study; `study_type` is that of the study."""

    def __init__(self, study_type: str = "") -> None:
        self.study_type = study_type

    @property
    def statuses(self) -> Choices:
        """Statuses of recruitment; those of expanded access belong to that alone."""
        for_access = self.study_type == StudyType.EXPANDED_ACCESS
        found = [status for status in RecruitmentStatus if (status in RecruitmentStatus.for_access()) == for_access]
        return [(status.value, str(status.label)) for status in found]
