"""Clean text: what goes, what stays, and that cleaning twice is cleaning once."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.outlets import clean_outlet
from analysis.corpus.text import clean, clean_all, clean_line

_FRAGMENTS = st.sampled_from(
    ["<p>", "</p>", "<br>", "<b>", "</b>", "<script>", "</script>", "<!--", "-->", "<", ">", "&", ";",
     "&amp;", "amp;", "&lt;", "lt;", "&#60;", "&nbsp;", "&#0;", "a < b", "\r\n", "\n", " ", "\t", "\x00",
     "\x93", "\u00ad", "\u200b", "\ufffd", "e\u0301", "\u037e", "\u2028", "\xa0", "word", "<i>", "p>",
     "<a href='x'>", "<![CDATA[", "]]>", "<td>", "<title>", "</title>", "<textarea>", "<style>", "\x1c"]
)  # fmt: skip
_DIRTY = st.lists(st.one_of(_FRAGMENTS, st.text(max_size=5)), max_size=25).map("".join)


@given(_DIRTY)
def test_cleaning_clean_text_changes_nothing(dirty: str) -> None:
    once = clean(dirty).text
    assert clean(once).text == once


@given(_DIRTY)
def test_cleaning_never_grows_and_gives_nfc(dirty: str) -> None:
    cleaned = clean(dirty).text
    # A few characters have no composed form: NFC itself may grow.
    assert len(cleaned) <= len(unicodedata.normalize("NFC", dirty)) + dirty.count("\ufffd")
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()


@given(st.lists(_DIRTY.map(lambda t: t.encode("utf-8", "replace").decode()), max_size=8))
def test_many_at_once_are_each_alone(texts: list[str]) -> None:
    assert clean_all(texts) == [clean(text) for text in texts]


@pytest.mark.parametrize(
    "prose",
    [
        "a < b and c > d",
        "I <3 Miami",
        "Write to <someone> or <name@host.example>",
        "if x <b and y> z",
        "AT&T and R&D, Q&A; &c",
        "5 < 6 &copy that",
        "one\n\ntwo\nthree",
        "<!-- never closed",
    ],
)
def test_prose_stays(prose: str) -> None:
    cleaned = clean(prose)
    assert cleaned.text == prose
    assert not cleaned.had_html


@pytest.mark.parametrize(
    ("dirty", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<div><p>One\nline</p>\n<p>Two</p></div>", "One line\n\nTwo"),
        ("a<script>var x = 1 < 2;</script><style>p {}</style>b", "ab"),
        ("<b>foot</b>ball", "football"),
        ("<td>1</td><td>2</td>", "1 2"),
        ("x <!-- <p>hidden</p> --> y", "x y"),
        ("<p>a < b &lt; c, I <3 it, <Unknown></p>", "a < b < c, I <3 it, <Unknown>"),
        ("Tom &amp;amp; Jerry &amp;amp;amp; co", "Tom & Jerry & co"),
        ("&lt;p&gt;Feed&lt;/p&gt;", "Feed"),
        ("caf&eacute; &#8220;x&#x201d;", "café “x”"),
        ("First paragraph.\n\nSecond, with <i>one</i> tag.\n\nThird.\n\nFourth.",
         "First paragraph.\n\nSecond, with one tag.\n\nThird.\n\nFourth."),
        ("<a href=\"x?a=1&b=2\" target=_blank>link</a>", "link"),
    ],
)  # fmt: skip
def test_markup_goes(dirty: str, text: str) -> None:
    assert clean(dirty).text == text


def test_characters_are_removed_or_kept_and_counted() -> None:
    cleaned = clean("\ufefffoo\x00\x07 b\u00ada\u200br\ufffd\r\n\r\n\r\n\r\n\x93q\tz\xa0 e\u0301 ")
    assert cleaned.text == "foo bar\ufffd\n\nq z é"
    assert cleaned.control_chars == 3
    assert cleaned.replacement_chars == 1
    assert not cleaned.had_html


def test_a_line_has_no_line_breaks() -> None:
    assert clean_line(" A\nheadline<br>here ").text == "A headline here"


@pytest.mark.parametrize(
    "hostile",
    ["<b>" * 20_000, "<" * 200_000, "<!--" * 50_000, "&amp;" * 50_000, "&" + "amp;" * 50_000 + "lt;",
     "<a " * 50_000, "<p " + "a=b " * 50_000, "<a href='" * 50_000, " \n" * 100_000, "<![CDATA[" * 30_000,
     "-->" + "<!--" * 50_000, "e\u0301" * 100_000],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_hostile_text_takes_no_quadratic_time(hostile: str) -> None:
    start = time.process_time()
    clean(hostile)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("  Fox   News ", "Fox News"),
        ("https://www.Example.com/news?x=1", "example.com"),
        ("www.example.co.uk", "example.co.uk"),
        ("user:pass@host", "user:pass@host"),
        ("http://user:pw@example.org:8080/", "example.org"),
        ("St. Louis Post-Dispatch", "St. Louis Post-Dispatch"),
        ("HuffPost.", "HuffPost."),
        ("", None),
        (" ", None),
        (None, None),
    ],
)
def test_outlets(raw: str | None, name: str | None) -> None:
    assert clean_outlet(raw) == name


@given(st.text(max_size=60))
def test_an_outlet_is_none_or_a_tidy_name(raw: str) -> None:
    name = clean_outlet(raw)
    assert name is None or (name and name == name.strip())
