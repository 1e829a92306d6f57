"""What an administrator sets for the whole site."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="cog")
class SiteSettings(BaseGenericSetting):
    security_contact = models.EmailField(
        _("address for reports of security problems"),
        default="security@example.org",
        help_text=_("Shown in /.well-known/security.txt."),
    )

    panels = [FieldPanel("security_contact")]

    class Meta:
        verbose_name = _("settings of the site")
