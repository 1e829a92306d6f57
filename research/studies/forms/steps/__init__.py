"""The steps of the form, a module each."""

from collections.abc import Mapping

from academy.core.editing.sections import Section

from ...record import ACCESS, BASIS, CONDUCT, DESIGN, HOSPITALS, KIND
from . import access, basis, conduct, design, hospitals, kind

SECTIONS: Mapping[str, tuple[Section, ...]] = {
    BASIS: basis.SECTIONS,
    KIND: kind.SECTIONS,
    DESIGN: design.SECTIONS,
    HOSPITALS: hospitals.SECTIONS,
    CONDUCT: conduct.SECTIONS,
    ACCESS: access.SECTIONS,
}
