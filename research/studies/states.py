"""States of a review at one hospital, of its approvals, and of the publication of a study."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ReviewState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a review", "not yet submitted")
    SUBMITTED = "submitted", pgettext_lazy("state of a review", "submitted")
    IN_REVIEW = "in_review", pgettext_lazy("state of a review", "under review")
    RETURNED = "returned", pgettext_lazy("state of a review", "back with the researcher")
    APPROVED = "approved", pgettext_lazy("state of a review", "approved")
    APPROVED_WITH_CONDITIONS = (
        "approved_with_conditions",
        pgettext_lazy("state of a review", "approved with conditions"),
    )
    REJECTED = "rejected", pgettext_lazy("state of a review", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a review", "withdrawn")

    @classmethod
    def positive(cls) -> tuple["ReviewState", ...]:
        """The study may start at this hospital."""
        return cls.APPROVED, cls.APPROVED_WITH_CONDITIONS

    @classmethod
    def decided(cls) -> tuple["ReviewState", ...]:
        """What a hospital can decide."""
        return *cls.positive(), cls.REJECTED

    @classmethod
    def final(cls) -> tuple["ReviewState", ...]:
        """Decided or given up."""
        return *cls.decided(), cls.WITHDRAWN

    @classmethod
    def with_bureau(cls) -> tuple["ReviewState", ...]:
        """The science bureau has to do something."""
        return cls.SUBMITTED, cls.IN_REVIEW

    @classmethod
    def with_researcher(cls) -> tuple["ReviewState", ...]:
        """The researcher has to do something; the review can be submitted from here."""
        return cls.DRAFT, cls.RETURNED


NEXT: dict[str, set[str]] = {
    ReviewState.DRAFT: {ReviewState.SUBMITTED, ReviewState.WITHDRAWN},
    ReviewState.SUBMITTED: {ReviewState.IN_REVIEW, ReviewState.RETURNED, ReviewState.WITHDRAWN},
    ReviewState.IN_REVIEW: {ReviewState.RETURNED, ReviewState.WITHDRAWN, *ReviewState.decided()},
    ReviewState.RETURNED: {ReviewState.SUBMITTED, ReviewState.WITHDRAWN},
    # What has been decided stays; a later amendment is a review of its own.
    ReviewState.APPROVED: set(),
    ReviewState.APPROVED_WITH_CONDITIONS: set(),
    ReviewState.REJECTED: set(),
    ReviewState.WITHDRAWN: set(),
}


class ApprovalState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("state of an approval", "later in the route")
    REQUESTED = "requested", pgettext_lazy("state of an approval", "requested")
    IN_REVIEW = "in_review", pgettext_lazy("state of an approval", "under review")
    APPROVED = "approved", pgettext_lazy("state of an approval", "positive")
    APPROVED_WITH_CONDITIONS = (
        "approved_with_conditions",
        pgettext_lazy("state of an approval", "positive with conditions"),
    )
    REJECTED = "rejected", pgettext_lazy("state of an approval", "negative")
    NOT_NEEDED = "not_needed", pgettext_lazy("state of an approval", "not needed")

    @classmethod
    def settled(cls) -> tuple["ApprovalState", ...]:
        """The route may go on from here."""
        return cls.APPROVED, cls.APPROVED_WITH_CONDITIONS, cls.NOT_NEEDED

    @classmethod
    def open(cls) -> tuple["ApprovalState", ...]:
        """A body still has to say something."""
        return cls.REQUESTED, cls.IN_REVIEW


class PublicationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("publication of a study", "draft")
    IN_REVIEW = "in_review", pgettext_lazy("publication of a study", "not yet published")
    PUBLISHED = "published", pgettext_lazy("publication of a study", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("publication of a study", "taken offline")


NEXT_PUBLICATION: dict[str, set[str]] = {
    PublicationState.DRAFT: {PublicationState.IN_REVIEW, PublicationState.PUBLISHED},
    PublicationState.IN_REVIEW: {PublicationState.PUBLISHED, PublicationState.DRAFT},
    PublicationState.PUBLISHED: {PublicationState.WITHDRAWN},
    PublicationState.WITHDRAWN: {PublicationState.PUBLISHED},
}
