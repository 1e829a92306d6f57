"""What the text of a course or track is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

RICH = ["bold", "italic", "link", "ol", "ul"]


class BodyBlock(blocks.StreamBlock):
    """Paragraphs, headings and notes; edited per language."""

    heading = blocks.CharBlock(
        label=_("heading"), max_length=120, icon="title", template="catalogue/blocks/heading.html"
    )
    paragraph = blocks.RichTextBlock(
        label=_("text"), features=RICH, icon="pilcrow", template="catalogue/blocks/text.html"
    )
    note = blocks.StructBlock(
        [
            ("title", blocks.CharBlock(label=_("title"), max_length=120)),
            ("text", blocks.RichTextBlock(label=_("text"), features=["bold", "italic", "link"])),
        ],
        label=_("note"),
        icon="info-circle",
        template="catalogue/blocks/note.html",
    )
