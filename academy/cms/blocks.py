"""What the text of a page is made of; each block has a template with the components of the house."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from academy.accounts.permissions import member_of
from courses.catalogue.models import Course, Track

RICH = ["bold", "italic", "link", "document-link", "ol", "ul"]
SHORT = ["bold", "italic", "link"]


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("quote"))
    attribution = blocks.CharBlock(label=_("who said it"), required=False, max_length=200)

    class Meta:
        label = _("quote")
        icon = "openquote"
        template = "cms/blocks/quote.html"


class CalloutBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        label=_("kind"),
        choices=[("info", _("information")), ("positive", _("good news")), ("warning", _("warning"))],
        default="info",
    )
    title = blocks.CharBlock(label=_("title"), max_length=120)
    text = blocks.RichTextBlock(label=_("text"), features=SHORT)

    class Meta:
        label = _("note")
        icon = "info-circle"
        template = "cms/blocks/callout.html"


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("image"))
    alt = blocks.CharBlock(
        label=_("what the image shows"),
        max_length=250,
        help_text=_("For people who do not see the image. Tell what matters here, in one sentence."),
    )
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=250)

    class Meta:
        label = _("image")
        icon = "image"
        template = "cms/blocks/picture.html"


class FigureBlock(blocks.StructBlock):
    value = blocks.CharBlock(label=_("figure"), max_length=20)
    label = blocks.CharBlock(label=_("what it counts"), max_length=100)


class FiguresBlock(blocks.StructBlock):
    items = blocks.ListBlock(FigureBlock(), label=_("figures"), min_num=2, max_num=5)

    class Meta:
        label = _("figures")
        icon = "order"
        template = "cms/blocks/figures.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("answer"), features=RICH)


class FaqBlock(blocks.StructBlock):
    questions = blocks.ListBlock(QuestionBlock(), label=_("questions"), min_num=1)

    class Meta:
        label = _("questions and answers")
        icon = "help"
        template = "cms/blocks/faq.html"


class LinkBlock(blocks.StructBlock):
    """A page of this site or an address elsewhere, never both."""

    title = blocks.CharBlock(label=_("title"), required=False, max_length=150)
    page = blocks.PageChooserBlock(label=_("page"), required=False)
    url = blocks.URLBlock(label=_("address elsewhere"), required=False)

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if bool(value["page"]) == bool(value["url"]):
            raise StructBlockValidationError(non_block_errors=[_("Choose a page or give an address.")])
        if value["url"] and not value["title"]:
            raise StructBlockValidationError({"title": ValidationError(_("Give the address a title."))})
        return value


class LinksBlock(blocks.StructBlock):
    links = blocks.ListBlock(LinkBlock(), label=_("links"), min_num=1)

    class Meta:
        label = _("list of links")
        icon = "link"
        template = "cms/blocks/links.html"


class RecordsBlock(blocks.StructBlock):
    """Courses and tracks to go on to; the reader sees those that are live and open to the reader."""

    courses = blocks.ListBlock(SnippetChooserBlock(Course), label=_("courses"), min_num=0, default=[])
    tracks = blocks.ListBlock(SnippetChooserBlock(Track), label=_("tracks"), min_num=0, default=[])

    class Meta:
        label = _("courses and tracks")
        icon = "list-ul"
        template = "cms/blocks/records.html"

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if not value["courses"] and not value["tracks"]:
            raise StructBlockValidationError(non_block_errors=[_("Choose at least one course or track.")])
        return value

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        organisations = member_of(getattr(context.get("request"), "user", None))
        context["courses"] = _visible(value["courses"], organisations)
        context["tracks"] = _visible(value["tracks"], organisations)
        return context


def _visible(chosen: Any, organisations: frozenset[int]) -> list:
    """The chosen records that a member of these organisations may see, in the order of the editor."""
    wanted = [record.pk for record in chosen if record is not None]
    if not wanted:
        return []
    model = type(next(record for record in chosen if record is not None))
    found = model.objects.visible_to(organisations).in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("document"))
    title = blocks.CharBlock(label=_("title"), required=False, max_length=150)

    class Meta:
        label = _("document")
        icon = "doc-full"
        template = "cms/blocks/document.html"


class PageBodyBlock(blocks.StreamBlock):
    """The text of standard pages and news."""

    heading = blocks.CharBlock(label=_("heading"), max_length=120, icon="title", template="cms/blocks/heading.html")
    paragraph = blocks.RichTextBlock(
        label=_("text"), features=RICH, icon="pilcrow", template="cms/blocks/paragraph.html"
    )
    quote = QuoteBlock()
    callout = CalloutBlock()
    image = PictureBlock()
    figures = FiguresBlock()
    faq = FaqBlock()
    links = LinksBlock()
    records = RecordsBlock()
    document = DocumentBlock()
