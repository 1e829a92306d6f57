"""Criteria for taking part, written as one text, into who can take part and who cannot."""

import re

# "Inclusion Criteria:", "Key exclusion criteria", "* Exclusion criteria for parents: …" at the beginning of a line.
_HEADING = re.compile(
    r"^[^\w\n]*(?P<before>(?:\w+[ ]){0,2}?)(?P<kind>inclusion|exclusion)[ ]criteria\b"
    r"(?P<after>[^:\n]{0,60}):?[*_]*[ \t]*(?P<rest>.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_PLAIN = {"", "key", "main", "general", "major", "primary", "specific"}
_LEAD_IN = re.compile(r"^[^\w\n]*(?:eligibility )?criteria[:*_ ]*$", re.IGNORECASE)


def split(text: str) -> tuple[str, str]:
    """Who can and who cannot take part; a text without headings is all about who can.

    A heading that says more than its kind ("Inclusion criteria for parents:") stays in the text.
    """
    parts: dict[str, list[str]] = {"inclusion": [], "exclusion": []}
    into = parts["inclusion"]
    for line in text.splitlines():
        heading = _heading(line)
        if heading:
            into = parts[heading["kind"].lower()]
            _begin(into, heading, line)
        else:
            into.append(line)
    return _joined(parts["inclusion"]), _joined(parts["exclusion"])


def _heading(line: str) -> re.Match[str] | None:
    """Only what stands alone on its line or ends with a colon; a sentence about criteria is none."""
    found = _HEADING.match(line)
    if found is None:
        return None
    alone = not found["after"].strip(" *_") and not found["rest"]
    return found if alone or line[found.end("after") :].startswith(":") else None


def _begin(into: list[str], heading: re.Match[str], line: str) -> None:
    says_more = heading["before"].strip().lower() not in _PLAIN or heading["after"].strip(" *_")
    if into:
        into.append("")
    if says_more:
        into.append(line.strip())
    elif heading["rest"]:
        into.append(heading["rest"])


def _joined(lines: list[str]) -> str:
    text = "\n".join(lines).strip()
    first, _newline, others = text.partition("\n")
    return others.strip() if _LEAD_IN.match(first) else text
