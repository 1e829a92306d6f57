"""What the rows of each list ask for."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import Membership, User
from academy.core.cleaning import Unfit
from academy.core.editing.controls import Amount, Choice, Commas, Day, Line, Long, PartialDate, WebAddress
from academy.core.editing.rows import Row

from .. import identifiers
from .. import vocabularies as words
from ..record import Record


class IdentifierRow(Row):
    """A number and who gave it."""

    authority = Choice(_("Given by"), choices=words.Authority)
    number = Line(_("Number"))
    layout = (("authority", "number"),)
    named_in_messages = ("number",)
    offered_part = "authority"
    template = "studies/edit/row_identifier.html"

    def values(self) -> Record:
        """A number whose form gives away its registry needs no choice."""
        row = super().values()
        guess = identifiers.guess(row["number"])
        authority = row["authority"] or (guess if guess != words.Authority.OTHER else "")
        return {"authority": str(authority), "number": identifiers.tidy(authority, row["number"])}

    @property
    def form_of_number(self) -> str:
        """How the authority that is chosen writes its numbers."""
        return str(identifiers.FORMS.get(self.typed("authority"), ("", ""))[1])


class ConditionRow(Row):
    name_nl = Line(_("In Dutch"))
    name_en = Line(_("In English"))
    code_system = Line(_("List of codes"), _("Such as ICD-10 or MeSH"), short=True)
    code = Line(_("Code"), short=True)
    layout = (("name_nl", "name_en"), ("code_system", "code"))


class InterventionRow(Row):
    type = Choice(_("Kind"), choices=words.InterventionType)
    name_nl = Line(_("In Dutch"))
    name_en = Line(_("In English"))
    layout = (("type",), ("name_nl", "name_en"))


class OutcomeRow(Row):
    measure_nl = Long(_("What you measure, in Dutch"), rows=2)
    measure_en = Long(_("What you measure, in English"), rows=2)
    time_frame_nl = Line(_("When, in Dutch"))
    time_frame_en = Line(_("When, in English"))
    layout = (("measure_nl", "measure_en"), ("time_frame_nl", "time_frame_en"))


class PartyRow(Row):
    """One of our organisations, or a name."""

    organisation = Choice(_("Organisation"), source="organisations", empty=_("Not in this list"))
    name = Line(_("Name, if it is not in the list"))
    ror = Line("ROR", _("Its number in ror.org, if you know it"), short=True)
    layout = (("organisation", "name"), ("ror",))
    named_in_messages = ("ror",)

    def values(self) -> Record:
        row = super().values()
        return {**row, "ror": row["ror"].strip().rpartition("/")[2]}


class FunderRow(PartyRow):
    grant_number = Line(_("Grant number"), short=True)
    amount_eur = Amount(_("Amount in euros"))
    layout = (("organisation", "name"), ("ror", "grant_number", "amount_eur"))


class LocationRow(Row):
    facility = Line(pgettext_lazy("place of a study", "Where"))
    city = Line(pgettext_lazy("place of a study", "Town"))
    country = Line(_("Country"))
    status = Choice(_("Recruitment there"), choices=words.RecruitmentStatus, empty=_("Not known"))
    layout = (("facility", "city"), ("country", "status"))


class LocationLines(Long):
    """The same for hundreds of places: a line each, its parts between bars."""

    parts = ("facility", "city", "country", "status")

    def fill(self, value: Any) -> str:
        return "\n".join(" | ".join(row[part].replace("|", "/") for part in self.parts) for row in value or [])

    def read(self, typed: Any) -> list[Record]:
        lines = [line.split("|") for line in (typed or "").splitlines() if line.strip()]
        if any(len(line) > len(self.parts) for line in lines):
            raise Unfit(gettext("Write each place on a line of its own, with at most three bars."))
        padded = [[part.strip() for part in line] + [""] * (len(self.parts) - len(line)) for line in lines]
        return [dict(zip(self.parts, line, strict=True)) for line in padded]


class ContractRow(Row):
    kind = Choice(_("Kind"), choices=words.ContractKind)
    parties = Commas(_("Between whom"), _("Put a semicolon between the names."))
    state = Choice(_("State"), choices=words.ContractState)
    on = Day(_("Since"))
    layout = (("kind", "parties"), ("state", "on"))


class OutputRow(Row):
    type = Choice(_("Kind"), choices=words.OutputType)
    published = PartialDate(_("Published"))
    title_nl = Long(_("Title in Dutch"), rows=2)
    title_en = Long(_("Title in English"), rows=2)
    doi = Line("DOI", _("From 10. on, such as 10.1234/abc"))
    url = WebAddress(_("Web address"))
    layout = (("type", "published"), ("title_nl", "title_en"), ("doi", "url"))


class PlanRow(Row):
    state = Choice(_("State"), choices=words.PlanState, empty=_("Not filled in"))
    on = Day(_("Since"))
    owner = Line(_("Who keeps it"))
    layout = (("state", "on", "owner"),)


class ContributorRow(Row):
    """A person: by name, or by the e-mail address of an account, which links the row to it."""

    name = Line(_("Name or e-mail address"), _("The address of a colleague with an account links this row to it."))
    role = Choice(_("Role"), choices=words.ContributorRole)
    site = Choice(_("Hospital"), source="hospital_names", empty=_("Works elsewhere"))
    affiliation = Line(_("Works at"), _("If not at a hospital in the list"))
    orcid = Line("ORCID", _("Such as 0000-0002-1825-0097"), short=True)
    certificate = Choice(
        _("Certificate"), choices=words.ResearchCertificate, empty=pgettext_lazy("certificate", "None")
    )
    certificate_expires_on = Day(_("Valid until"))
    person = Line()
    layout = (("name", "role"), ("site", "affiliation"), ("orcid", "certificate", "certificate_expires_on"))
    named_in_messages = ("orcid",)
    template = "studies/edit/row_contributor.html"
    known: dict[str, User] = {}

    @classmethod
    def prepare(cls, forms: list[Any], stored: list[Record]) -> None:
        """The accounts that the rows name, in one query: of members, and those that are in the record already."""
        keys = {key for form in forms for key in (_pk(form.typed("person")), form.email) if key}
        there = {row["person"] for row in stored if row["person"]}
        known = people(keys, there) if keys else {}
        for form in forms:
            form.known = known

    @property
    def email(self) -> str:
        typed = (self.typed("name") or "").strip().lower()
        return typed if "@" in typed and " " not in typed else ""

    @property
    def linked(self) -> User | None:
        """The account that this row is linked to."""
        return self.known.get(self.email or _pk(self.typed("person")))

    def values(self) -> Record:
        row, person = super().values(), self.linked
        row["orcid"] = row["orcid"].strip().rpartition("/")[2]
        if self.email and person is None:
            problem = gettext("No colleague has an account with this address. Write the name instead.")
            self.add_error("name", problem)
            raise Unfit(problem)
        if person is None:
            return {**row, "person": None}
        return {**row, "person": person.pk, "name": person.full_name if self.email else row["name"]}


def _pk(typed: Any) -> str:
    return typed if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else ""


def people(keys: set[str], there: set[int]) -> dict[str, User]:
    """Accounts by primary key and by address; only those of members, and `there` by their key."""
    pks = {int(key) for key in keys if key.isdigit()}
    members = Q(pk__in=Membership.objects.in_force().values("person"))
    named = Q(pk__in=pks) | Q(email__in=keys - {str(pk) for pk in pks})
    found = User.objects.filter(Q(pk__in=pks & there) | (members & named & Q(is_active=True)))
    return {key: person for person in found for key in (str(person.pk), person.email)}
