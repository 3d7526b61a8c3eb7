"""Reading rulebook files (CF-01)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanjia.rulebooks.book import RulebookError, amount, read, spell
from guanjia.rulebooks.phrases import phrases
from guanjia.rulebooks.schema import LimitsBook, ParametersBook


@given(st.integers(1, 10**6))
def test_amounts_are_spelled_as_they_are_read(seconds):
    """CF-01: 5400 seconds are 1h30m, and back."""
    assert amount(spell(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


GOOD = {"title": "t", "source": "s", "rows": "[]", "starts_on": "[received]", "stops_on": "[done]", "within": "10m"}


@pytest.mark.parametrize(
    ("entry", "line", "said"),
    [
        ({"within": "soon"}, 8, "within"),
        ({"starts_on": "[recieved]"}, 6, "no such moment"),
        ({"colour": "red"}, 9, "colour"),
        ({"ladder": "[{at: 80%, after: 5m, tell: manager}]"}, 9, "either"),
        ({"ladder": "[{at: 80%, tell: everybody}]"}, 9, "person to tell"),
        ({"repeat": "progressed"}, 2, "stops_on"),
        ({"title": "t\n    title: again"}, 4, "twice"),
    ],
)
def test_a_slip_is_named_by_file_and_line(tmp_path, entry, line, said):
    """CF-01: whoever edits a rulebook is told where the slip is."""
    lines = [f"    {key}: {value}" for key, value in {**GOOD, **entry}.items()]
    (tmp_path / "limits.yaml").write_text("\n".join(["limits:", "  sla_x:", *lines, "profiles: {}", ""]))
    with pytest.raises(RulebookError) as slip:
        read("limits.yaml", LimitsBook, tmp_path)
    assert str(slip.value).startswith(f"limits.yaml:{line}:") and said in str(slip.value)


def test_broken_yaml_is_named_by_line(tmp_path):
    """CF-01: even a file that is no YAML."""
    (tmp_path / "parameters.yaml").write_text("parameters:\n  a: [1\nb: 2\n")
    with pytest.raises(RulebookError, match=r"parameters.yaml:3:"):
        read("parameters.yaml", ParametersBook, tmp_path)


def test_every_phrase_is_named_for_the_catalogues():
    """REQ-04: what a rulebook says to people can be translated."""
    found = phrases()
    assert {"10 分钟内完成分类", "十二项服务方案", "每天 8:00–20:00", "受理", "调度员和项目经理", "仅电话确认", "天"} <= set(found)
    assert len(found) == len(set(found))
