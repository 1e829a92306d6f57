"""The home page: search, ways in, what is coming, news, one programme."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from academy.strategy.models import Programme

from ..languages import OtherLanguageBelow, TwoLanguages


class HomePage(OtherLanguageBelow, TwoLanguages):
    """The top of a language's tree; made by `plant_site`."""

    hero_title = models.CharField(_("heading"), max_length=120)
    lead = models.CharField(_("lead"), max_length=250, blank=True)
    search_example = models.CharField(_("example in the search box"), max_length=100, blank=True)
    popular_searches = models.TextField(_("often searched"), blank=True, help_text=_("One search per line."))
    learn_text = models.CharField(_("about learning"), max_length=250, blank=True)
    research_text = models.CharField(_("about research"), max_length=250, blank=True)
    innovation_text = models.CharField(_("about innovation"), max_length=250, blank=True)
    about_text = models.CharField(_("about the academy"), max_length=250, blank=True)
    programme = models.ForeignKey(
        Programme, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("highlighted programme")
    )

    content_panels = [
        *TwoLanguages.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("hero_title"),
                FieldPanel("lead"),
                FieldPanel("search_example"),
                FieldPanel("popular_searches"),
            ],
            heading=_("Top of the page"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("learn_text"),
                FieldPanel("research_text"),
                FieldPanel("innovation_text"),
                FieldPanel("about_text"),
            ],
            heading=_("Ways in"),
        ),
        FieldPanel("programme"),
    ]
    template = "cms/home_page.html"
    max_count = 2
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.StandardPage", "cms.NewsIndexPage"]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    @property
    def searches(self) -> list[str]:
        return [line.strip() for line in self.popular_searches.splitlines() if line.strip()]
