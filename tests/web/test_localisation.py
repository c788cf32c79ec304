"""Every text that people read has good Chinese."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest
from django.utils import translation
from tools import messages

# ---- The catalogue


def test_every_text_has_good_chinese() -> None:
    assert messages.check(messages.read_catalogue(), messages.extract()) == []


def entry(text: str, chinese: str, **parts: object) -> polib.POEntry:
    parts = {"msgstr": chinese, "occurrences": [("web/page.html", "")], **parts}
    return polib.POEntry(msgid=text, **parts)


MESSAGES = {
    text: messages.Message(None, text, plural, ("web/page.html",))
    for text, plural in (
        ("Saved.", None),
        ("Ask %(name)s.", None),
        ("%(count)d row", "%(count)d rows"),
        ("%(rate)s %% alike", None),
        ("CSV", None),
        ("Try {command!r}", None),
    )
}


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("Saved.", "已保存。"),
        ("Ask %(name)s.", "请联系%(name)s。"),
        ("%(rate)s %% alike", "相似度 %(rate)s%%"),
        ("CSV", "CSV"),
        ("Try {command!r}", "请运行 {command}"),
        ("Saved.", '已<a href="/a?b:c">保存</a>。'),
    ],
)
def test_good_chinese_passes(text: str, chinese: str) -> None:
    assert problems_of(entry(text, chinese)) == []


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (entry("Saved.", ""), "not translated"),
        (entry("Saved.", "已保存。", flags=["fuzzy"]), "fuzzy"),
        (entry("Saved.", "已保存。", obsolete=True, occurrences=[]), "no longer used"),
        (entry("Nobody says this.", "没有人这样说。"), "no longer used"),
        (entry("Nobody says this.", "没有人这样说。", occurrences=[("allauth", "")]), "no text of allauth"),
        (entry("Ask %(name)s.", "请联系%(nome)s。"), "placeholders differ"),
        (entry("Ask %(name)s.", "请联系负责人。"), "placeholders differ"),
        (entry("Ask %(name)s.", "请联系%(name)d。"), "placeholders differ"),
        (entry("Try {command!r}", "请运行"), "placeholders differ"),
        (entry("%(count)d row", "", msgid_plural="%(count)d rows", msgstr_plural={0: "几行"}), "placeholders differ"),
        (entry("%(rate)s %% alike", "相似度 %(rate)s%"), "a lone %"),
        (entry("Saved.", "Saved."), "no Chinese"),
        (entry("Saved.", "已保存."), "half-width ."),
        (entry("Saved.", "已保存, 未发布"), "half-width ,"),
        (entry("Saved.", "已保存(草稿)"), "half-width ("),
        (entry("Ask %(name)s.", "%(name)s: 请联系"), "half-width :"),
    ],
)  # fmt: skip
def test_bad_entries_are_found(bad: polib.POEntry, problem: str) -> None:
    assert any(problem in each for each in problems_of(bad))


def problems_of(one: polib.POEntry) -> list[str]:
    used = [MESSAGES[one.msgid]] if one.msgid in MESSAGES else []
    catalogue = polib.POFile()
    catalogue.append(one)
    return messages.check(catalogue, used)


def test_a_missing_text_is_found() -> None:
    assert messages.check(polib.POFile(), [MESSAGES["Saved."]]) == [
        "web/page.html: not in the catalogue: 'Saved.'"
    ]


def test_update_keeps_translations_and_sets_unused_ones_aside() -> None:
    old = polib.POFile()
    for one in (
        entry("Saved.", "已保存。", tcomment="short"),
        entry("Gone.", "没有了。"),
        entry("Sign Out", "退出登录", occurrences=[("allauth", "")]),
    ):
        old.append(one)
    new = messages.update(old, [MESSAGES["CSV"], MESSAGES["Saved."], MESSAGES["%(count)d row"]])
    kept = {one.msgid: one for one in new}
    assert list(kept) == ["CSV", "Saved.", "%(count)d row", "Gone.", "Sign Out"]
    assert (kept["Saved."].msgstr, kept["Saved."].tcomment) == ("已保存。", "short")
    assert kept["Gone."].obsolete
    assert not kept["Sign Out"].obsolete
    assert [one.msgid for one in new.untranslated_entries()] == ["CSV", "%(count)d row"]


# ---- Finding the texts


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.py", 'from django.utils.translation import gettext as _\n_("One " "text")', [(None, "One text", None)]),
        ("a.py", 'from django.utils.translation import gettext_lazy as lazy\nlazy("L")', [(None, "L", None)]),
        ("a.py", 'from django.utils.translation import ngettext\nngettext("a", "b", 2)', [(None, "a", "b")]),
        ("a.py", 'from django.utils.translation import pgettext\npgettext("x", "y")', [("x", "y", None)]),
        ("a.py", 'from gettext import gettext as _\n_("Usage")', [(None, "Usage", None)]),
        ("a.py", 'def gettext_noop(t): return t\ngettext_noop("Later")', [(None, "Later", None)]),
        ("a.py", 'def _(t): return t\n_("not ours")', []),
        ("a.html", '{% load i18n %}\n   <p>\n{% translate "Hi" %}', [(None, "Hi", None)]),
        ("a.html", '{% translate "May" context "month" %}', [("month", "May", None)]),
        ("a.html", '{{ x|default:_("None") }}', [(None, "None", None)]),
        (
            "a.html",
            "{% blocktranslate count n=x trimmed %}\n  {{ n }} row {% plural %}\n  {{ n }} rows{% endblocktranslate %}",
            [(None, "%(n)s row", "%(n)s rows")],
        ),
    ],
)  # fmt: skip
def test_texts_are_found(
    tmp_path: Path, name: str, content: str, expected: list[tuple[str | None, str, str | None]]
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    assert [(each.context, each.text, each.plural) for each in messages.extract(tmp_path)] == expected


# ---- What readers get


def test_both_languages_answer() -> None:
    with translation.override("zh-hans"):
        assert translation.gettext("technology need") == "technology need"
        assert translation.gettext("use first, pay later") == "先用后付"
        assert translation.ngettext("%(days)d day ago", "%(days)d days ago", 1) == "%(days)d 天前"
    with translation.override("en"):
        assert translation.gettext("use first, pay later") == "use first, pay later"
        assert translation.ngettext("%(days)d day ago", "%(days)d days ago", 3) == "%(days)d days ago"


def test_texts_of_allauth_come_in_chinese_with_our_words_over_theirs() -> None:
    with translation.override("zh-hans"):
        assert translation.gettext("Your account has no password set up.") == "您的账号未设置密码。"
        assert translation.gettext("Incorrect code.") == "验证码不正确。"
