"""An innovation as JSON-LD: only what everybody may see.

Source of the words: https://schema.org/Project, which is an Organization.
"""

from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import override

from academy.accounts.models import Organisation
from academy.core.linked_data import JsonLd, as_script, filled, own_number, permanent_address, words
from academy.core.translation import pick
from research.studies.models import Study
from research.studies.permissions import visible_to

from .models import Innovation
from .sheet import Sheet
from .states import Outcome, Stage
from .vocabularies import Visibility


def document(innovation: Innovation) -> JsonLd:
    """The innovation; what `record.with_everything` brings along must be there."""
    sheet = Sheet(innovation, Visibility.PUBLIC)
    return filled(
        {
            "@context": "https://schema.org",
            "@type": "Project",
            "@id": permanent_address(innovation.number),
            "url": f"{settings.SITE_URL}{innovation.get_absolute_url()}",
            "identifier": own_number(innovation.number),
            "name": words(innovation, "title"),
            "description": words(innovation, "summary") if sheet.sees("identity") else [],
            "parentOrganization": [_organisation(row) for row in innovation.organisations.all()],
            "member": [_organisation(row) for row in innovation.partners.all()],
            "memberOf": [_programme(row) for row in innovation.programmes.all()] if sheet.sees("strategy") else [],
            "keywords": _keywords(sheet),
            "email": innovation.contact_email if sheet.sees("people") else "",
            "sameAs": _elsewhere(innovation) if sheet.sees("links") else "",
            "subjectOf": _works(sheet),
        }
    )


def script(innovation: Innovation) -> SafeString:
    """The content of `<script type="application/ld+json">`: nothing in it can end the element."""
    return as_script(document(innovation))


def _organisation(row: Organisation) -> JsonLd:
    ror = {"@id": f"https://ror.org/{row.ror}"} if row.ror else {}
    return {"@type": "Organization", "name": words(row, "name"), **ror}


def _programme(row: Any) -> JsonLd:
    return {"@type": "Project", "@id": permanent_address(row.number), "name": words(row, "title")}


def _keywords(sheet: Sheet) -> list[str]:
    """Stage, outcome and what it adds to, in English where there is English."""
    one = sheet.innovation
    with override("en"):
        found = [str(Stage(one.stage).label), str(Outcome(one.outcome).label)]
        if sheet.sees("strategy"):
            terms = [*([one.pillar] if one.pillar else []), *one.goals.all(), *one.challenges.all()]
            found += [str(pick(term, "name")) for term in terms]
    return found


def _elsewhere(innovation: Innovation) -> str:
    return innovation.catalogue_url if innovation.catalogue_url.startswith(("https://", "http://")) else ""


def _works(sheet: Sheet) -> list[JsonLd]:
    """The studies that everybody may know of, and the publication of the evidence."""
    one, found = sheet.innovation, []
    keys = [study.pk for study in one.studies.all()]
    if keys and sheet.sees("links"):
        for study in visible_to(Study.objects.filter(pk__in=keys), None).order_by("number"):
            name = words(study, "public_title") or words(study, "scientific_title")
            found.append({"@type": "CreativeWork", "@id": permanent_address(study.number), "name": name})
    if one.evidence_doi and sheet.sees("aims"):
        found.append({"@type": "ScholarlyArticle", "@id": f"https://doi.org/{one.evidence_doi}"})
    return found
