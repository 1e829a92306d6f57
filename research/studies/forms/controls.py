"""Controls that only the form of a study has."""

from functools import cache
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _

from academy.core.cleaning import Unfit
from academy.core.editing.controls import Lines
from academy.core.translation import LANGUAGES, current

from .. import countries


class Countries(Lines):
    """Countries by their name in Dutch or English, each on a line; kept as their codes."""

    def fill(self, value: Any) -> str:
        names = Locale(current()).territories
        return "\n".join(names.get(code, code) for code in value or [])

    def read(self, typed: Any) -> list[str]:
        return list(dict.fromkeys(_country(name) for name in super().read(typed)))


def _country(name: str) -> str:
    code = _country_codes().get(name.casefold()) or countries.code_of(name)
    if not code:
        raise Unfit(_("We know no country “%(name)s”. Write its name in Dutch or English.") % {"name": name[:80]})
    return code


@cache
def _country_codes() -> dict[str, str]:
    """Codes by name in our languages, and by the code itself."""
    territories = [Locale(language).territories for language in LANGUAGES]
    codes = {code: code for code in territories[0] if len(code) == 2 and code.isalpha()}
    return {code.casefold(): code for code in codes} | {
        names[code].casefold(): code for names in territories for code in codes if code in names
    }
