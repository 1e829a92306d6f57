"""A course as a row of a table: its columns, and its values as plain JSON.

The values of a course are read from what a revision of it keeps, since a draft stands nowhere else: the words of
Wagtail's `serializable_data`, with links as primary keys.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from html import escape, unescape
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import Organisation
from academy.core.imports.tables import Column, names_of, of_records
from academy.strategy.models import Programme
from academy.taxonomy.models import CareDomain, FunctionFamily, Register, Specialty

from .models import CancellationRule, Competence, DeliveryMode, Visibility

Values = dict[str, Any]
Choices = dict[str, tuple[str, ...]]

#: what a row says, at the name of its column → where the course keeps it
STORED_AS = {"organisations": "owners", "accreditation": "accreditation", "competences": "competences"}
LINKS = ("organisations", "audience", "specialties", "care_domains", "programmes", "prerequisites")
PAIRS = ("accreditation", "competences")
BODIES = ("body_nl", "body_en")
TEXTS = ("title_nl", "title_en", "summary_nl", "summary_en", "outcomes_nl", "outcomes_en")
NUMBERS = ("hours", "classroom_hours", "online_norm_minutes")
PLAIN = (*TEXTS, *NUMBERS, "cost_price_eur", "visibility", "delivery_mode", "languages", "approval_required")
#: columns of which an empty cell says nothing, since a course always has a value there
NEVER_EMPTY = (
    *NUMBERS,
    "cost_price_eur",
    "visibility",
    "delivery_mode",
    "languages",
    "approval_required",
    "organisations",
    "published",
)
#: what a new course has when its row says nothing
NEW: Values = {
    "title_nl": "",
    "title_en": "",
    "summary_nl": "",
    "summary_en": "",
    "outcomes_nl": "",
    "outcomes_en": "",
    "body_nl": "",
    "body_en": "",
    "organisations": [],
    "visibility": str(Visibility.PUBLIC),
    "delivery_mode": str(DeliveryMode.CLASSROOM),
    "languages": ["nl"],
    "hours": 0,
    "classroom_hours": 0,
    "online_norm_minutes": 0,
    "cost_price_eur": "0.00",
    "approval_required": False,
    "audience": [],
    "specialties": [],
    "care_domains": [],
    "programmes": [],
    "prerequisites": [],
    "accreditation": [],
    "competences": [],
    "cancellation_rule": "",
}
LANGUAGE_NAMES = {"nl": ("Nederlands", "Dutch"), "en": ("Engels", "English")}
PARAGRAPH = re.compile(r"<p(?: data-block-key=\"[^\"]*\")?>(.*?)</p>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def columns() -> list[Column]:
    """The columns that a table of courses may have."""
    stays = _("Empty: it stays as it is.")
    return [
        Column(
            "code",
            _("code"),
            "text",
            _("What a row is matched on: a course with this code is changed, else a new one is made. Never changes."),
            required=True,
            example="BLS-01",
        ),
        Column("title_nl", _("title in Dutch"), "text", required=True, example="Reanimatie van volwassenen"),
        Column("title_en", _("title in English"), "text", example="Resuscitation of adults"),
        Column("summary_nl", _("summary in Dutch"), "long", _("At most 600 characters. A course without is a draft.")),
        Column("summary_en", _("summary in English"), "long", _("At most 600 characters.")),
        Column("outcomes_nl", _("what you learn, in Dutch"), "long", _("One outcome per line.")),
        Column("outcomes_en", _("what you learn, in English"), "long", _("One outcome per line.")),
        *(
            Column(name, label, "long", _("An empty line between paragraphs. A text with headings or links stays."))
            for name, label in (("body_nl", _("text in Dutch")), ("body_en", _("text in English")))
        ),
        Column(
            "organisations",
            _("organisations"),
            "codes",
            _("The hospitals that own the course. A new course without is yours."),
            choices=hospitals,
            example="mst; zgt",
        ),
        Column("visibility", _("visible to"), "code", stays, choices=partial(names_of, Visibility), example="public"),
        Column("delivery_mode", _("form"), "code", stays, choices=partial(names_of, DeliveryMode), example="blended"),
        Column("languages", _("languages"), "codes", stays, choices=lambda: dict(LANGUAGE_NAMES), example="nl; en"),
        Column("hours", _("hours"), "number", _("All of it. A course without is a draft."), example="4,5"),
        Column("classroom_hours", _("of which in a classroom"), "number", stays, example="3"),
        Column("online_norm_minutes", _("norm time online in minutes"), "number", stays, example="90"),
        Column("cost_price_eur", _("cost price in euros"), "money", stays, example="125,00"),
        Column("audience", _("for"), "codes", choices=of_records(FunctionFamily.objects.all)),
        Column("specialties", _("specialties"), "codes", choices=of_records(Specialty.objects.all)),
        Column("care_domains", _("care domains"), "codes", choices=of_records(CareDomain.objects.all)),
        Column(
            "programmes",
            _("programmes"),
            "codes",
            choices=of_records(Programme.objects.all, key="number", names=("title_nl", "title_en", "key")),
        ),
        Column(
            "prerequisites",
            _("to be completed before"),
            "codes",
            _("Codes of courses that are here already or stand in the same table."),
            example="BLS-01; ALS-01",
        ),
        Column(
            "accreditation",
            _("accreditation"),
            "text",
            _("Registers with a colon and their points, a semicolon between them."),
            choices=of_records(Register.objects.all),
            example="GAIA: 4; V&VN: 3,5",
        ),
        Column(
            "competences",
            _("competences"),
            "text",
            _("With a colon and the months that they are valid, if they end; a semicolon between them."),
            choices=of_records(Competence.objects.all),
            example="Reanimeren: 12",
        ),
        Column(
            "cancellation_rule",
            _("cancellation rule"),
            "code",
            choices=of_records(CancellationRule.objects.all, names=("title_nl", "title_en")),
        ),
        Column("approval_required", _("the team manager approves"), "yes_no", stays, example="nee"),
        Column(
            "published",
            _("published"),
            "yes_no",
            _("Yes publishes, no takes offline. Empty: a new course is published when it is complete."),
            example="ja",
        ),
    ]


def hospitals() -> Choices:
    """The hospitals that can own a course."""
    rows = Organisation.objects.filter(kind="hospital").order_by("name_nl")
    # In Python: SQLite cannot look into a list of JSON.
    return {one.key: (one.name_nl, one.name_en, one.short_name) for one in rows if "owner" in one.roles}


@dataclass
class Lists:
    """Primary keys and keys of what courses link to, each list read when it is asked for."""

    #: primary key → code of the courses that these are about
    courses: Mapping[int, str] = field(default_factory=dict)
    _read: dict[str, dict[int, str]] = field(default_factory=dict)

    def keys(self, name: str) -> Mapping[int, str]:
        """Primary key → key of the list behind this column."""
        if name == "prerequisites":
            return self.courses
        if name not in self._read:
            model, key = _MODELS[name]
            self._read[name] = dict(model._default_manager.values_list("pk", key))
        return self._read[name]

    def pk(self, name: str, key: str) -> int:
        """The primary key behind this key."""
        return self._pks(name)[key]

    def pks(self, name: str, keys: list[str]) -> list[int]:
        """The primary keys behind these keys."""
        known = self._pks(name)
        return [known[key] for key in keys]

    def _pks(self, name: str) -> dict[str, int]:
        return {key: pk for pk, key in self.keys(name).items()}


_MODELS: dict[str, tuple[type[Model], str]] = {
    "organisations": (Organisation, "key"),
    "audience": (FunctionFamily, "key"),
    "specialties": (Specialty, "key"),
    "care_domains": (CareDomain, "key"),
    "programmes": (Programme, "number"),
    "accreditation": (Register, "key"),
    "competences": (Competence, "key"),
    "cancellation_rule": (CancellationRule, "key"),
}


def read(content: Mapping[str, Any], live: bool, lists: Lists) -> Values:
    """The values of a course as a revision keeps it, by column."""
    found: Values = {name: _tidy(content.get(name) or "") for name in TEXTS}
    found |= {name: words_of(content.get(name))[0] for name in BODIES}
    found |= {name: number(content.get(name)) for name in NUMBERS}
    found |= {
        "cost_price_eur": f"{Decimal(str(content.get('cost_price_eur') or 0)):.2f}",
        "visibility": content["visibility"],
        "delivery_mode": content["delivery_mode"],
        "languages": sorted(content.get("languages") or []),
        "approval_required": bool(content.get("approval_required")),
        "cancellation_rule": lists.keys("cancellation_rule").get(content.get("cancellation_rule"), ""),
        "published": live,
    }
    for name in LINKS:
        keys = lists.keys(name)
        found[name] = sorted(keys[pk] for pk in content.get(STORED_AS.get(name, name)) or [] if pk in keys)
    registers, competences = lists.keys("accreditation"), lists.keys("competences")
    found["accreditation"] = sorted(
        [registers[row["register"]], number(row["points"])] for row in content.get("accreditation") or []
    )
    found["competences"] = sorted(
        [competences[row["competence"]], row["validity_months"]] for row in content.get("competences") or []
    )
    return found


def number(value: Any) -> int | float:
    """A decimal as a plain number, whole where it is."""
    amount = Decimal(str(value or 0))
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _tidy(text: str) -> str:
    """As a cell of a table gives it."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()


def words_of(stream: str | None) -> tuple[str, bool]:
    """The words of a body, and whether they are all of it: nothing is lost when it is written from them again."""
    texts, plain = [], True
    for block in json.loads(stream) if stream else []:
        value = block["value"]
        if block["type"] == "paragraph":
            rest = PARAGRAPH.sub("", value)
            for inner in PARAGRAPH.findall(value):
                words = re.sub(r"<br\s*/?>", "\n", inner)
                plain = plain and not TAG.search(words)
                texts.append(unescape(TAG.sub("", words)).strip())
            plain = plain and not rest.strip()
            texts += [unescape(TAG.sub(" ", rest)).strip()] if rest.strip() else []
        else:
            plain = False
            parts = value.values() if isinstance(value, dict) else [value]
            texts += [unescape(TAG.sub(" ", str(part))).strip() for part in parts]
    return "\n\n".join(_tidy(text) for text in texts if text), plain


def body_of(words: str) -> str:
    """Words as a body: a block for each paragraph."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", words) if part.strip()]
    blocks = [{"type": "paragraph", "value": f"<p>{_marked_up(part)}</p>"} for part in paragraphs]
    return json.dumps(blocks)


def _marked_up(paragraph: str) -> str:
    return "<br/>".join(escape(line, quote=False) for line in paragraph.split("\n"))
