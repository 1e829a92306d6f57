"""Organisations that we know, in the words of a registry: sponsors by name, hospitals inside longer texts."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property

from academy.accounts.models import Organisation

from .record import Record


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(letter for letter in letters if not unicodedata.combining(letter))))


class Recogniser:
    """The organisations as they are now; make one for each batch."""

    def __init__(self) -> None:
        self.organisations = list(Organisation.objects.order_by("pk"))

    @cached_property
    def by_key(self) -> dict[str, Organisation]:
        return {organisation.key: organisation for organisation in self.organisations}

    @cached_property
    def hospitals(self) -> list[Organisation]:
        """Those that own studies."""
        return [one for one in self.organisations if one.kind == "hospital" and "owner" in one.roles]

    @cached_property
    def _names(self) -> dict[str, Organisation]:
        found: dict[str, Organisation] = {}
        for organisation in self.organisations:
            for name in (organisation.name_nl, organisation.name_en, organisation.short_name, organisation.ror):
                found.setdefault(_plain(name), organisation)
        found.pop("", None)
        return found

    @cached_property
    def _long_names(self) -> list[tuple[str, Organisation]]:
        """Names of several words or of one long word, which mean the hospital wherever they stand in a text."""
        names = ((_plain(name), one) for one in self.hospitals for name in (one.name_nl, one.name_en))
        return [(f" {name} ", one) for name, one in names if " " in name or len(name) >= 12]

    def named(self, name: str) -> Organisation | None:
        """The organisation of exactly this name, also with its short name behind it in brackets."""
        return self._names.get(_plain(name)) or self._names.get(_plain(re.sub(r"\([^)]*\)", "", name)))

    def hospital_in(self, text: str, *, dutch: bool = False) -> Organisation | None:
        """The hospital that a text names; a short name counts only where the text is known to be about our country."""
        if not text:
            return None
        plain = f" {_plain(text)} "
        for name, hospital in self._long_names:
            if name in plain:
                return hospital
        words = set(re.findall(r"\w+", text)) if dutch else ()
        return next((one for one in self.hospitals if one.short_name in words), None)


def with_our_organisations(values: Record, known: Recogniser) -> Record:
    """The values with sponsors, funders and people linked to the organisations that we know."""
    sponsor = values["primary_sponsor"]
    return {
        **values,
        "primary_sponsor": _linked(sponsor, known) if sponsor else None,
        "secondary_sponsors": _once(_linked(row, known) for row in values["secondary_sponsors"]),
        "funders": [_linked(row, known) for row in values["funders"]],
        "contributors": [_placed(row, known) for row in values["contributors"]],
    }


def _linked(row: Record, known: Recogniser) -> Record:
    organisation = known.named(row["name"])
    return {**row, "organisation": organisation.key, "name": ""} if organisation else row


def _once(rows: Iterable[Record]) -> list[Record]:
    return list({(row["organisation"], row["name"]): row for row in rows}.values())


def _placed(row: Record, known: Recogniser) -> Record:
    hospital = known.hospital_in(row["affiliation"])
    return {**row, "site": hospital.key} if hospital else row


def sites_in(values: Record, known: Recogniser, leading: str = "") -> list[Record]:
    """The hospitals that take part; the sponsor leads, else `leading`, else the first that is named.

    Empty when no hospital of ours is named and `leading` is none either.
    """
    ours = {hospital.key for hospital in known.hospitals}
    sponsor = (values["primary_sponsor"] or {}).get("organisation", "")
    places = (known.hospital_in(row["facility"], dutch=_dutch(row)) for row in values["locations"])
    named = [sponsor, *(place.key for place in places if place), *(row["site"] for row in values["contributors"])]
    found = [key for key in dict.fromkeys(named) if key in ours]
    if sponsor in ours:
        leads = sponsor
    else:
        leads = leading if leading in ours and (leading in found or not found) else next(iter(found), "")
    order = dict.fromkeys([leads, *found]) if leads else {}
    return [
        {"organisation": key, "leading": key == leads, "planned_inclusions": None, "signatory": ""} for key in order
    ]


def _dutch(row: Record) -> bool:
    return row["country"].casefold() in ("netherlands", "the netherlands")
