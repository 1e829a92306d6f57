"""A page with text: about, contact, privacy, questions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from academy.core.fields import BodyField

from ..blocks import PageBodyBlock
from ..languages import OtherLanguageBelow, TranslatedText


class StandardPage(OtherLanguageBelow, TranslatedText):
    intro = models.TextField(_("lead"), max_length=400, blank=True)
    body = BodyField(PageBodyBlock(required=False), blank=True, verbose_name=_("text"))
    in_footer = models.BooleanField(_("under Help, at the bottom of every page"), default=False)

    content_panels = [*TranslatedText.content_panels, FieldPanel("intro"), FieldPanel("body")]
    promote_panels = [*TranslatedText.promote_panels, FieldPanel("in_footer")]
    search_fields = [*TranslatedText.search_fields, index.SearchField("intro"), index.SearchField("body")]
    template = "cms/standard_page.html"
    parent_page_types = ["cms.HomePage", "cms.StandardPage"]
    subpage_types = ["cms.StandardPage"]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
