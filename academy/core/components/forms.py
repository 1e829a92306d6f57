"""Forms: fields, the error summary, actions, the search box."""

from collections.abc import Iterable
from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.inclusion_tag("components/field.html")
def field(
    bound: forms.BoundField, short: bool = False, hint: str = "", label: str = "", hint_below: bool = False
) -> dict[str, Any]:
    """A field with label, hint, errors and control, in that order; what was typed stays.

    `hint_below` is for a way out (a forgotten password), which comes after the control.
    """
    hint = hint or bound.help_text
    shape = _shape(bound)
    return {
        "bound": bound,
        "shape": shape,
        "label": label or bound.label,
        "hint": hint,
        "hint_below": hint_below,
        "short": short,
        "optional": not bound.field.required and shape != "check",
        "hint_id": f"{bound.auto_id}_hint",
        "error_id": f"{bound.auto_id}_error",
        "described_by": described_by(bound, hint),
        "control": _control(bound, hint, shape),
        "choices": bound.subwidgets if shape == "choices" else (),
    }


@register.inclusion_tag("components/fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """Every field of the form, with the hidden ones; its own errors are in the error summary."""
    return {"form": form}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*all_forms: forms.BaseForm) -> dict[str, Any]:
    """What is not right yet in these forms, with a link to each field; nothing when all is well."""
    problems = [problem for form in all_forms if form is not None for problem in _problems(form)]
    return {"problems": problems, "count": len(problems)}


@register.simple_block_tag
def form_actions(content: str) -> SafeString:
    """The row of buttons below a form: the main one first."""
    return render_to_string("components/form_actions.html", {"content": content})


@register.inclusion_tag("components/search_box.html")
def search_box(
    action: str,
    label: str,
    value: str = "",
    placeholder: str = "",
    large: bool = False,
    id: str = "q",
    hidden: Iterable[tuple[str, Any]] = (),
) -> dict[str, Any]:
    """Search with its button; `hidden` are (name, value) pairs that stay in the address."""
    return {
        "action": action,
        "label": label,
        "value": value,
        "placeholder": placeholder,
        "large": large,
        "id": id,
        "hidden": hidden,
    }


def described_by(bound: forms.BoundField, hint: str) -> str:
    """Ids of the hint and the error of a field, for aria-describedby."""
    ids = (f"{bound.auto_id}_hint" if hint else "", f"{bound.auto_id}_error" if bound.errors else "")
    return " ".join(filter(None, ids))


def _shape(bound: forms.BoundField) -> str:
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "line"


def _control(bound: forms.BoundField, hint: str, shape: str) -> SafeString:
    if shape == "choices":
        return SafeString("")
    # Placeholders go: they vanish when people type; the label and the hint stay.
    return bound.as_widget(attrs={"placeholder": False, "aria-describedby": described_by(bound, hint) or False})


def _problems(form: forms.BaseForm) -> list[dict[str, str]]:
    found = [{"label": "", "text": str(error), "target": ""} for error in form.non_field_errors()]
    for bound in form:
        label, target = str(bound.label), _target(bound)
        found += [{"label": label, "text": str(error), "target": target} for error in bound.errors]
    return found


def _target(bound: forms.BoundField) -> str:
    """The element that a link in the error summary goes to: of a group, its first choice."""
    if _shape(bound) == "hidden":
        return ""
    return f"{bound.auto_id}_0" if _shape(bound) == "choices" else bound.id_for_label
