"""The lists of words of a study, each in one place.

Codes of ClinicalTrials.gov keep the spelling of its API v2 (https://clinicaltrials.gov/data-api/about-api/study-data-structure);
codes of our own are snake_case.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StudyType(models.TextChoices):
    INTERVENTIONAL = "INTERVENTIONAL", _("Intervention")
    OBSERVATIONAL = "OBSERVATIONAL", _("Observation")
    EXPANDED_ACCESS = "EXPANDED_ACCESS", _("Expanded access")


class Phase(models.TextChoices):
    NA = "NA", pgettext_lazy("phase of a study", "No phase")
    EARLY_PHASE1 = "EARLY_PHASE1", _("Early phase 1")
    PHASE1 = "PHASE1", _("Phase 1")
    PHASE2 = "PHASE2", _("Phase 2")
    PHASE3 = "PHASE3", _("Phase 3")
    PHASE4 = "PHASE4", _("Phase 4")


class Allocation(models.TextChoices):
    RANDOMIZED = "RANDOMIZED", _("Randomised")
    NON_RANDOMIZED = "NON_RANDOMIZED", _("Not randomised")
    NA = "NA", pgettext_lazy("allocation in a study", "One group, no allocation")


class InterventionModel(models.TextChoices):
    SINGLE_GROUP = "SINGLE_GROUP", _("One group")
    PARALLEL = "PARALLEL", _("Parallel groups")
    CROSSOVER = "CROSSOVER", _("Crossover")
    FACTORIAL = "FACTORIAL", _("Factorial")
    SEQUENTIAL = "SEQUENTIAL", _("Sequential")


class Masking(models.TextChoices):
    NONE = "NONE", _("Open, nobody blinded")
    SINGLE = "SINGLE", _("Single blind")
    DOUBLE = "DOUBLE", _("Double blind")
    TRIPLE = "TRIPLE", _("Triple blind")
    QUADRUPLE = "QUADRUPLE", _("Quadruple blind")


class PrimaryPurpose(models.TextChoices):
    TREATMENT = "TREATMENT", _("Treatment")
    PREVENTION = "PREVENTION", _("Prevention")
    DIAGNOSTIC = "DIAGNOSTIC", _("Diagnosis")
    ECT = "ECT", _("Educational, counselling, training")
    SUPPORTIVE_CARE = "SUPPORTIVE_CARE", _("Supportive care")
    SCREENING = "SCREENING", _("Screening")
    HEALTH_SERVICES_RESEARCH = "HEALTH_SERVICES_RESEARCH", _("Health services research")
    BASIC_SCIENCE = "BASIC_SCIENCE", _("Basic science")
    DEVICE_FEASIBILITY = "DEVICE_FEASIBILITY", _("Feasibility of a device")
    OTHER = "OTHER", pgettext_lazy("purpose of a study", "Something else")


class ObservationalModel(models.TextChoices):
    COHORT = "COHORT", _("Cohort")
    CASE_CONTROL = "CASE_CONTROL", _("Case-control")
    CASE_ONLY = "CASE_ONLY", _("Case-only")
    CASE_CROSSOVER = "CASE_CROSSOVER", _("Case-crossover")
    ECOLOGIC_OR_COMMUNITY = "ECOLOGIC_OR_COMMUNITY", _("Ecologic or community")
    FAMILY_BASED = "FAMILY_BASED", _("Family-based")
    DEFINED_POPULATION = "DEFINED_POPULATION", _("Defined population")
    NATURAL_HISTORY = "NATURAL_HISTORY", _("Natural history")
    OTHER = "OTHER", pgettext_lazy("model of a study", "Something else")


class TimePerspective(models.TextChoices):
    RETROSPECTIVE = "RETROSPECTIVE", _("Looking back")
    PROSPECTIVE = "PROSPECTIVE", _("Looking forward")
    CROSS_SECTIONAL = "CROSS_SECTIONAL", _("At one moment")
    OTHER = "OTHER", pgettext_lazy("time perspective of a study", "Something else")


class InterventionType(models.TextChoices):
    BEHAVIORAL = "BEHAVIORAL", _("Behaviour")
    BIOLOGICAL = "BIOLOGICAL", _("Biological, vaccine")
    COMBINATION_PRODUCT = "COMBINATION_PRODUCT", _("Combination product")
    DEVICE = "DEVICE", _("Device")
    DIAGNOSTIC_TEST = "DIAGNOSTIC_TEST", _("Diagnostic test")
    DIETARY_SUPPLEMENT = "DIETARY_SUPPLEMENT", _("Dietary supplement")
    DRUG = "DRUG", _("Medicine")
    GENETIC = "GENETIC", _("Genetic")
    PROCEDURE = "PROCEDURE", _("Procedure, operation")
    RADIATION = "RADIATION", _("Radiation")
    OTHER = "OTHER", pgettext_lazy("kind of intervention", "Something else")


class Sex(models.TextChoices):
    ALL = "ALL", pgettext_lazy("sex of participants", "Everybody")
    FEMALE = "FEMALE", _("Women")
    MALE = "MALE", _("Men")


class AgeUnit(models.TextChoices):
    YEARS = "YEARS", _("years")
    MONTHS = "MONTHS", _("months")
    WEEKS = "WEEKS", _("weeks")
    DAYS = "DAYS", _("days")
    HOURS = "HOURS", _("hours")
    MINUTES = "MINUTES", _("minutes")


class DateType(models.TextChoices):
    ESTIMATED = "ESTIMATED", _("Expected")
    ACTUAL = "ACTUAL", _("Really happened")


class RecruitmentStatus(models.TextChoices):
    NOT_YET_RECRUITING = "NOT_YET_RECRUITING", _("Not yet recruiting")
    RECRUITING = "RECRUITING", _("Looking for participants")
    ENROLLING_BY_INVITATION = "ENROLLING_BY_INVITATION", _("By invitation only")
    ACTIVE_NOT_RECRUITING = "ACTIVE_NOT_RECRUITING", _("Under way, recruitment closed")
    SUSPENDED = "SUSPENDED", _("Suspended")
    TERMINATED = "TERMINATED", _("Stopped early")
    COMPLETED = "COMPLETED", _("Completed")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("status of a study", "Withdrawn before the start")
    UNKNOWN = "UNKNOWN", _("Unknown")
    AVAILABLE = "AVAILABLE", _("Access is possible")
    NO_LONGER_AVAILABLE = "NO_LONGER_AVAILABLE", _("Access is no longer possible")
    TEMPORARILY_NOT_AVAILABLE = "TEMPORARILY_NOT_AVAILABLE", _("Access is not possible for now")
    APPROVED_FOR_MARKETING = "APPROVED_FOR_MARKETING", _("Approved for marketing")
    WITHHELD = "WITHHELD", _("Withheld")

    @classmethod
    def for_access(cls) -> tuple["RecruitmentStatus", ...]:
        """Those of expanded access; the others belong to studies."""
        return cls.AVAILABLE, cls.NO_LONGER_AVAILABLE, cls.TEMPORARILY_NOT_AVAILABLE, cls.APPROVED_FOR_MARKETING

    @classmethod
    def stopped(cls) -> tuple["RecruitmentStatus", ...]:
        """Those that ask why the study stopped."""
        return cls.SUSPENDED, cls.TERMINATED, cls.WITHDRAWN


class LegalRegime(models.TextChoices):
    """Under which law a study falls; source: the research registry of the two hospitals."""

    WMO = "wmo", _("WMO")
    NWMO = "nwmo", _("not under the WMO")
    CTR = "ctr", _("Clinical Trials Regulation (CTR)")
    MDR_62_74 = "mdr_62_74", _("MDR article 62 or 74")
    MDR_82 = "mdr_82", _("MDR article 82")
    IVDR = "ivdr", _("IVDR")
    EMBRYOWET = "embryowet", _("Embryo Act")


class Authority(models.TextChoices):
    """Who gave an identifier."""

    CLINICALTRIALS_GOV = "clinicaltrials_gov", "ClinicalTrials.gov"
    ISRCTN = "isrctn", "ISRCTN"
    EUDRACT = "eudract", "EudraCT"
    EU_CT = "eu_ct", "EU CT"
    ABR = "abr", _("ABR (CCMO)")
    OMON = "omon", "OMON"
    NTR = "ntr", _("former Dutch Trial Register")
    METC = "metc", _("file of the METC")
    RAID = "raid", "RAiD"
    DOI = "doi", "DOI"
    OTHER = "other", pgettext_lazy("who gave a number", "another registry")


class ContributorRole(models.TextChoices):
    PRINCIPAL_INVESTIGATOR = "principal_investigator", _("principal investigator")
    SUB_INVESTIGATOR = "sub_investigator", _("sub-investigator")
    COORDINATOR = "coordinator", _("coordinator")
    RESEARCH_NURSE = "research_nurse", _("research nurse")
    STATISTICIAN = "statistician", _("statistician")
    DATA_SCIENTIST = "data_scientist", _("data scientist")
    DATA_COLLECTION = "data_collection", _("data collection")
    INTERVIEWER = "interviewer", _("interviewer")
    PHARMACIST = "pharmacist", _("pharmacist")
    SPONSOR_CONTACT = "sponsor_contact", _("contact of the sponsor")
    PARTNER = "partner", pgettext_lazy("role in a study", "partner")
    OTHER = "other", pgettext_lazy("role in a study", "something else")


class ResearchCertificate(models.TextChoices):
    BROK = "brok", "BROK"
    GCP = "gcp", "GCP"


class OutputType(models.TextChoices):
    PROTOCOL = "protocol", _("protocol")
    ARTICLE = "article", _("article")
    ABSTRACT = "abstract", _("abstract")
    POSTER = "poster", _("poster")
    PRESENTATION = "presentation", _("presentation")
    THESIS = "thesis", _("thesis")
    REPORT = "report", _("report")
    DATASET = "dataset", _("dataset")
    OTHER = "other", pgettext_lazy("kind of output", "something else")


class PlanState(models.TextChoices):
    """How far a DPIA or a data-management plan is."""

    NOT_STARTED = "not_started", _("not started")
    IN_PROGRESS = "in_progress", _("being written")
    REQUESTED = "requested", _("approval asked")
    APPROVED = "approved", _("approved")
    APPROVED_WITH_CONDITIONS = "approved_with_conditions", _("approved with conditions")
    NOT_NEEDED = "not_needed", _("not needed")


class ContractKind(models.TextChoices):
    COLLABORATION_AGREEMENT = "collaboration_agreement", _("collaboration agreement")
    CLINICAL_TRIAL_AGREEMENT = "clinical_trial_agreement", _("clinical trial agreement")
    DATA_TRANSFER_AGREEMENT = "data_transfer_agreement", _("data transfer agreement")
    MATERIAL_TRANSFER_AGREEMENT = "material_transfer_agreement", _("material transfer agreement")
    OTHER = "other", pgettext_lazy("kind of contract", "something else")


class ContractState(models.TextChoices):
    DRAFT = "draft", _("being drawn up")
    SIGNED = "signed", _("signed")
    ENDED = "ended", _("ended")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("everybody")
    MEMBERS = "members", _("members of the hospitals involved")
    TEAM = "team", _("the study team")


class ReviewKind(models.TextChoices):
    MAIN_REVIEW = "main_review", _("main review")
    FEASIBILITY_REVIEW = "feasibility_review", _("local feasibility")
    NWMO_APPROVAL = "nwmo_approval", _("not under the WMO, approval")
    NWMO_NOTIFICATION = "nwmo_notification", _("not under the WMO, notification")


class ApprovalKind(models.TextChoices):
    BUREAU = "bureau", _("science bureau")
    METC = "metc", _("medical ethics committee (METC)")
    FEASIBILITY = "feasibility", _("local feasibility")
    MEDICAL_TECHNOLOGY = "medical_technology", _("medical technology")
    PRIVACY_DPIA = "privacy_dpia", _("privacy (DPIA)")
    FINANCE = "finance", _("finance")
    PHARMACY = "pharmacy", _("pharmacy")
    BOARD = "board", _("board of directors")
