"""The page of a step: shown as it is stored, saved as far as it can be, by a button or by itself."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from academy.core.refusals import refusals_as_messages

from .sources import Sources
from .step_form import StepForm
from .subject import Record, Subject
from .submission import Submission, shown_again, submit
from .words import saved_words, words_of_autosave

AUTOSAVE = "X-Autosave"  # the header with which the page saves by itself
Texts = Mapping[str, list[str]]


class StepPage:
    """A step of one record for one editor; a room makes a subclass of it and says what is its own."""

    subject: Subject
    template: str
    #: what a button says that leaves the page once everything is kept
    onward_words: tuple[str, ...] = ("next", "back", "later")

    def __init__(self, request: HttpRequest, object: Any, step: str) -> None:
        self.request, self.object, self.step = request, object, step

    # What a room says

    def sources(self, record: Record, data: Any = None) -> Sources:
        """The lists that the form offers, for what is stored and what was sent."""
        raise NotImplementedError

    def frame(self, record: Record) -> dict[str, Any]:
        """What the page shows around the form."""
        raise NotImplementedError

    def onward(self, then: str) -> HttpResponse:
        """Where to go once everything is kept."""
        raise NotImplementedError

    def problems(self, record: Record) -> Texts:
        """What does not fit, by field, though it is kept."""
        return {}

    def sections(self, form: StepForm, record: Record) -> list[Any]:
        """The layout of the form."""
        return form.sections(self.object)

    def parts(self, form: StepForm, record: Record) -> Mapping[str, str]:
        """Pieces of the page that change with what was saved, by their name in the page."""
        return {}

    def also_keep(self) -> None:
        """Keep what was sent beside the record; refusals become messages."""

    def not_kept(self) -> None:
        """Let the page show what could not be kept beside the record."""

    # What every room does

    def answer(self) -> HttpResponse:
        """The page, or what became of what was sent."""
        if self.request.method != "POST":
            return self.show(self.form())
        return self._save()

    def form(self, data: Any = None) -> StepForm:
        """The form over what is stored, with what was sent."""
        record = self.subject.read(self.object)
        return StepForm(self.subject, self.step, record, self.sources(record, data), data)

    def _save(self) -> HttpResponse:
        data, by_itself = self.request.POST, AUTOSAVE in self.request.headers
        outcome = None
        with refusals_as_messages(self.request) as done:
            form = self.form(data)
            outcome = submit(object=self.object, actor=self.request.user, form=form, by_itself=by_itself)
            if not by_itself:
                self.also_keep()
        if not done.ok:
            self.not_kept()
        if outcome is None:
            return self._refused(data, by_itself)
        self.object = outcome.object
        if by_itself:
            return JsonResponse(self._told(outcome))
        if outcome.settled and done.ok and data.get("then") in self.onward_words:
            return self.onward(data["then"])
        form = shown_again(outcome, data)
        form.change_rows(data.get("add", ""), data.get("remove", ""))
        return self.show(form, outcome)

    def _refused(self, data: Any, by_itself: bool) -> HttpResponse:
        """Nothing can be saved at all; what was typed stays in the page, the message says why."""
        if by_itself:
            return JsonResponse({}, status=409)
        form = self.form(data)
        form.values()
        return self.show(form)

    def _told(self, outcome: Submission) -> dict[str, Any]:
        """What the page is told after it saved by itself."""
        form, record = outcome.form, self.subject.read(self.object)
        problems = {name: texts for name, texts in self.problems(record).items() if name in form.elements}
        context = {"questions": outcome.questions}
        return {
            "version": self.object.version,
            "saved_at": saved_words(self.object.changed_at),
            "seen": outcome.seen,
            "problems": {**problems, **form.errors},
            "clashes": [question.name for question in outcome.questions],
            "clashes_html": render_to_string("editing/conflict.html", context) if outcome.questions else "",
            "parts": self.parts(form, record),
        }

    def show(self, form: StepForm, outcome: Submission | None = None) -> HttpResponse:
        """The page of the step."""
        record = self.subject.read(self.object)
        form.warn({name: texts for name, texts in self.problems(record).items() if name not in form.errors})
        form.begin()
        waits = form.errors.keys() | {question.name for question in outcome.questions} if outcome else set()
        context = {
            "step": self.step,
            "step_label": self.subject.steps[self.step],
            "saved": saved_words(self.object.changed_at),
            "version": self.object.version,
            "form": form,
            "sections": self.sections(form, record),
            "questions": outcome.questions if outcome else (),
            "seen": {name: version for name, version in outcome.seen.items() if name in waits} if outcome else {},
            "words": words_of_autosave(),
            "idle_seconds": settings.SESSION_IDLE_SECONDS,
            "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
            **self.frame(record),
        }
        return render(self.request, self.template, context)
