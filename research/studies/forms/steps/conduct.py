"""Step 5: dates and numbers, how recruitment goes, agreements, results."""

from django.utils.translation import gettext_lazy as _

from academy.core.editing.controls import Choice, Day, Long, Number, PartialDate
from academy.core.editing.elements import RowsSpec, SingleSpec
from academy.core.editing.sections import Section, line, one, pair, several

from ... import vocabularies as words
from ..table import ContractRow, OutputRow, PlanRow

STOPPED = "recruitment_status=" + ",".join(words.RecruitmentStatus.stopped())

SECTIONS = (
    Section(
        "dates",
        _("When, and with how many?"),
        (
            line(
                _("First participant"),
                _("As 2027-02-01, or 2027-02 or 2027 when you know no more."),
                first_enrolment=PartialDate(_("Date"), ""),
                first_enrolment_type=Choice(_("This date is"), choices=words.DateType),
            ),
            line(
                _("End of the study"),
                _("The last visit of the last participant."),
                completion=PartialDate(_("Date"), ""),
                completion_type=Choice(_("This date is"), choices=words.DateType),
            ),
            line(
                _("Participants, in all places together"),
                sample_size_target=Number(_("Planned")),
                sample_size_actual=Number(_("So far")),
            ),
        ),
    ),
    Section(
        "recruitment",
        _("How is recruitment going?"),
        (
            one("recruitment_status", Choice(_("Recruitment status"), source="statuses")),
            pair("why_stopped", Long, _("Why did it stop?"), _("In plain words: participants read this."), STOPPED),
        ),
    ),
    Section(
        "agreements",
        _("What has been arranged?"),
        (
            several(
                "dpia",
                SingleSpec(PlanRow, {}),
                _("DPIA"),
                _("How you protect the data of participants, as the privacy officer looks at it."),
            ),
            several(
                "data_management_plan",
                SingleSpec(PlanRow, {}),
                _("Data-management plan"),
                _("Where the data lie during and after the study, and who may use them."),
            ),
            several("contracts", RowsSpec(ContractRow, _("Add a contract")), _("Contracts")),
        ),
    ),
    Section(
        "results",
        _("What came out of it?"),
        (
            several(
                "outputs",
                RowsSpec(OutputRow, _("Add a publication")),
                _("Publications"),
                _("Protocol, articles, theses, datasets. Changes here show at once."),
            ),
            pair(
                "results_summary", Long, _("Summary of the results"), _("In plain words, also when nothing came out.")
            ),
            one("results_summary_given_on", Day(_("Summary given to participants and registries on"))),
            pair(
                "ipd_statement",
                Long,
                _("Sharing of participants' data"),
                _("May other researchers use the data of single participants? Which, when, and how do they ask?"),
                rows=3,
            ),
        ),
    ),
)
