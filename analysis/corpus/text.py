"""Plain text out of whatever a corpus holds: markup, entities, control characters, blanks."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from selectolax.lexbor import LexborHTMLParser

# Part of a file's settings: rows cleaned by another version are other rows.
VERSION = "text-1"

REPLACEMENT = "\ufffd"

_TAGS = (
    "a|abbr|acronym|address|article|aside|audio|b|big|blockquote|body|br|button|"
    "caption|center|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|"
    "embed|fieldset|figcaption|figure|font|footer|form|h1|h2|h3|h4|h5|h6|head|"
    "header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|main|mark|"
    "meta|nav|noscript|object|ol|option|p|param|picture|pre|q|s|samp|script|"
    "section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|"
    "path|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr|tt|u|"
    "ul|var|video|wbr"
)
_FLAGS = (
    "async|defer|hidden|disabled|checked|controls|autoplay|loop|muted|allowfullscreen|noshade|"
    "nowrap|itemscope|required|selected|webkitallowfullscreen|mozallowfullscreen|playsinline"
)
# Attributes need a value, so that "a <b and c> d" is prose.
_TAG = re.compile(
    rf"<(?:/(?:{_TAGS})\s*|(?:{_TAGS})"
    rf"(?:\s+(?:[a-z_:@][\w:.-]*\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>=]+)|(?:{_FLAGS})))*\s*/?)>"
    r"|<!doctype\s+html[^<>]*>|<!\[CDATA\[|\]\]>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br|hr|/?li|/?tr|/?dt|/?dd|/?option)\b", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
_PARAGRAPH = re.compile(
    r"</?(?:p|div|h[1-6]|blockquote|ul|ol|dl|table|section|article|figure|figcaption|header|footer"
    r"|aside|nav|main|pre|form|address|caption)\b",
    re.IGNORECASE,
)
_SILENT = ["script", "style", "template", "noscript", "svg", "head > title", "iframe", "textarea"]
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NESTED_AMP = re.compile(r"&(?:amp;)+", re.IGNORECASE)

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BLANKS = re.compile(f"[ {_BLANK}]{{2,}}|[{_BLANK}]")
_AROUND_LINE_END = re.compile(" ?\n ?")
_MANY_LINE_ENDS = re.compile("\n{3,}")
# In Rust's syntax: whatever `clean` could change or count in a text that is in NFC.
_SUSPECT = (
    r"[\x00-\x09\x0b-\x1f\x7f-\x{a0}\x{ad}\x{1680}\x{2000}-\x{200f}\x{2028}-\x{202f}"
    r"\x{205f}-\x{2069}\x{3000}\x{feff}\x{fffd}<]| \n|\n |  |\n\n\n|&#?\w+;|^\s|\s$"
)


@dataclass(frozen=True)
class Cleaned:
    """Clean text; control characters removed; U+FFFD left in it; whether markup was removed."""

    text: str
    control_chars: int
    replacement_chars: int
    had_html: bool


def clean(text: str) -> Cleaned:
    """Plain text in NFC: markup stripped, entities decoded, blanks squeezed, ends trimmed.

    Markup is stripped only where there are real tags: "a < b", "<3" and "<name>" stay.
    Paragraphs and `<br>` become line breaks; scripts and styles are dropped. Control characters
    but line breaks and tabs are removed and counted; U+FFFD is counted and kept. Cleaning clean
    text changes nothing.
    """
    controls = 0
    had_html = False
    while True:
        before = text
        text, removed = _stripped(text)
        controls += removed
        if "<" in text:
            bare = _without_comments(text)
            if _TAG.search(bare):
                bare = _without_markup(bare)
            had_html = had_html or bare != text
            text = bare
        if "&" in text:
            text = _decoded(text)
        text = _squeezed(text)
        if text == before or ("<" not in text and "&" not in text and text.isascii()):
            break
    return Cleaned(text, controls, text.count(REPLACEMENT), had_html)


def clean_all(texts: Sequence[str]) -> list[Cleaned]:
    """`clean` of each text; texts that need nothing are told apart all at once.

    The texts hold no lone surrogates.
    """
    suspect = pl.Series(texts, dtype=pl.String).str.contains(_SUSPECT)
    return [
        clean(text)
        if odd or not (text.isascii() or unicodedata.is_normalized("NFC", text))
        else Cleaned(text, 0, 0, False)
        for text, odd in zip(texts, suspect, strict=True)
    ]


def clean_line(text: str) -> Cleaned:
    """`clean`, with line breaks turned into blanks: for titles and names."""
    cleaned = clean(text)
    if "\n" not in cleaned.text:
        return cleaned
    line = " ".join(cleaned.text.split())
    return Cleaned(line, cleaned.control_chars, cleaned.replacement_chars, cleaned.had_html)


def _stripped(text: str) -> tuple[str, int]:
    """Without control and invisible characters, in NFC; and how many control characters."""
    removed = 0
    if not text.isprintable():
        text = _LINE_END.sub("\n", text)
        text, removed = _CONTROL.subn("", text)
    if not text.isascii():
        text = _SURROGATE.sub(REPLACEMENT, text)
        text = _INVISIBLE.sub("", text)
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
    return text, removed


def _without_comments(text: str) -> str:
    """The text without `<!-- ... -->`; found by hand, as a pattern would take quadratic time."""
    start = text.find("<!--")
    if start < 0:
        return text
    parts: list[str] = []
    last = 0
    while start >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            break
        parts.append(text[last:start])
        last = end + 3
        start = text.find("<!--", last)
    return "".join([*parts, text[last:]])


def _without_markup(text: str) -> str:
    marked = _escape_prose(text)
    if len(_PARAGRAPH.findall(marked)) + len(_BREAK.findall(marked)) > marked.count("\n") / 4:
        # The layout is in the tags: line ends of the source are only blanks.
        marked = marked.replace("\n", " ")
    marked = _CELL.sub(lambda m: " " + m[0], _BREAK.sub(lambda m: "\n" + m[0], marked))
    marked = _PARAGRAPH.sub(lambda m: "\n\n" + m[0], marked)
    tree = LexborHTMLParser(marked.replace("<![CDATA[", "").replace("]]>", ""))
    for selector in _SILENT:
        for node in tree.css(selector):
            node.decompose()
    return tree.root.text(deep=True) if tree.root else ""


def _escape_prose(text: str) -> str:
    """The text with each "<" that opens no tag written as an entity, for the parser to give back."""
    parts: list[str] = []
    last = 0
    for match in _TAG.finditer(text):
        parts += [text[last : match.start()].replace("<", "&lt;"), match[0]]
        last = match.end()
    return "".join([*parts, text[last:].replace("<", "&lt;")])


def _decoded(text: str) -> str:
    text = _NESTED_AMP.sub("&amp;", text)
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def _squeezed(text: str) -> str:
    text = _BLANKS.sub(" ", text)
    if "\n" in text:
        text = _AROUND_LINE_END.sub("\n", text)
        text = _MANY_LINE_ENDS.sub("\n\n", text)
    return text.strip()
