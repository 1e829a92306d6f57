"""What higher rooms add to a course's page: its dates, the track progress, related records."""

from dataclasses import dataclass, field
from typing import Any

from academy.core.registries import Registry


@dataclass(frozen=True)
class Section:
    """A part of the page: a template with what it shows; `action` is the address of the main button, if any."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    after_main: str = ""  # template shown at the foot of a phone's screen
    action: str = ""
    action_text: str = ""


#: callable(course, user) -> Section
course_sections = Registry()
