"""What a browser makes of a page."""

from html.parser import HTMLParser

from django.utils.datastructures import MultiValueDict


class Controls(HTMLParser):
    """What a browser sends for the form of the step: every control that counts, as it stands in the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.data, self.inside, self.select, self.text, self.template = MultiValueDict(), False, "", None, 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.inside = found.get("id") == "step-form"
        if tag == "template":
            self.template += 1
        if not self.inside or self.template:
            return
        if tag == "input" and (found.get("type") not in ("radio", "checkbox") or "checked" in found):
            self.data.appendlist(found["name"], found.get("value", ""))
        if tag == "select":
            self.select = found["name"]
            self.data.setlist(self.select, [""])
        if tag == "option" and "selected" in found:
            self.data.setlist(self.select, [found["value"]])
        if tag == "textarea":
            self.text = found["name"]
            self.data.appendlist(self.text, "")

    def handle_data(self, data):
        if self.text:
            self.data[self.text] += data

    def handle_endtag(self, tag):
        if tag == "template":
            self.template -= 1
        if tag == "textarea" and self.text:
            self.data[self.text] = self.data[self.text].removeprefix("\n").replace("\n", "\r\n")
            self.text = None
