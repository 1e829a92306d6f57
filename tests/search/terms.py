"""A source over a simple model: specialties stand for records, registers for what they depend on."""

from datetime import datetime

from academy.taxonomy.models import Register, Specialty
from search import registry
from search.contract import PUBLIC, SearchDoc

#: Set by tests: key of a specialty → when it looks different.
CHANGES: dict[str, datetime] = {}


class Poison(Exception):
    """A record that cannot be turned into a document."""


def document(term: Specialty) -> SearchDoc | None:
    """Names in capitals decide: DRAFT may not be found, POISON cannot be read, MEMBERS is not public."""
    if "POISON" in term.name_nl:
        raise Poison(term.name_nl)
    if "DRAFT" in term.name_nl:
        return None
    acl = frozenset({"org:1"}) if "MEMBERS" in term.name_nl else frozenset({PUBLIC})
    return SearchDoc(
        id=f"term:{term.pk}",
        type="term",
        title={"nl": term.name_nl, "en": term.name_en},
        url={"nl": f"/nl/term/{term.pk}/", "en": f"/en/term/{term.pk}/"},
        acl=acl,
        number=term.key,
        summary={"nl": f"Alles over {term.name_nl}"},
        facets={"joint": ("yes" if term.joint else "no",)},
        values={"number": term.pk},
        changes_at=CHANGES.get(term.key),
    )


def cards(pks, viewer, language):
    """What the database says now."""
    rows = Specialty.objects.filter(pk__in=pks)
    if "org:1" not in viewer.tokens:
        rows = rows.exclude(name_nl__contains="MEMBERS")
    return {term.pk: {"meta": [term.key]} for term in rows if document(term)}


def register():
    """Make specialties findable as type "term"."""
    registry.register(
        registry.Source(
            type="term",
            label="Term",
            label_plural="Terms",
            icon="file-text",
            model=Specialty,
            document=document,
            queryset=Specialty.objects.all,
            cards=cards,
            dependants={
                Register: lambda entry: Specialty.objects.filter(key__startswith=entry.key).values_list("pk", flat=True)
            },
            values=("number",),
        )
    )
    registry.register_facet(
        registry.FacetSpec(
            name="joint", label="Joint", labels=lambda values, language: {"yes": "Yes", "no": "No"}, rank=10
        )
    )
    registry.register_sort(registry.SortSpec(name="number", label="Number", value="number"))


def add(key, name=None, **more):
    """A specialty."""
    return Specialty.objects.create(key=key, name_nl=name or key, **more)
