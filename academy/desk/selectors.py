"""One list of everything that a person has to do, from all rooms."""

from datetime import date

from academy.core.registries import Todo, todo_sources


def todo_list(person) -> list[Todo]:
    """What every room has for this person: overdue first, then by date, what has no date last."""
    found = [todo for source in todo_sources for todo in source(person)]
    return sorted(found, key=lambda todo: (not todo.overdue, todo.due or date.max, todo.title))
