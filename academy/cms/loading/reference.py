"""Lists that several wings share, organisations and units."""

from dataclasses import dataclass

from academy.accounts.models import Organisation, Unit
from academy.taxonomy.models import CareDomain, FunctionFamily, Register, Specialty

from .content import Row, both, read
from .records import make_missing
from .report import Report


@dataclass(frozen=True)
class Reference:
    """Everything that other records refer to, by key."""

    specialties: dict[str, Specialty]
    care_domains: dict[str, CareDomain]
    function_families: dict[str, FunctionFamily]
    registers: dict[str, Register]
    organisations: dict[str, Organisation]
    units: dict[str, Unit]

    def owners(self, owner: str) -> list[Organisation]:
        """The organisations of `owner`: `joint` means both hospitals."""
        keys = ("mst", "zgt") if owner == "joint" else (owner,)
        return [self.organisations[key] for key in keys]


def load_reference(report: Report) -> Reference:
    """Taxonomies, organisations and units."""
    lists = read("taxonomies")
    specialties = make_missing(
        Specialty, lists["specialties"], lambda row: {**both(row["name"], "name"), "joint": row["joint"]}, report
    )
    care_domains = make_missing(CareDomain, lists["care_domains"], _names, report)
    families = make_missing(FunctionFamily, lists["function_families"], _names, report)
    registers = make_missing(Register, lists["registers"], _register, report)
    organisations = make_missing(Organisation, read("organisations")["organisations"], _organisation, report)

    def unit(row: Row) -> dict:
        return {
            **_names(row),
            "organisation": organisations[row["organisation"]],
            "location": row.get("location") or "",
            "specialty": specialties.get(row.get("specialty")),
            "care_domain": care_domains.get(row.get("care_domain")),
        }

    units = make_missing(Unit, read("organisations")["units"], unit, report)
    return Reference(specialties, care_domains, families, registers, organisations, units)


def _names(row: Row) -> dict[str, str]:
    return both(row["name"], "name")


def _register(row: Row) -> dict[str, str]:
    return {
        **_names(row),
        "number_pattern": row.get("number_pattern") or "",
        "number_kind": row.get("number_kind") or "",
    }


def _organisation(row: Row) -> dict:
    return {
        **_names(row),
        **both(row.get("note"), "note"),
        "short_name": row["short_name"],
        "kind": row["kind"],
        "roles": row["roles"],
        "ror": row.get("ror") or "",
        "city": row.get("city") or "",
        "other_locations": row.get("other_locations") or [],
        "email": row.get("email") or "",
        "mail_domains": row.get("mail_domains") or [],
    }
