"""Foreign keys keep to the floors, too: import-linter cannot see those that are given as strings."""

from django.apps import apps

FLOORS = ["cms desk", "research", "courses", "strategy", "search", "accounts", "taxonomy", "core"]
COURSES = ["certificates", "enrolment", "catalogue"]


def floor_of(model) -> tuple[int, int] | None:
    """Higher numbers lie lower; None for models of libraries."""
    parts = model.__module__.split(".")
    room = parts[1] if parts[0] == "academy" else parts[0]
    if parts[0] not in ("academy", "courses", "research", "search"):
        return None
    level = next(n for n, names in enumerate(FLOORS) if room in names.split())
    return level, COURSES.index(parts[1]) if room == "courses" else 0


def test_no_foreign_key_points_upstairs():
    upstairs = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields(include_hidden=False)
        if field.is_relation and not field.auto_created and isinstance(field.related_model, type)
        if (here := floor_of(model)) and (there := floor_of(field.related_model)) and there < here
    ]
    assert upstairs == []


def test_core_knows_no_other_room():
    found = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_app_config("core").get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model._meta.app_label != "core"
    ]
    assert found == []
