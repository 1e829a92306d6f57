"""How the number of a study stands in an address."""

from django.urls import register_converter


class StudyNumber:
    """The number of a study in an address, such as S-2026-0001."""

    regex = r"S-\d{4}-\d{4,}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(StudyNumber, "study")
