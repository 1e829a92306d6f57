"""News and its list."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from academy.core import clock
from academy.core.fields import BodyField

from ..blocks import PageBodyBlock
from ..languages import OtherLanguageBelow, TranslatedText, TwoLanguages


class NewsIndexPage(OtherLanguageBelow, TwoLanguages):
    """The list of news in one language, with what exists only in the other."""

    intro = models.TextField(_("lead"), max_length=400, blank=True)

    content_panels = [*TwoLanguages.content_panels, FieldPanel("intro")]
    template = "cms/news_index_page.html"
    max_count = 2
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.NewsPage"]

    class Meta:
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")


class NewsPage(TranslatedText):
    date = models.DateField(_("date"), default=clock.today)
    summary = models.TextField(_("summary"), max_length=400)
    body = BodyField(PageBodyBlock(required=False), blank=True, verbose_name=_("text"))

    content_panels = [
        *TranslatedText.content_panels,
        FieldPanel("date"),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    search_fields = [*TranslatedText.search_fields, index.SearchField("summary"), index.SearchField("body")]
    template = "cms/news_page.html"
    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")
