"""Every component with typical, empty and hostile input; wrong arguments are refused when the template is read."""

import re
from datetime import date

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from academy.core.badges import Badge
from academy.core.components.signs import icon_names
from academy.core.registries import Todo
from academy.core.translation import Text

HTML = '<script>alert("x")</script>&"\''
LONG = "Ω" * 10_000
ARABIC = "\u202eمرحبا بكم"
HOSTILE = [HTML, LONG, ARABIC]
DAY = date(2026, 10, 6)

# One typical use of each tag: {x} is a text that comes from outside.
USES = {
    "status": "{% status x 'positive' %}",
    "button": "{% button x 'secondary' small=True icon='check' hidden=x name='a' value=x %}",
    "link_button": "{% link_button x x block=True hidden=x %}",
    "more": "{% more x x hidden=x %}",
    "weave": "{% weave x x striped=True torn=True %}",
    "breadcrumb": "{% breadcrumb x x x %}",
    "page_head": "{% page_head x lead=x kicker=x pillar=1 pillar_name=x wide=True %}{% endpage_head %}",
    "section_head": "{% section_head x 'id' note=x %}",
    "section_head_link": "{% section_head x 'id' link_text=x link_url=x %}",
    "tabs": "{% tabs items x %}",
    "alert": "{% alert 'warning' x %}{{ x }}{% endalert %}",
    "toast": "{% toast x %}{{ x }}{% endtoast %}",
    "empty": "{% empty x %}{{ x }}{% endempty %}",
    "dialog": "{% dialog 'ask' x %}{{ x }}{% enddialog %}",
    "form_actions": "{% form_actions %}{{ x }}{% endform_actions %}",
    "search_box": "{% search_box x x value=x placeholder=x hidden=pairs large=True %}",
    "facets": "{% facets groups x hidden=pairs active=1 %}",
    "chips": "{% chips items x %}",
    "result_bar": "{% result_bar 3 x 1 2 x x pairs pairs %}",
    "course_card": "{% course_card x x x meta=words domain=x pillar=x state=badge following=words %}",
    "result_card": "{% result_card x x x 'user' x meta=words state=badge %}",
    "facts": "{% facts pairs wide=True %}",
    "fact": "{% fact x %}{{ x }}{% endfact %}",
    "facts_box": "{% facts_box x pairs %}{{ x }}{% endfacts_box %}",
    "agenda_item": "{% agenda_item day x x meta=words state=badge %}{{ x }}{% endagenda_item %}",
    "timeline_item": "{% timeline_item x 'negative' %}{{ x }}{% endtimeline_item %}",
    "todo_item": "{% todo_item todo %}",
    "verdict": "{% verdict x x 'negative' %}",
    "figures": "{% figures figures_rows %}",
    "progress": "{% progress x 1 2 'p' x %}",
    "link_item": "{% link_item x x kind=x icon='user' note=x day=day %}",
    "entrance": "{% entrance x x x items %}",
    "enrol_bar": "{% enrol_bar x x x x %}",
    "data_table": "{% data_table x %}{{ x }}{% enddata_table %}",
    "data_table_scroll": "{% data_table x scroll=True pin=True id='t' %}{{ x }}{% enddata_table %}",
    "table_head": "{% table_head x x numbers='2' hidden='1' %}",
    "row": "{% table_body %}{% row %}{% row_head %}{{ x }}{% endrow_head %}{% cell x %}{{ x }}{% endcell %}{% endrow %}"
    "{% endtable_body %}",
    "mail_button": "{% mail_button x x %}",
    "mail_facts": "{% mail_facts pairs %}",
    "mail_fact": "{% mail_fact_table %}{% mail_fact x %}{{ x }}{% endmail_fact %}{% endmail_fact_table %}",
}


class Form(forms.Form):
    name = forms.CharField(help_text="As on your pass", max_length=20)
    note = forms.CharField(required=False, widget=forms.Textarea)
    way = forms.ChoiceField(choices=[("a", "By train"), ("b", "By bike")], widget=forms.RadioSelect)
    news = forms.BooleanField(required=False, help_text="Once a month")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("These do not go together")


def render(source, **context):
    return Template(source).render(Context(context)).strip()


def context_with(x):
    item = {"label": x, "url": x, "count": 1200, "current": True}
    choice = {"value": x, "label": x, "count": 0, "selected": True}
    return {
        "x": x,
        "day": DAY,
        "items": [item],
        "words": [x, "", None],
        "pairs": [(x, x)],
        "groups": [{"name": "a", "label": x, "choices": [choice] * 10}, {"name": "b", "label": x, "choices": []}],
        "badge": Badge(x, "warning"),
        "todo": Todo(title=x, url=x, action=x, hint=x, status=x),
        "figures_rows": [{"label": x, "value": x, "note": x, "url": x}],
    }


@pytest.mark.parametrize("name", USES)
def test_shows_what_it_is_given(name):
    html = render(USES[name], **context_with("Brood"))
    assert "Brood" in html or name == "weave"


@pytest.mark.parametrize("name", USES)
def test_copes_with_nothing(name):
    context = context_with("") | {"items": [], "pairs": [], "groups": [], "words": [], "badge": "", "figures_rows": []}
    render(USES[name], **context)


@pytest.mark.parametrize("hostile", HOSTILE, ids=["html", "long", "right-to-left"])
@pytest.mark.parametrize("name", USES)
def test_escapes_what_comes_from_outside(name, hostile):
    html = render(USES[name], **context_with(hostile))
    assert "<script" not in html
    assert 'alert("x")' not in html


@pytest.mark.parametrize("name", USES)
def test_has_no_inline_style_or_script(name):
    assert not re.search(r"\sstyle=|\son\w+=|javascript:", render(USES[name], **context_with("Brood")))


@pytest.mark.parametrize("name", USES)
def test_refuses_unknown_arguments(name):
    first = re.match(r"\{% (\w+)([^%]*)%\}", USES[name])
    source = USES[name].replace(first.group(0), f"{{% {first.group(1)}{first.group(2)}colour='red' %}}", 1)
    if first.group(1) in ("table_body", "form_actions", "mail_fact_table"):
        source = USES[name].replace(first.group(0), f"{{% {first.group(1)} colour='red' %}}", 1)
    with pytest.raises(TemplateSyntaxError):
        Template(source)


def test_icon_is_hidden_unless_named():
    assert 'aria-hidden="true"' in render("{% icon 'search' %}")
    assert 'aria-label="Zoek" role="img"' in render("{% icon 'search' 'Zoek' %}")


def test_unknown_icon_is_refused():
    with pytest.raises(ValueError, match="no icon 'serach'"):
        render("{% icon 'serach' %}")


def test_sprite_holds_every_icon_of_the_reference():
    assert len(icon_names()) == 47


def test_status_takes_a_badge_or_words():
    assert render("{% status badge %}", badge=Badge("Vol", "warning", "users")) == (
        '<span class="status tone-warning">'
        '<svg class="icon" aria-hidden="true"><use href="/static/academy/icons.svg#users"/></svg>Vol</span>'
    )
    assert "#circle-check" in render("{% status 'Open' 'positive' %}")
    assert render("{% status '' %}") == ""


def test_text_in_the_other_language_is_marked():
    html = render("{% course_card title '/x/' %}", title=Text("Home monitoring", "en", is_fallback=True))
    assert '<a href="/x/"><span lang="en">Home monitoring</span></a>' in html


def test_breadcrumb_needs_pairs_and_this_page():
    html = render("{% breadcrumb 'Cursussen' '/c/' 'Triage' %}")
    assert html.index("Home") < html.index("Cursussen") < html.index('<span aria-current="page">Triage</span>')
    with pytest.raises(ValueError, match="pairs"):
        render("{% breadcrumb 'Cursussen' '/c/' %}")


def test_weave_of_a_domain_and_a_pillar():
    assert render("{% weave 'acute' 'p2' 'course-image' %}") == (
        '<div class="weave weave--twill pillar-2 course-image" aria-hidden="true"></div>'
    )
    assert render("{% weave %}") == '<div class="weave weave--birdseye" aria-hidden="true"></div>'


def test_facts_leave_out_what_is_not_known():
    html = render("{% facts rows %}", rows=[("A", "1"), ("B", ""), ("C", None), ("D", ["2", None, "3"]), ("E", [])])
    assert re.findall(r"<dt>(\w)</dt>", html) == ["A", "D"]
    assert re.findall(r"<dd>(\w)</dd>", html) == ["1", "2", "3"]
    assert render("{% facts rows %}", rows=[("B", "")]) == ""


def test_todo_that_is_late_is_marked():
    late = render("{% todo_item todo %}", todo=Todo("Toets", "/t/", "Plan", status="1 dag te laat", overdue=True))
    assert 'class="is-overdue"' in late
    assert "button--secondary" not in late
    assert "button--secondary" in render("{% todo_item todo %}", todo=Todo("Toets", "/t/", "Plan"))


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [
        (1, 1, []),
        (1, 2, ["1", "2"]),
        (1, 9, ["1", "2", "3", "…", "9"]),
        (4, 9, ["1", "2", "3", "4", "5", "…", "9"]),
        (5, 9, ["1", "…", "4", "5", "6", "…", "9"]),
        (9, 9, ["1", "…", "8", "9"]),
    ],
)
def test_pagination_shows_the_pages_around(number, pages, shown):
    request = RequestFactory().get("/", {"q": "a&b", "page": str(number)})
    html = render("{% pagination number pages %}", number=number, pages=pages, request=request)
    text = re.sub(r"<span class=\"visually-hidden\">.*?</span>", "", html)
    assert re.findall(r">(\d+|…)<", text) == shown
    assert html.count("q=a%26b&amp;page=") == len(re.findall("<a ", html))


def test_facets_keep_what_is_rare_within_reach():
    choices = [{"value": str(n), "label": f"L{n}", "count": n, "selected": n == 9} for n in range(10)]
    html = render("{% facets groups '/z/' %}", groups=[{"name": "type", "label": "Soort", "choices": choices}])
    assert html.count('type="checkbox"') == 10
    assert '<details id="facet-type" open>' in html
    assert html.count("is-zero") == 1
    assert 'id="facet-type-9" name="type" value="9" checked' in html


def test_field_ties_hint_and_error_to_its_control():
    form = Form({"name": "x" * 21, "way": "c", "note": HTML})
    html = render("{% field form.name %}", form=form)
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert f'value="{"x" * 21}"' in html
    for part in ('<label for="id_name">', 'id="id_name_hint"', 'id="id_name_error"', '<input type="text"'):
        assert html.count(part) == 1
    order = [html.index(part) for part in ("<label", 'id="id_name_hint"', 'id="id_name_error"', "<input")]
    assert order == sorted(order)


def test_field_keeps_hostile_input_as_text():
    html = render("{% field form.note %}", form=Form({"note": HTML}))
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_optional_fields_say_so():
    assert "optional" in render("{% field form.note %}", form=Form())
    assert "optional" not in render("{% field form.name %}", form=Form())


def test_choices_stand_in_a_fieldset():
    html = render("{% field form.way %}", form=Form({"way": ""}))
    assert html.startswith('<fieldset class="field" aria-describedby="id_way_error">')
    assert html.count('<label class="choice"') == 2
    assert html.count('aria-invalid="true"') == 2


def test_one_checkbox_stands_in_its_label():
    html = render("{% field form.news %}", form=Form())
    assert re.search(r'<label class="choice" for="id_news"><input type="checkbox".*<span>News<span class="hint"', html)


def test_hidden_field_has_no_label():
    assert render("{% field form.secret %}", form=Form()) == '<input type="hidden" name="secret" id="id_secret">'


def test_error_summary_leads_to_the_fields():
    html = render("{% error_summary form %}", form=Form({"name": "", "way": ""}))
    assert 'role="alert"' in html
    assert "<li>These do not go together</li>" in html
    assert re.findall(r'href="#(\w+)"', html) == ["id_name", "id_way_0"]


def test_error_summary_is_silent_when_all_is_well():
    assert render("{% error_summary form %}", form=Form()) == ""


def test_rows_of_a_table_carry_their_roles():
    html = render(
        "{% data_table 'Data' %}{% table_head 'A' 'B' numbers='2' %}{% table_body %}{% row %}"
        "{% row_head %}x{% endrow_head %}{% cell 'B' number=True %}<b>1</b>{% endcell %}{% endrow %}{% endtable_body %}"
        "{% enddata_table %}"
    )
    for role in ("table", "rowgroup", "row", "columnheader", "rowheader", "cell"):
        assert f'role="{role}"' in html
    assert '<td class="num" data-label="B" role="cell"><b>1</b></td>' in html


def test_a_kicker_that_is_translated_late_stays_one_word():
    page = render('{% load i18n %}{% page_head "Noor" kicker=_("My academy") %}{% endpage_head %}')
    assert page.count("<span>") == 1
