"""Fields of a study that stand in the form in a way of their own: its hospitals, and who sees which part."""

from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from academy.core.editing.controls import Line, Number
from academy.core.editing.elements import BaseElement, Sent
from academy.core.editing.rows import Row

from ..record import GROUPS, Record
from ..vocabularies import Visibility


class HospitalRow(Row):
    """What a hospital that takes part adds."""

    planned_inclusions = Number(_("Participants planned here"))
    signatory = Line(_("Who signs the suitability declaration (VGO)"))


class SitesElement(BaseElement):
    """The hospitals that take part: a tick each, and one that leads."""

    template = "studies/edit/sites.html"

    def fill(self, value: Any) -> Sent:
        rows = value or []
        found = {
            "has": [self.name],
            self.name: [row["organisation"] for row in rows],
            f"{self.name}-leading": [row["organisation"] for row in rows if row["leading"]],
        }
        for row in rows:
            found |= self._row(row["organisation"], MultiValueDict()).filled(row)
        return found

    def _row(self, key: str, data: MultiValueDict) -> HospitalRow:
        return HospitalRow(data, sources=self.sources, prefix=f"{self.name}-{key}")

    def take(self, data: MultiValueDict) -> None:
        self.data = data
        self.chosen = list(dict.fromkeys(data.getlist(self.name)))
        self.leading = data.get(f"{self.name}-leading", "")

    @property
    def hospitals(self) -> list[dict[str, Any]]:
        """Those of the academy, and others that take part already."""
        wanted = {row.key for row in self.sources.leading()} | set(self.chosen)
        return [
            {"organisation": row, "row": self._row(row.key, self.data), "in": row.key in self.chosen}
            for row in self.sources.hospitals
            if row.key in wanted
        ]

    @property
    def others(self) -> list[Any]:
        """Hospitals that may be added."""
        return [
            row for row in self.sources.hospitals if row not in self.sources.leading() and row.key not in self.chosen
        ]

    def read(self) -> list[Record]:
        before = [row["organisation"] for row in self.stored or []]
        keys = sorted(self.chosen, key=lambda key: before.index(key) if key in before else len(before))
        leading = keys[0] if len(keys) == 1 else self.leading
        rows = [
            {"organisation": key, "leading": key == leading, **self._parts(self._row(key, self.data))} for key in keys
        ]
        return sorted(rows, key=lambda row: not row["leading"])

    @staticmethod
    def _parts(form: HospitalRow) -> Record:
        return {name: form.read(name) for name in form.fields}


class LevelsElement(BaseElement):
    """For each group of fields who may see it."""

    template = "studies/edit/levels.html"

    def fill(self, value: Any) -> Sent:
        levels = {f"{self.name}-{name}": [(value or {}).get(name, "")] for name in GROUPS}
        return {"has": [self.name], **levels}

    def take(self, data: MultiValueDict) -> None:
        self.data = data

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Each group with its choices; the first one is the default."""
        return [
            {
                "group": group,
                "key": f"{self.name}-{group.name}",
                "default": Visibility(group.default).label if group.default else "",
                "value": self.data.get(f"{self.name}-{group.name}", ""),
                "choices": [choice for choice in Visibility.choices if choice[0] != group.default],
            }
            for group in GROUPS.values()
        ]

    def read(self) -> Record:
        levels = {name: self.data.get(f"{self.name}-{name}", "") for name in GROUPS}
        return {name: level for name, level in levels.items() if level and level != GROUPS[name].default}
