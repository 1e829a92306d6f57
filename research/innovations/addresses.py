"""How the number of an innovation stands in an address."""

from django.urls import register_converter


class InnovationNumber:
    """The number of an innovation in an address, such as I-2026-0001."""

    regex = r"I-\d{4}-\d{4,}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(InnovationNumber, "innovation")
