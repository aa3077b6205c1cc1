"""The parts that pages are made of say what they show in words too, and keep the reader where she is."""

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from assises.templatetags import components


class Person(forms.Form):
    name = forms.CharField(label="Nom", help_text="Comme sur le badge.")
    language = forms.ChoiceField(label="Langue", choices=[("fr", "Français")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False)


def render(source: str, **context: object) -> str:
    return Template("{% load components %}" + source).render(Context(context))


def a_request(path: str) -> HttpRequest:
    return RequestFactory().get(path)


@pytest.mark.parametrize(
    ("here", "language", "there"),
    [
        ("/fr/accessibilite/", "zh-hans", "/zh-hans/accessibilite/"),
        ("/zh-hans/inscription/?page=2&q=%E6%9D%8E", "fr", "/fr/inscription/?page=2&q=%E6%9D%8E"),
        ("/fr/accessibilite/", "fr", "/fr/accessibilite/"),
        ("/fr/cette-page/n-existe-pas/", "zh-hans", "/zh-hans/cette-page/n-existe-pas/"),
        ("/ailleurs/", "zh-hans", "/zh-hans/"),
    ],
)
def test_the_language_switch_keeps_the_page_and_its_query(here, language, there):
    with translation.override("zh-hans" if here.startswith("/zh") else "fr"):
        assert components.switch_language_url(Context({"request": a_request(here)}), language) == there


def test_an_address_with_two_slashes_does_not_lead_to_another_host():
    request = a_request("/fr/")
    request.path = request.path_info = "//example.org/fr/"

    with translation.override("fr"):
        url = components.switch_language_url(Context({"request": request}), "zh-hans")

    assert url == "/zh-hans/"


def test_each_language_is_named_in_its_own_words():
    with translation.override("fr"):
        html = render("{% language_switch %}", request=a_request("/fr/"))

    assert re.findall(r'lang="([^"]+)" hreflang="[^"]+"[^>]*>([^<]+)<', html) == [
        ("fr", "Français"),
        ("zh-Hans", "简体中文"),
    ]


def test_a_state_is_a_word_and_a_sign_and_a_colour():
    html = components.state("checked_in", "arrived <3")

    assert 'class="state state-checked-in"' in html
    assert "#seal" in html
    assert "arrived &lt;3" in html


def test_every_sign_that_is_named_is_drawn():
    from django.contrib.staticfiles import finders

    with open(finders.find("assises/img/icons.svg")) as sprite:
        drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite.read()))

    assert {*components.STATE_ICONS.values(), *components.MESSAGE_ICONS.values(), "info"} <= drawn
    assert {"shape-circle", "shape-square", "shape-triangle", "seal-mark"} <= drawn


def test_the_summary_lists_each_error_with_a_link_to_its_field():
    form = Person({"name": "", "language": "de"})
    form.is_valid()
    form.add_error(None, "Déjà envoyé.")

    html = render("{% error_summary form %}", form=form)

    assert "Déjà envoyé." in html
    assert re.findall(r'href="#([^"]+)"', html) == ["id_name", "id_language_0"]


def test_the_summary_of_several_people_says_nothing_without_an_error():
    people = forms.formset_factory(Person, extra=0)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-name": "Li", "form-0-language": "fr"},
        initial=[{}],
    )

    assert render("{% error_summary people nothing %}", people=people, nothing=None).strip() == ""


def test_a_required_field_says_so_in_words_and_names_its_error_and_its_help():
    form = Person({"name": "", "language": "fr"})
    form.is_valid()

    with translation.override("en"):
        html = render('{% include "components/field.html" with field=form.name %}', form=form)
        optional = render('{% include "components/field.html" with field=form.note %}', form=form)

    assert ">required<" in html
    assert ">required<" not in optional
    described = re.search(r'aria-describedby="([^"]+)"', html).group(1).split()
    assert described
    assert all(f'id="{name}"' in html for name in described)


def test_a_group_of_buttons_has_a_legend():
    html = render('{% include "components/field.html" with field=form.language %}', form=Person())

    assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>Langue", html)
    assert 'for="id_language_0"' in html


@pytest.mark.parametrize(
    ("total", "parts", "widths"),
    [
        (200, {"confirmed": 150, "held": 50}, ["75.00", "25.00"]),
        (200, {"confirmed": 0, "held": 0}, []),
        (2000, {"confirmed": 1}, ["0.50"]),
        (100, {"confirmed": 90, "held": 20}, ["90.00", "10.00"]),
        (0, {"confirmed": 3}, []),
    ],
)
def test_a_gauge_never_runs_over_its_end(total, parts, widths):
    assert [bar["width"] for bar in components.gauge(total, "Places", **parts)["bars"]] == widths


def test_the_pager_keeps_the_search():
    page = Paginator(range(100), 10).page(3)

    html = render("{% pager page %}", page=page, request=a_request("/fr/?q=l%C3%AF&page=3"))

    assert 'href="?q=l%C3%AF&amp;page=4"' in html
    assert html.count('aria-current="page"') == 1


def test_one_page_needs_no_pager():
    assert render("{% pager page %}", page=Paginator([], 10).page(1), request=a_request("/fr/")).strip() == ""
