"""The steps of the form, a module each; and the intake, which asks for the six fields to start with."""

from collections.abc import Mapping

from academy.core.editing.sections import Section

from ...record import ACCESS, BENEFITS, CONDITIONS, EVIDENCE, IDEA, LINKS, STRATEGY
from . import access, benefits, conditions, evidence, idea, links, strategy

INTAKE = "intake"
SECTIONS: Mapping[str, tuple[Section, ...]] = {
    INTAKE: idea.INTAKE,
    IDEA: idea.SECTIONS,
    STRATEGY: strategy.SECTIONS,
    EVIDENCE: evidence.SECTIONS,
    CONDITIONS: conditions.SECTIONS,
    BENEFITS: benefits.SECTIONS,
    LINKS: links.SECTIONS,
    ACCESS: access.SECTIONS,
}
