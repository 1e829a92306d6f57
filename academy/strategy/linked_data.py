"""A programme as JSON-LD; everybody may see all of it. Source of the words: https://schema.org/Project."""

from django.conf import settings

from academy.core.linked_data import JsonLd, filled, own_number, permanent_address, words

from .models import Programme


def document(programme: Programme) -> JsonLd:
    """The programme; what `selectors.programmes_for_page` brings along must be there."""
    return filled(
        {
            "@context": "https://schema.org",
            "@type": "Project",
            "@id": permanent_address(programme.number),
            "url": f"{settings.SITE_URL}{programme.get_absolute_url()}",
            "name": words(programme, "title"),
            "description": words(programme, "summary"),
            "identifier": own_number(programme.number),
            "location": {"@type": "Place", "name": programme.location} if programme.location else None,
            "email": programme.contact_email,
            "parentOrganization": [_organisation(owner) for owner in programme.organisations.all()],
            "employee": {"@type": "Person", "name": programme.lead.full_name} if programme.lead else None,
        }
    )


def _organisation(owner) -> JsonLd:
    ror = {"@id": f"https://ror.org/{owner.ror}"} if owner.ror else {}
    return {"@type": "Organization", "name": words(owner, "name"), **ror}
