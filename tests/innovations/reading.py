"""Pages of lists, read the way a person does: rows of words, and where links lead; and the same lists as files."""

import csv
import re
from dataclasses import dataclass
from io import BytesIO, StringIO

from bs4 import BeautifulSoup, Tag
from openpyxl import load_workbook

NUMBER = re.compile(r"I-\d{4}-\d{4}")


@dataclass
class Page:
    """What stands in `main`."""

    main: Tag

    @property
    def words(self) -> str:
        return words_of(self.main)

    @property
    def headings(self) -> list[str]:
        """Of the table."""
        return [words_of(head) for head in self.main.select("thead th")]

    @property
    def rows(self) -> list[list[str]]:
        """The words of the cells, without what stands small below them."""
        return [[cell_of(cell) for cell in row.select("th, td")] for row in self.main.select("tbody tr")]

    @property
    def numbers(self) -> list[str]:
        """Innovations in the order of rows, articles or cards."""
        titles = self.main.select("tbody tr th a, article h2 a, article h3 a")
        return [NUMBER.search(title["href"])[0] for title in titles]

    def links(self, words: str) -> list[str]:
        """Addresses of links with these words."""
        return [link["href"] for link in self.main.select("a") if words_of(link) == words]

    def form(self, action: str) -> dict[str, list[str]]:
        """What the form with this action sends as it stands, its names with their values."""
        form = self.main.find("form", action=action)
        data: dict[str, list[str]] = {}
        for control in form.select("input[name]"):
            if control.get("type") not in ("checkbox", "radio") or control.has_attr("checked"):
                data.setdefault(control["name"], []).append(control.get("value", ""))
        return data


def words_of(node: Tag) -> str:
    return " ".join(node.get_text().split())


def cell_of(cell: Tag) -> str:
    return " ".join("".join(part for part in cell.find_all(string=True) if not part.find_parent("small")).split())


def opened(client, address: str, query=None) -> Page:
    answer = client.get(address, query)
    assert answer.status_code == 200, (address, answer.status_code)
    return Page(BeautifulSoup(answer.content.decode(), "html.parser").main)


def csv_of(answer) -> list[list[str]]:
    """Lines of a Dutch file, the headings first."""
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))


def xlsx_of(answer) -> list[list]:
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]
