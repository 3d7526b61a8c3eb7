"""Every chart has its numbers in a table beside it and says in words what it shows (issue 6, WCAG 1.1.1)."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.template import Context, Template
from django_cotton.compiler_regex import CottonCompiler

from guanjia.web.showcase import CHART
from guanjia.web.templatetags.charts import chart_heads, chart_rows

PAGES = sorted(path for path in Path("guanjia").rglob("templates/**/*.html") if "<c-chart" in path.read_text())
USE = re.compile(r"<c-chart\s[^>]*?/>")


def test_no_chart_is_drawn_without_the_part():
    """`data-chart` stands in the part alone, so none escapes the tests below."""
    assert [str(path) for path in Path("guanjia").rglob("templates/**/*.html") if "data-chart=" in path.read_text()] == ["guanjia/web/templates/cotton/chart.html"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_table_that_a_chart_names_stands_on_its_page(path):
    text = path.read_text()
    uses = USE.findall(text)
    assert len(uses) == text.count("<c-chart")
    names = []
    for use in uses:
        assert re.search(r'\slabel="[^"]+"', use), use
        names.append((found := re.search(r'\sid="([^"]+)"', use)) and found[1])
        if table := re.search(r'\stable="([^"]+)"', use):
            assert re.search(rf'<(?:c-)?table[^>]*\sid="{re.escape(table[1])}"', text), f"{path}: no table {table[1]}"
    assert len(set(names)) == len(names), "two charts of one id"


def drawn(source):
    return Template(CottonCompiler().process(source)).render(Context({"chart": CHART}))


def cells(html):
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in re.findall(r"<tr>(.*?)</tr>", html)]


def test_the_part_adds_the_table_itself():
    """Every number that is drawn, its series and its target; the drawing names the table."""
    html = drawn('<c-chart :data="chart" id="x" label="收缴率" />')
    assert 'aria-label="收缴率"' in html and 'aria-details="x-table"' in html and 'id="x-table"' in html and "看数字" in html
    heads, *rows = cells(html)
    assert heads == ["", "应收 万元", "实收 万元", "收缴率 %", "目标 90%"]
    assert [row[0] for row in rows] == CHART["names"]
    assert [row[1:] for row in rows] == [[*(str(one["values"][n]) for one in CHART["series"]), "90"] for n in range(11)]
    named = drawn('<c-chart :data="chart" id="x" table="other" label="收缴率" />')
    assert 'aria-details="other"' in named and "<table" not in named


def test_what_is_not_there_is_a_dash_and_other_kinds_have_their_table():
    gaps = {"kind": "line", "names": ["一月", "二月"], "series": [{"name": "满意度", "values": [None, 0], "target": 90.0}], "unit": "%", "targetWords": ""}
    assert (chart_heads(gaps), chart_rows(gaps)) == (["满意度 %", "目标"], [("一月", [None, 90.0]), ("二月", [0, 90.0])])
    heat = {"kind": "heat", "names": ["3 栋"], "columns": ["一", "二"], "cells": [[1, 0, 7]]}
    assert (chart_heads(heat), chart_rows(heat)) == (["一", "二"], [("3 栋", [None, 7])])
    assert chart_rows({"kind": "ring", "series": [{"name": "维修", "values": [5]}]}) == [("维修", [5])]


def test_the_library_says_nothing_in_our_place():
    """Its aria component would put generated words where ours stand."""
    assert "AriaComponent" not in Path("guanjia/web/assets/js/charts.js").read_text()
