"""What a proof-reader of Chinese would mark."""

import pytest

from program.typography_checks import findings


def codes(text):
    return [finding.code for finding in findings(text)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Régal, le salon (en français)...",
        "开幕式，由两国高级代表主持。",
        "时间：14:00—16:30，地点：图卢兹。",
        "票价150欧元（含早餐），折扣50%。",
        "让·饶勒斯大街2.5公里",
        "雷格尔（Régal）美食农产品展",
        "网站：https://example.org/a,b(c)?d=1，邮箱：a.b@example.org。",
        "他说：“你好……”",
        "合作——共赢",
        "塔恩河畔L'Agout餐厅",
        "待定……",
    ],
)
def test_nothing_is_said_of_what_is_right(text):
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("旅游,农业", "half_width"),
        ("开幕式:", "half_width"),
        ("开幕式.", "half_width"),
        ("Toulouse,法国", "half_width"),
        ("欢迎!", "half_width"),
        ("参观(拟)", "parentheses"),
        ("参观 (INRA)", "space"),
        ("参观(INRA)", "parentheses"),
        ("在 Toulouse 举行", "space"),
        ("12 月", "space"),
        ("四川 成都", "space"),
        ("待定...", "ellipsis"),
        ("待定…", "ellipsis"),
        ("待定。。。", "ellipsis"),
        ('"你好"', "quotes"),
        ("«你好»", "quotes"),
        ("他说'好'", "quotes"),
        ("合作--共赢", "dash"),
        ("合作-共赢", "dash"),
    ],
)
def test_what_is_not_right_is_found(text, code):
    assert code in codes(text)


def test_a_finding_shows_where_and_says_how_it_should_be():
    (finding,) = findings("旅游,农业与食品,可持续城市")

    assert finding.excerpt == "旅游,农业与食品,…"
    assert "，" in finding.text


def test_each_mark_is_told_once():
    assert codes("一,二,三;四;") == ["half_width", "half_width"]
