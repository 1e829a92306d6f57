"""The lists in the admin, for administrators."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .forms import RecordForm, RegisterForm
from .models import CareDomain, FunctionFamily, Register, Specialty


def term_panels(*more: FieldPanel | FieldRowPanel, base_form_class: type = RecordForm) -> ObjectList:
    """Key, both names, and what else the list has."""
    names = FieldRowPanel([FieldPanel("name_nl"), FieldPanel("name_en")])
    return ObjectList([FieldPanel("key"), names, *more], base_form_class=base_form_class)


class TermViewSet(SnippetViewSet):
    """One list; a name is found in either language."""

    list_display = ["__str__", "name_en", "key"]
    list_per_page = 50
    search_fields = ["key", "name_nl", "name_en"]
    copy_view_enabled = False
    inspect_view_enabled = True


class SpecialtyViewSet(TermViewSet):
    model = Specialty
    icon = "tag"
    list_display = ["__str__", "name_en", "key", "joint"]
    list_filter = ["joint"]
    edit_handler = term_panels(FieldPanel("joint"))


class CareDomainViewSet(TermViewSet):
    model = CareDomain
    icon = "tag"
    edit_handler = term_panels()


class FunctionFamilyViewSet(TermViewSet):
    model = FunctionFamily
    icon = "group"
    edit_handler = term_panels()


class RegisterViewSet(TermViewSet):
    model = Register
    icon = "form"
    list_display = ["__str__", "name_en", "key", "number_kind"]
    edit_handler = term_panels(
        FieldRowPanel([FieldPanel("number_kind"), FieldPanel("number_pattern")]), base_form_class=RegisterForm
    )


class ListsGroup(SnippetViewSetGroup):
    items = (SpecialtyViewSet, CareDomainViewSet, FunctionFamilyViewSet, RegisterViewSet)
    menu_label = _("Lists")
    menu_name = "lists"
    menu_icon = "list-ul"
    menu_order = 600


register_snippet(ListsGroup)
