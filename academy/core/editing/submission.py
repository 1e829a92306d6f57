"""A step that was sent: everything that can be kept is kept, and the form comes back with the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.datastructures import MultiValueDict

from academy.core.errors import InvalidInput

from .conflicts import MINE, THEIRS, Base, Question, question
from .elements import owns
from .step_form import StepForm
from .subject import Record, Saved, Subject

Refusals = dict[str, list[Any]]


@dataclass
class Submission:
    """What became of a step that was sent: the object as it is now, the form as it comes back, what is to be chosen.

    `seen` has the fields that the page still shows as they were in an earlier version, with that version.
    """

    object: Any
    form: StepForm
    questions: list[Question] = field(default_factory=list)
    seen: Mapping[str, int] = field(default_factory=dict)
    changed: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether everything that was typed is kept."""
        return not self.form.errors and not self.questions


def submit(*, object: Any, actor: Any, form: StepForm, by_itself: bool = False) -> Submission:
    """Save what was sent in this form; `by_itself` when the page did, which answers no questions for anybody.

    Raises what saving raises, except for values that cannot be stored: they stay in the form.
    """
    subject = form.subject
    base = Base.of(form.sent_data, subject, object.version)
    typed, refused = _cleaned(subject, form.values())
    answers = {} if by_itself else base.kept
    waiting = {name for name in base.undecided & typed.keys() if answers.get(name) not in (MINE, THEIRS)}
    given_up = {name for name in base.undecided if answers.get(name) == THEIRS}
    wanted = {name: value for name, value in typed.items() if name not in waiting | given_up}
    saved, refused_too = _save(subject, object, actor, base, wanted)
    form.refuse({**refused, **refused_too})
    return _outcome(saved, subject.again(object), form, base, typed, waiting, given_up)


def _cleaned(subject: Subject, values: Record) -> tuple[Record, Refusals]:
    """The values that can be stored, and what is wrong with the others."""
    try:
        return subject.clean(values), {}
    except InvalidInput as problem:
        fit = {name: value for name, value in values.items() if name not in problem.fields}
        return subject.clean(fit), dict(problem.fields)


def _save(subject: Subject, object: Any, actor: Any, base: Base, wanted: Record) -> tuple[Saved, Refusals]:
    """Save without the fields that name something that does not exist or cannot go; with what is wrong with those."""
    refused: Refusals = {}
    while True:
        values = {name: value for name, value in wanted.items() if name not in refused}
        seen = {name: version for name, version in base.seen.items() if name in values}
        try:
            saved = subject.save(object, actor=actor, base_version=base.version, values=values, seen=seen)
        except InvalidInput as problem:
            found = {name: list(texts) for name, texts in problem.fields.items() if name in values}
            if not found:
                raise
            refused |= found
        else:
            return saved, refused


def _outcome(
    saved: Saved,
    object: Any,
    form: StepForm,
    base: Base,
    typed: Record,
    waiting: set[str],
    given_up: set[str],
) -> Submission:
    subject = form.subject
    now = subject.read(object)
    fit = {name: value for name, value in typed.items() if name not in form.errors}
    asked = [name for name in form.elements if name in saved.clashes or (name in waiting and fit[name] != now[name])]
    shown = {name for name, value in fit.items() if value == now[name] or name in saved.changed} - given_up
    seen = {name: base.of_field(name) for name in form.elements if name not in shown}
    seen |= dict.fromkeys(saved.clashes, object.version)
    lines = subject.lines(object)
    questions = [question(name, subject.label(name), fit[name], now[name], lines) for name in asked]
    return Submission(object, form, questions, seen, saved.changed)


def shown_again(outcome: Submission, data: MultiValueDict) -> StepForm:
    """The form for the next page: what waits for the sender as it was typed, all else as it is stored now."""
    waits = outcome.form.errors.keys() | {question.name for question in outcome.questions}
    typed = {name for name in outcome.form.elements if name not in outcome.seen} | waits
    sent = _only(typed, outcome.form, data)
    form = outcome.form.anew(outcome.form.subject.read(outcome.object), sent)
    form.values()
    form.refuse({name: texts for name, texts in outcome.form.errors.items() if name not in form.errors})
    return form


def _only(names: set[str], form: StepForm, data: MultiValueDict) -> MultiValueDict:
    """What was sent of these fields."""
    kept = [form.elements[name] for name in names]
    sent = {key: data.getlist(key) for key in data if any(owns(element, key) for element in kept)}
    return MultiValueDict({**sent, "has": [name for name in data.getlist("has") if name in names]})
