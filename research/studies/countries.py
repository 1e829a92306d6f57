"""Codes of countries for their English names, in the spellings that registries use."""

import unicodedata
from functools import cache

from babel import Locale

#: Spellings of ClinicalTrials.gov and the WHO that Unicode's English names do not have.
_OTHER_SPELLINGS = {
    "Bolivia, Plurinational State of": "BO",
    "Brunei Darussalam": "BN",
    "Burma": "MM",
    "Cabo Verde": "CV",
    "Congo": "CG",
    "Congo, Democratic Republic of the": "CD",
    "Congo, The Democratic Republic of the": "CD",
    "Cote D'Ivoire": "CI",
    "Czech Republic": "CZ",
    "Democratic Republic of the Congo": "CD",
    "Federated States of Micronesia": "FM",
    "Former Yugoslav Republic of Macedonia": "MK",
    "Gambia, The": "GM",
    "Hong Kong": "HK",
    "Iran, Islamic Republic of": "IR",
    "Korea, Democratic People's Republic of": "KP",
    "Korea, Republic of": "KR",
    "Lao People's Democratic Republic": "LA",
    "Libyan Arab Jamahiriya": "LY",
    "Macao": "MO",
    "Macau": "MO",
    "Macedonia, The Former Yugoslav Republic of": "MK",
    "Moldova, Republic of": "MD",
    "Myanmar": "MM",
    "Palestinian Territories, Occupied": "PS",
    "Palestinian Territory, Occupied": "PS",
    "Republic of Korea": "KR",
    "Russian Federation": "RU",
    "Swaziland": "SZ",
    "Syrian Arab Republic": "SY",
    "Taiwan, Province of China": "TW",
    "Tanzania, United Republic of": "TZ",
    "The Bahamas": "BS",
    "The Gambia": "GM",
    "The Netherlands": "NL",
    "Turkey": "TR",
    "Turkey (Türkiye)": "TR",
    "United States of America": "US",
    "Venezuela, Bolivarian Republic of": "VE",
    "Viet Nam": "VN",
    "Virgin Islands (U.S.)": "VI",
}
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}


def code_of(name: str) -> str:
    """The ISO 3166-1 alpha-2 code of a country by its English name; empty when it is not known."""
    return _codes().get(_plain(name), "")


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.replace("&", "and").replace("’", "'").replace("St. ", "Saint "))
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).casefold().split())


@cache
def _codes() -> dict[str, str]:
    names = Locale("en").territories
    known = {_plain(name): code for code, name in names.items() if len(code) == 2 and code not in _NO_COUNTRIES}
    return known | {_plain(name): code for name, code in _OTHER_SPELLINGS.items()}
