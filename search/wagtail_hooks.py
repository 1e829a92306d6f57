"""The synonyms in the admin, for editors: what they save counts at once."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from academy.taxonomy.forms import RecordForm

from .models import SynonymGroup


class SynonymGroupViewSet(SnippetViewSet):
    model = SynonymGroup
    icon = "search"
    menu_label = _("Synonyms")
    menu_order = 650
    add_to_admin_menu = True
    list_display = ["__str__", "key"]
    list_per_page = 100
    search_fields = ["key", "terms_nl", "terms_en"]
    copy_view_enabled = False
    inspect_view_enabled = True
    edit_handler = ObjectList(
        [FieldPanel("key"), FieldRowPanel([FieldPanel("terms_nl"), FieldPanel("terms_en")])],
        base_form_class=RecordForm,
    )


register_snippet(SynonymGroupViewSet)
