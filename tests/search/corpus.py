"""A small set of documents that every engine gets."""

from datetime import UTC, datetime

from search.contract import PUBLIC, Internal, Operation, SearchDoc

VALUES = ("starts_at", "hours")
PUBLIC_ACL = frozenset({PUBLIC})
MEMBERS = frozenset({"org:1"})


def day(number: int) -> datetime:
    """The first days of 2026."""
    return datetime(2026, 1, number, 9, tzinfo=UTC)


def doc(pk: str, title_nl: str, title_en: str = "", *, type: str = "course", version: int = 1, **more) -> SearchDoc:
    """A document with what is not said filled in."""
    title = {code: text for code, text in (("nl", title_nl), ("en", title_en)) if text}
    more.setdefault("acl", PUBLIC_ACL)
    more.setdefault("url", {"nl": f"/nl/{type}/{pk}/", "en": f"/en/{type}/{pk}/"})
    return SearchDoc(id=f"{type}:{pk}", type=type, title=title, version=version, **more)


DOCUMENTS = [
    doc(
        "1",
        "Basale reanimatie volwassenen",
        "Basic life support for adults",
        number="BLS-01",
        summary={"nl": "Oefen borstcompressies & beademen <b>op een pop</b>.", "en": "Practise on a manikin."},
        people=("Anneke ter Haar",),
        facets={"mode": ("classroom",), "place": ("enschede", "almelo")},
        values={"starts_at": day(3), "hours": 3},
    ),
    doc(
        "2",
        "Reanimatie van kinderen",
        "Paediatric life support",
        number="PBLS-01",
        summary={"nl": "Voor wie met een kind werkt.", "en": "For everybody who works with children."},
        facets={"mode": ("classroom", "online"), "place": ("hengelo",)},
        values={"starts_at": day(2), "hours": 8},
    ),
    doc(
        "3",
        "Hartfalen poli",
        "Heart failure clinic",
        number="HF-02",
        summary={"nl": "Gezondheid en gewicht thuis meten."},
        body={
            "nl": "Veel tekst vooraf. " * 30 + "Daarna gaat het over decompensatie bij patiënten. " + "En verder. " * 30
        },
        facets={"mode": ("online",), "place": ("almelo",)},
        values={"hours": 2},
    ),
    doc(
        "4",
        "Intensive care voor kinderen: de kinder-IC",
        "",
        number="PICU-03",
        summary={"nl": "Coördinatie en overdracht."},
        facets={"mode": ("classroom",)},
        values={"starts_at": day(9), "hours": 16},
        acl=MEMBERS,
    ),
    doc(
        "5",
        "Triage",
        "Triage",
        type="track",
        number="T-SEH",
        summary={"nl": "Leerlijn voor de spoedeisende hulp.", "en": "A track for the emergency department."},
        facets={"place": ("enschede",)},
        internal=(
            Internal(MEMBERS, {"nl": "Budget en bezettingsgraad"}),
            Internal(frozenset({"user:7"}), {"nl": "notitie"}),
        ),
    ),
    doc(
        "6",
        "Geheim traject reanimatierobot",
        "Secret resuscitation robot",
        type="track",
        facets={"place": ("secret_place",), "mode": ("secret_mode",)},
        acl=frozenset({"user:7"}),
    ),
]


def upserts(documents=DOCUMENTS):
    """Operations that put these documents in."""
    return [Operation.upsert(entry) for entry in documents]
