"""Numbers that authorities give a study: their form, and what makes two spellings the same number."""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .vocabularies import Authority

#: The form of a whole number, after `tidy`; authorities that are not here take any text.
FORMS: Mapping[str, tuple[str, str | Promise]] = {
    Authority.CLINICALTRIALS_GOV: (r"NCT\d{8}", _("Write NCT and eight digits, such as NCT01234567.")),
    Authority.ISRCTN: (r"ISRCTN\d{8}", _("Write ISRCTN and eight digits, such as ISRCTN12345678.")),
    Authority.EUDRACT: (r"\d{4}-\d{6}-\d{2}", _("Write it as 2020-123456-12: four, six and two digits.")),
    Authority.EU_CT: (r"\d{4}-\d{6}-\d{2}-\d{2}", _("Write it as 2023-501234-12-00: four, six, two and two digits.")),
    Authority.ABR: (r"NL\d{5}\.\d{3}\.\d{2}", _("Write NL, five digits, three and two, such as NL12345.044.26.")),
    Authority.OMON: (r"NL-OMON\d+", _("Write NL-OMON and the digits, such as NL-OMON12345.")),
    Authority.NTR: (r"NL\d+", _("Write NL and the digits, such as NL1234.")),
    Authority.RAID: (r"https?://\S+/\S+|\d+(\.\d+)+/\S+", _("Write the whole address or handle of the RAiD.")),
    Authority.DOI: (r"10\.\d{4,9}/\S+", _("Write the DOI from 10. on, such as 10.1234/abc.")),
}
#: Where a number can be looked up; `{}` is the number.
ADDRESSES: Mapping[str, str] = {
    Authority.CLINICALTRIALS_GOV: "https://clinicaltrials.gov/study/{}",
    Authority.ISRCTN: "https://www.isrctn.com/{}",
    Authority.EUDRACT: "https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:{}",
    Authority.EU_CT: "https://euclinicaltrials.eu/search-for-clinical-trials/?EUCT={}",
    Authority.OMON: "https://onderzoekmetmensen.nl/nl/trial/{}",
    Authority.DOI: "https://doi.org/{}",
}
#: Authorities whose numbers name one study in the world, so that the same number means the same study.
STRONG = frozenset(FORMS) - {Authority.DOI}
LONGEST = 200  # of its column; capitals and folding make two letters of some
_PREFIXES = re.compile(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


def tidy(authority: str, number: str) -> str:
    """The number as the authority writes it: without spaces around, in capitals, a DOI without its resolver."""
    text = " ".join((number or "").split())
    if authority == Authority.DOI:
        return _PREFIXES.sub("", text)
    if authority in FORMS and authority != Authority.RAID:
        return text.replace(" ", "").upper()[:LONGEST]
    return text


def key_of(authority: str, number: str) -> str:
    """What two spellings of the same number share."""
    return re.sub(r"\s+", "", tidy(authority, number)).casefold()[:LONGEST]


def problem_of(authority: str, number: str) -> str | Promise:
    """What is wrong with the form of the number; empty when nothing is."""
    form = FORMS.get(authority)
    if form is None or re.fullmatch(form[0], tidy(authority, number), re.ASCII):
        return ""
    return form[1]


def address_of(authority: str, number: str) -> str:
    """Where people can look the number up; empty when nowhere, or when its form is wrong."""
    if problem_of(authority, number):
        return ""
    if authority == Authority.RAID:
        return number if number.startswith("http") else f"https://raid.org/{number}"
    pattern = ADDRESSES.get(authority, "")
    identifier = (
        tidy(authority, number).removeprefix("NL-OMON") if authority == Authority.OMON else tidy(authority, number)
    )
    return pattern.format(identifier)


def guess(number: str) -> str:
    """The authority whose form the number has; `other` when none or only a loose one fits."""
    for authority in (
        Authority.CLINICALTRIALS_GOV,
        Authority.ISRCTN,
        Authority.EU_CT,
        Authority.EUDRACT,
        Authority.ABR,
        Authority.OMON,
    ):
        if re.fullmatch(FORMS[authority][0], tidy(authority, number), re.ASCII):
            return authority
    return Authority.OTHER
