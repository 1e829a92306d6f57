"""The lists of words of an innovation, each in one place; all codes are our own or of the standard that is named."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Visibility(models.TextChoices):
    PUBLIC = "public", _("everybody")
    MEMBERS = "members", _("members of the hospitals involved")
    TEAM = "team", _("the team and the innovation managers")


class Aim(models.TextChoices):
    """Quintuple Aim (Nundy, Cooper & Mate 2022, doi:10.1001/jama.2021.25181); also the categories of benefits."""

    EXPERIENCE = "experience", pgettext_lazy("aim of care", "Experience of patients")
    OUTCOMES = "outcomes", pgettext_lazy("aim of care", "Outcomes of care")
    COST = "cost", pgettext_lazy("aim of care", "Cost")
    STAFF_WELLBEING = "staff_wellbeing", pgettext_lazy("aim of care", "Wellbeing of staff")
    EQUITY = "equity", pgettext_lazy("aim of care", "Equity")


class Domain(models.TextChoices):
    """The seven domains of NASSS (Greenhalgh et al. 2017, doi:10.2196/jmir.8775)."""

    CONDITION = "condition", pgettext_lazy("domain of NASSS", "Condition")
    TECHNOLOGY = "technology", pgettext_lazy("domain of NASSS", "Technology")
    VALUE = "value", pgettext_lazy("domain of NASSS", "Value")
    ADOPTERS = "adopters", pgettext_lazy("domain of NASSS", "Adopters")
    ORGANISATION = "organisation", pgettext_lazy("domain of NASSS", "Organisation")
    WIDER_SYSTEM = "wider_system", pgettext_lazy("domain of NASSS", "Wider system")
    EMBEDDING_OVER_TIME = "embedding_over_time", pgettext_lazy("domain of NASSS", "Embedding over time")


class Complexity(models.TextChoices):
    SIMPLE = "simple", pgettext_lazy("complexity", "Simple")
    COMPLICATED = "complicated", pgettext_lazy("complexity", "Complicated")
    COMPLEX = "complex", pgettext_lazy("complexity", "Complex")


class EvidenceTier(models.TextChoices):
    """Tiers of the NICE evidence standards framework for digital health technologies (ECD7)."""

    A = "a", pgettext_lazy("tier of evidence", "Tier A")
    B = "b", pgettext_lazy("tier of evidence", "Tier B")
    C = "c", pgettext_lazy("tier of evidence", "Tier C")
    NOT_APPLICABLE = "not_applicable", pgettext_lazy("tier of evidence", "Not applicable")


class DeviceClass(models.TextChoices):
    """Regulations (EU) 2017/745 (MDR) and 2017/746 (IVDR)."""

    NONE = "none", pgettext_lazy("class of device", "No medical device")
    MDR_I = "mdr_i", pgettext_lazy("class of device", "MDR class I")
    MDR_IIA = "mdr_iia", pgettext_lazy("class of device", "MDR class IIa")
    MDR_IIB = "mdr_iib", pgettext_lazy("class of device", "MDR class IIb")
    MDR_III = "mdr_iii", pgettext_lazy("class of device", "MDR class III")
    IVDR_A = "ivdr_a", pgettext_lazy("class of device", "IVDR class A")
    IVDR_B = "ivdr_b", pgettext_lazy("class of device", "IVDR class B")
    IVDR_C = "ivdr_c", pgettext_lazy("class of device", "IVDR class C")
    IVDR_D = "ivdr_d", pgettext_lazy("class of device", "IVDR class D")
    IN_HOUSE = "in_house", pgettext_lazy("class of device", "Made in-house")
    UNKNOWN = "unknown", pgettext_lazy("class of device", "Not known yet")


class AiClass(models.TextChoices):
    """Risk classes of Regulation (EU) 2024/1689 (AI Act)."""

    NONE = "none", pgettext_lazy("class of AI", "No AI")
    PROHIBITED = "prohibited", pgettext_lazy("class of AI", "Prohibited")
    HIGH = "high", pgettext_lazy("class of AI", "High risk")
    LIMITED = "limited", pgettext_lazy("class of AI", "Limited risk")
    MINIMAL = "minimal", pgettext_lazy("class of AI", "Minimal risk")
    UNKNOWN = "unknown", pgettext_lazy("class of AI", "Not known yet")


#: which edition of a list of classes an assessment used; a newer edition of the law gets a code of its own
EDITIONS = {"ai": "ai_act_2024", "device": "mdr_ivdr_2017"}


class AssessmentKind(models.TextChoices):
    """What is assessed more than once: dated entries, of which the last one holds."""

    TRL = "trl", _("TRL")
    NASSS = "nasss", _("Complexity (NASSS)")
    DEVICE = "device", _("Medical device")
    AI = "ai", pgettext_lazy("kind of assessment", "AI")
    VALUE = "value", pgettext_lazy("kind of assessment", "Value")


class ComplianceKind(models.TextChoices):
    DPIA = "dpia", _("DPIA")
    CE = "ce", _("CE marking")
    METC_WMO = "metc_wmo", _("METC or WMO")
    NEN_7510 = "nen_7510", _("NEN 7510 information security")
    MEDICAL_TECHNOLOGY_RELEASE = "medical_technology_release", _("Release by medical technology")


class ComplianceState(models.TextChoices):
    NOT_STARTED = "not_started", pgettext_lazy("compliance", "Not started")
    IN_PROGRESS = "in_progress", pgettext_lazy("compliance", "In progress")
    REQUESTED = "requested", pgettext_lazy("compliance", "Requested")
    IN_REVIEW = "in_review", pgettext_lazy("compliance", "Under review")
    PRESENT = "present", pgettext_lazy("compliance", "Present")
    APPROVED = "approved", pgettext_lazy("compliance", "Approved")
    APPROVED_WITH_CONDITIONS = "approved_with_conditions", pgettext_lazy("compliance", "Approved with conditions")
    REJECTED = "rejected", pgettext_lazy("compliance", "Rejected")
    NOT_NEEDED = "not_needed", pgettext_lazy("compliance", "Not needed")
    UNKNOWN = "unknown", pgettext_lazy("compliance", "Not known yet")

    @classmethod
    def settled(cls) -> tuple["ComplianceState", ...]:
        """Nothing has to be done any more before the next gate."""
        return cls.PRESENT, cls.APPROVED, cls.APPROVED_WITH_CONDITIONS, cls.NOT_NEEDED


class DependencyKind(models.TextChoices):
    EPD = "epd", _("Electronic patient record (EPD)")
    ICT_SERVICE_CENTRE = "ict_service_centre", _("Shared ICT service centre")
    SUPPLIER = "supplier", pgettext_lazy("dependency", "Supplier")
    STANDARDS = "standards", pgettext_lazy("dependency", "Standards")


class DependencyState(models.TextChoices):
    """In the order in which lists show them: what still has to happen comes first."""

    OPEN = "open", pgettext_lazy("state of a dependency", "Open")
    IN_PROGRESS = "in_progress", pgettext_lazy("state of a dependency", "In progress")
    DONE = "done", pgettext_lazy("state of a dependency", "Done")
    CLOSED = "closed", pgettext_lazy("state of a dependency", "Closed")


class Measure(models.TextChoices):
    """How sure a figure is, of benefits and of FTE."""

    ESTIMATE = "estimate", pgettext_lazy("figure", "Estimated")
    VALIDATED = "validated", pgettext_lazy("figure", "Validated")
    ACTUAL = "actual", pgettext_lazy("figure", "Realised")


class MoneyKind(models.TextChoices):
    ONE_OFF = "one_off", pgettext_lazy("money", "One-off")
    STRUCTURAL = "structural", pgettext_lazy("money", "Structural")
