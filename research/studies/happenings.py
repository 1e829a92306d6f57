"""What happened to a study, in words: one sentence for each verb of the event log and each source of a version."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from academy.core.history import Happening
from academy.core.translation import pick

from . import facts
from .models import Access, Deadline, Study
from .states import ApprovalState, ReviewState
from .vocabularies import ReviewKind

#: what people outside the team hear of, with the group of fields that they must see for it
PUBLIC_VERBS = {"publish": "identity", "import": "identity", "decide": "sites"}
#: what a version of the record tells already, with what changed
TOLD_BY_A_VERSION = frozenset({"publish_changes", "refuse_changes", "transfer"})
#: reads of personal data, which the log keeps for the auditor
NOT_TOLD = frozenset({"export"})


class Told:
    """What the sentences need to know of a study: names, and what its approvals are called."""

    def __init__(self, study: Study, names: facts.Names) -> None:
        self.names = names
        reviews = [review for site in study.sites.all() for review in site.reviews.all()]
        self.bodies = {row.pk: pick(row, "body") for review in reviews for row in review.approvals.all()}


def told(happening: Happening, about: Told) -> str:
    """The sentence, with the hospital in front where it is about one; an unknown verb is told as it is."""
    names, tell = about.names, _SENTENCES.get(happening.verb)
    sentence = tell(happening, about) if tell else happening.verb.replace("_", " ")
    hospital = names.hospital(happening.data["site"]) if happening.data.get("site") else ""
    return f"{hospital}, {sentence}" if hospital else sentence


def told_of_version(source: str) -> str:
    """What a version was part of, by its source."""
    return {
        "published": _("Changes published"),
        "refused": _("Proposed changes not taken over"),
        "transfer": _("Another hospital leads the study"),
        "form": _("Edited"),
        "api": _("Edited through the API"),
    }.get(source) or _("Brought up to date from ClinicalTrials.gov")


def _as(text: Callable[[], str]) -> Callable[[Happening, Told], str]:
    return lambda happening, about: text()


def _register(happening: Happening, about: Told) -> str:
    copied = happening.data.get("copied_from")
    return _("Registered as a copy of %(number)s") % {"number": copied} if copied else _("Registered")


def _invite(happening: Happening, about: Told) -> str:
    levels = {Access.Level.EDITOR: _("%(name)s may edit"), Access.Level.VIEWER: _("%(name)s may read")}
    return levels.get(happening.to_state, "%(name)s") % {"name": _person(happening, about)}


def _withdraw_access(happening: Happening, about: Told) -> str:
    return _("%(name)s is off the team") % {"name": _person(happening, about)}


def _person(happening: Happening, about: Told) -> str:
    pk = happening.data.get("person")
    return (about.names.person(pk) if pk else "") or _("Somebody without an account")


def _assign(happening: Happening, about: Told) -> str:
    if not happening.data.get("person"):
        return _("assigned to nobody")
    return _("assigned to %(name)s") % {"name": _person(happening, about)}


def _change_kind(happening: Happening, about: Told) -> str:
    return _("kind of review: %(kind)s") % {"kind": facts.choice(ReviewKind, happening.data.get("kind", ""))}


def _decide(happening: Happening, about: Told) -> str:
    return _("decision: %(outcome)s") % {"outcome": facts.choice(ReviewState, happening.to_state)}


def _approval(happening: Happening, about: Told) -> str:
    state = facts.choice(ApprovalState, happening.to_state)
    body = about.bodies.get(happening.data.get("approval"), happening.data.get("body", ""))
    return f"{body}: {state}"


def _deadline(happening: Happening, about: Told) -> str:
    kind = facts.choice(Deadline.Kind, happening.data.get("kind", ""))
    words = {"meet_deadline": _("%(deadline)s: done"), "reopen_deadline": _("%(deadline)s: open again")}
    return words[happening.verb] % {"deadline": kind}


_SENTENCES: dict[str, Callable[[Happening, Told], str]] = {
    "register": _register,
    "import": _as(lambda: _("Taken over from ClinicalTrials.gov")),
    "publish": _as(lambda: _("Published")),
    "unpublish": _as(lambda: _("Taken offline")),
    "invite": _invite,
    "withdraw_access": _withdraw_access,
    "submit": _as(lambda: _("submitted for review")),
    "take_up": _as(lambda: _("review begun")),
    "assign": _assign,
    "change_kind": _change_kind,
    "return": _as(lambda: _("sent back with remarks")),
    "remark": _as(lambda: _("remark made")),
    "answer_remark": _as(lambda: _("remark answered")),
    "resolve_remark": _as(lambda: _("remark settled")),
    "reopen_remark": _as(lambda: _("remark open again")),
    "request_approval": _approval,
    "record_approval": _approval,
    "meet_conditions": _as(lambda: _("conditions met")),
    "decide": _decide,
    "withdraw": _as(lambda: _("review withdrawn")),
    "start_again": _as(lambda: _("review opened again")),
    "meet_deadline": _deadline,
    "reopen_deadline": _deadline,
    "add_document": _as(lambda: _("Document added")),
}
