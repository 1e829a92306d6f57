"""Programmes and the document chain with what is read of them together."""

from django.db.models import Prefetch, QuerySet

from .models import Document, Programme, RoadmapLine, Statement

TERMS = ("organisations", "other_pillars", "goals", "challenges", "milestones")


def programmes_for_list() -> QuerySet[Programme]:
    """Programmes with what an entry of a list shows."""
    return Programme.objects.select_related("pillar", "horizon_from", "horizon_to").prefetch_related("organisations")


def programmes_for_page() -> QuerySet[Programme]:
    """Programmes with all that their page, their document in the search and the API show."""
    lines = RoadmapLine.objects.select_related("pillar")
    found = Programme.objects.select_related("pillar", "horizon_from", "horizon_to", "lead")
    return found.prefetch_related(*TERMS, Prefetch("roadmap_lines", lines))


def document_chain() -> QuerySet[Document]:
    """The documents in order, each with its versions."""
    return Document.objects.prefetch_related("versions")


def statements() -> QuerySet[Statement]:
    """What was said, the latest first, with what replaced it and what it replaced (`statement_set`)."""
    return Statement.objects.select_related("replaced_by").prefetch_related("statement_set").order_by("-date", "-pk")
