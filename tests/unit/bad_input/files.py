"""Files and rows that are read into a project, and what has to become of each.

Every file that can be read holds one row with the title "Good headline", which must be kept.
"""

from __future__ import annotations

import codecs
import datetime as dt
import gzip
import json
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl

from analysis.sources import Limits

GOOD = "Good headline"
HEADER = "title,text,outlet,date\n"
ROW = f"{GOOD},Some text.,Herald,2025-06-17\n"
OBJECT = {"title": GOOD, "text": "Some text.", "outlet": "Herald", "date": "2025-06-17"}

Content = bytes | str | Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """`error`: part of the message, when the whole file fails; else the account of its rows."""

    name: str
    file: str
    content: Content
    error: str = ""
    accepted: int = 1
    duplicates: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    notices: set[str] = field(default_factory=set)
    options: dict[str, Any] = field(default_factory=dict)

    def make(self, folder: Path) -> Path:
        path = folder / self.file
        if callable(self.content):
            self.content(path)
        elif isinstance(self.content, str):
            path.write_bytes(self.content.encode("utf-8"))
        else:
            path.write_bytes(self.content)
        return path


def _lines(*values: Any) -> str:
    """Values as JSON lines; strings as they are."""
    return "".join((v if isinstance(v, str) else json.dumps(v)) + "\n" for v in values)


def _parquet(**columns: Any) -> Callable[[Path], None]:
    return lambda path: pl.DataFrame(columns).write_parquet(path)


def _cut(path: Path) -> None:
    pl.DataFrame({"title": [GOOD] * 500, "text": ["x"] * 500}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-40])


def _xlsx(
    *rows: list[Any], sheets: dict[str, list[list[Any]]] | None = None
) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        for row in rows:
            sheet.append(row)
        for name, more in (sheets or {}).items():
            other = book.create_sheet(name)
            for row in more:
                other.append(row)
        book.save(path)

    return make


def _cut_xlsx(path: Path) -> None:
    _xlsx(["title"], [GOOD])(path)
    path.write_bytes(path.read_bytes()[:-300])


def _xlsx_without_sheet_data(path: Path) -> None:
    whole = path.with_suffix(".whole")
    _xlsx(["title"], [GOOD])(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.namelist():
            broken = entry.startswith("xl/worksheets/")
            new.writestr(entry, b"<worksheet><sheetData><row" if broken else old.read(entry))
    whole.unlink()


def _xlsx_bomb(path: Path) -> None:
    _xlsx(["title"], [GOOD])(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\0" * 4_000_000)


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("articles.csv", HEADER + ROW)


def _sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("create table article (title text)")
    connection.commit()
    connection.close()


def _gz(text: str) -> bytes:
    return gzip.compress(text.encode("utf-8"))


_TIGHT = {"limits": Limits(field_chars=12_000_000)}
_FEW = {"limits": Limits(rows=3)}
_SMALL = {"limits": Limits(bytes=1_000_000, ratio=50, ratio_from=100_000)}

CASES = [
    # Files that can't be used at all.
    Case("empty file", "a.csv", b"", error="empty"),
    Case("blank file", "a.csv", b" \n\n \n", error="empty"),
    Case("only a byte-order mark", "a.csv", codecs.BOM_UTF8, error="empty"),
    Case("empty jsonl", "a.jsonl", b"", error="empty"),
    Case("empty gzip", "a.csv.gz", _gz(""), error="empty"),
    Case("empty parquet file", "a.parquet", b"", error="empty"),
    Case("picture named csv", "a.csv", b"\x89PNG\r\n\x1a\n" + bytes(64), error="picture"),
    Case("PDF named csv", "a.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", error="PDF"),
    Case("random bytes", "a.csv", bytes(range(256)) * 20, error="neither text"),
    Case("zeros", "a.csv", bytes(5000), error="neither text"),
    Case("web page named csv", "a.csv", "<!DOCTYPE html><html><body>404</body></html>", error="web page"),
    Case("XML named csv", "a.csv", '<?xml version="1.0"?><rss></rss>', error="XML"),
    Case("Git LFS pointer", "a.csv", "version https://git-lfs.github.com/spec/v1\n", error="LFS"),
    Case("SQLite named csv", "a.csv", _sqlite, error="SQLite"),
    Case("zip of a csv", "a.csv", _zip, error="zip archive"),
    Case("zip named xlsx", "a.xlsx", _zip, error="zip archive"),
    Case("zstd", "a.csv", b"\x28\xb5\x2f\xfd" + bytes(30), error="zstd"),
    Case("truncated parquet", "a.parquet", _cut, error="cut off or damaged"),
    Case("text named parquet without columns", "a.parquet", "hello\nworld\n", error="no column holds"),
    Case("bytes after parquet's magic", "a.parquet", b"PAR1" + bytes(100) + b"PAR1", error="damaged"),
    Case("encrypted parquet", "a.parquet", b"PARE" + bytes(40), error="encrypted"),
    Case("truncated xlsx", "a.xlsx", _cut_xlsx, error="cut off or damaged"),
    Case("xlsx with broken sheet", "a.xlsx", _xlsx_without_sheet_data, error="xlsx"),
    Case("empty xlsx", "a.xlsx", _xlsx(), error="empty"),
    Case("xlsx without the sheet", "a.xlsx", _xlsx(["title"], [GOOD]), error="no sheet 'May'",
         options={"sheet": "May"}),
    Case("xlsx bomb", "a.xlsx", _xlsx_bomb, error="times its size", options=_SMALL),
    Case("password-protected xlsx", "a.xlsx",
         b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
         error="password"),
    Case("old xls", "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), error="old Office"),
    Case("truncated gzip", "a.csv.gz", _gz((HEADER + ROW) * 300)[:-12], error="gzip is damaged"),
    Case("gzip with wrong checksum", "a.csv.gz", _gz(HEADER + ROW)[:-8] + bytes(8), error="gzip is damaged"),
    Case("gzip header and garbage", "a.csv.gz", b"\x1f\x8b\x08\x00" + b"\xff" * 60, error="damaged"),
    Case("gzip bomb", "a.csv.gz", _gz(HEADER + "x" * 3_000_000), error="times its size", options=_SMALL),
    Case("parquet inside gzip", "a.parquet.gz", gzip.compress(b"PAR1" + bytes(50)), error="gunzip"),
    Case("no title and no text column", "a.csv", "name,when\nA,2025\n", error="name, when"),
    Case("rows without header", "a.csv", "Fire downtown,It burnt.\nRain,It fell.\n", error="--map"),
    Case("mapped column that is not there", "a.csv", HEADER + ROW, error="no column 'Source'",
         options={"mapping": {"outlet": "Source"}}),
    Case("JSON objects with other names", "a.jsonl", _lines({"a": 1}, {"b": 2}), error="a, b"),
    Case("one object around the rows", "a.json", json.dumps({"status": "ok", "articles": [OBJECT]}, indent=1),
         error="status, articles"),
    Case("too many rows in csv", "a.csv", HEADER + ROW * 4, error="more than 3 rows", options=_FEW),
    Case("too many rows in parquet", "a.parquet", _parquet(title=[GOOD] * 4), error="more than 3", options=_FEW),
    # Rows that can't be used; the others are kept.
    Case("row with too many cells", "a.csv", HEADER + "a,b,c,2025-01-01,e\n" + ROW, refused={"ragged_row": 1}),
    Case("row with too few cells", "a.csv", HEADER + "a,b\n" + ROW, refused={"ragged_row": 1}),
    Case("ragged row over two lines", "a.csv", HEADER + 'a,"b\nc"\n' + ROW, refused={"ragged_row": 1}),
    Case("quote never closed", "a.csv", HEADER + 'a,"b,c,2025-01-01\n' + ROW, refused={"unterminated_quote": 1}),
    Case("quote never closed in the last row", "a.csv", HEADER + ROW + 'a,"b,c,d', refused={"unterminated_quote": 1}),
    Case("two stray quotes around a row", "a.csv", HEADER + 'a,"b,c,d\n' + ROW + 'e,f",g\n',
         refused={"ragged_row": 2}),
    Case("title and text empty", "a.csv", HEADER + ",,Herald,2025-01-01\n" + ROW, refused={"empty_row": 1}),
    Case("title and text of blanks and tags", "a.csv", HEADER + " ,<p> </p>,Herald,\n" + ROW, refused={"empty_row": 1}),
    Case("only delimiters", "a.csv", HEADER + ",,,\n" + ROW, refused={"empty_row": 1}),
    Case("field of 13 million characters", "a.csv", HEADER + "a," + "x" * 12_500_000 + ",c,\n" + ROW,
         refused={"field_too_large": 1}, options=_TIGHT),
    Case("field of 13 million characters in jsonl", "a.jsonl", _lines({"text": "x" * 12_500_000}, OBJECT),
         refused={"field_too_large": 1}, options=_TIGHT),
    Case("line beyond any limit in jsonl", "a.jsonl", _lines({"text": "x" * 9000}, OBJECT),
         refused={"field_too_large": 1}, options={"limits": Limits(field_chars=1000)}),
    Case("line that is no JSON", "a.jsonl", _lines("{oops}", OBJECT), refused={"bad_json": 1}),
    Case("JSON line cut off", "a.jsonl", _lines(OBJECT) + '{"title": "cut of', refused={"bad_json": 1}),
    Case("line with two objects", "a.jsonl", _lines(OBJECT, '{"title":"a"}{"title":"b"}'), refused={"bad_json": 1}),
    Case("JSON line that is a number", "a.jsonl", _lines(OBJECT, "42"), refused={"not_an_object": 1}),
    Case("JSON line that is a list", "a.jsonl", _lines(OBJECT, ["a", "b"]), refused={"not_an_object": 1}),
    Case("JSON null", "a.jsonl", _lines(OBJECT, "null"), refused={"not_an_object": 1}),
    Case("empty object", "a.jsonl", _lines(OBJECT, {}), refused={"empty_row": 1}),
    Case("JSON nested 100,000 deep", "a.jsonl", _lines(OBJECT, '{"title":' + "[" * 100_000), refused={"bad_json": 1}),
    Case("number of 6,000 digits", "a.jsonl", _lines(OBJECT, '{"title": ' + "9" * 6000 + "}"), refused={"bad_json": 1}),
    Case("bad element in an array", "a.json", '[{"title": "a", oops}, ' + json.dumps(OBJECT) + "]", refused={"bad_json": 1}),
    Case("number in an array", "a.json", json.dumps([OBJECT, 5]), refused={"not_an_object": 1}),
    Case("array cut off", "a.json", json.dumps([OBJECT, OBJECT])[:-20], refused={"bad_json": 1}, notices={"broken_off"}),
    Case("array without its bracket", "a.json", json.dumps([OBJECT])[:-1], notices={"broken_off"}),
    Case("nothing but bad lines, and a good one", "a.jsonl", _lines("x", "y", "z", OBJECT), refused={"bad_json": 3}),
    Case("NaN in the text", "a.jsonl", _lines(OBJECT, {"title": float("nan")}), refused={"empty_row": 1}),
    Case("blank parquet row", "a.parquet", _parquet(title=[GOOD, None], text=["x", None]), refused={"empty_row": 1}),
    Case("row repeated", "a.csv", HEADER + ROW + ROW, duplicates=1),
    Case("id repeated with other content", "a.csv", f"id,title\n1,{GOOD}\n1,Other\n", accepted=2, notices={"id_taken"}),
    # Input that is odd and is read all the same.
    Case("half a character in JSON", "a.jsonl", _lines({**OBJECT, "text": "bad \ud800 half"}), notices={"replacement_characters"}),
    Case("object where text belongs", "a.jsonl", _lines({**OBJECT, "text": {"a": [1]}}), notices={"not_text"}),
    Case("zero bytes in the text", "a.csv", HEADER + ROW.replace("Some", "So\0me"), notices={"control_characters"}),
    Case("Windows-1252", "a.csv", (HEADER + ROW + "Café “x”,Señor,Él,2025-01-01\n").encode("cp1252"),
         accepted=2, notices={"encoding_guessed"}),
    Case("mixed encodings", "a.csv", (HEADER + ROW + "Café,é,é,\n").encode() + "Señor,ñ,ñ,\n".encode("cp1252"),
         accepted=3, notices={"mixed_encoding"}),
    Case("byte that no encoding has", "a.csv", (HEADER + ROW).encode() + b"a\x81b,c,d,\n", accepted=2,
         notices={"encoding_guessed", "replacement_characters"}),
    Case("UTF-16 LE", "a.csv", codecs.BOM_UTF16_LE + (HEADER + ROW).encode("utf-16-le")),
    Case("UTF-16 BE", "a.csv", codecs.BOM_UTF16_BE + (HEADER + ROW).encode("utf-16-be")),
    Case("UTF-16 without a mark", "a.csv", (HEADER + ROW).encode("utf-16-le"), notices={"encoding_guessed"}),
    Case("UTF-16 cut in a character", "a.csv", (codecs.BOM_UTF16_LE + (HEADER + ROW).encode("utf-16-le"))[:-1],
         notices={"date_unreadable"}),
    Case("UTF-8 with BOM in jsonl", "a.jsonl", codecs.BOM_UTF8 + _lines(OBJECT).encode()),
    Case("parquet named csv", "a.csv", _parquet(title=[GOOD]), notices={"not_what_name_says"}),
    Case("xlsx named csv", "a.csv", _xlsx(["title"], [GOOD]), notices={"not_what_name_says"}),
    Case("jsonl named csv", "a.csv", _lines(OBJECT), notices={"not_what_name_says"}),
    Case("csv named jsonl", "a.jsonl", HEADER + ROW, notices={"not_what_name_says"}),
    Case("csv named parquet", "a.parquet", HEADER + ROW, notices={"not_what_name_says"}),
    Case("csv named xlsx", "a.xlsx", HEADER + ROW, notices={"not_what_name_says"}),
    Case("csv without a known ending", "articles.dat", HEADER + ROW),
    Case("semicolons", "a.csv", (HEADER + ROW).replace(",", ";")),
    Case("pipes", "a.txt", (HEADER + ROW).replace(",", "|")),
    Case("tabs named csv", "a.csv", (HEADER + ROW).replace(",", "\t")),
    Case("Excel's sep line", "a.csv", "sep=;\n" + (HEADER + ROW).replace(",", ";")),
    Case("old Mac line ends", "a.csv", (HEADER + ROW).replace("\n", "\r")),
    Case("blank lines between rows", "a.csv", "\n\n" + HEADER + "\n" + ROW + "\n\n"),
    Case("quotes that are not doubled", "a.csv", HEADER + f'{GOOD},"He said "no" twice",Herald,\n', notices={"loose_quotes"}),
    Case("empty cells beyond the header", "a.csv", HEADER + ROW.replace("\n", ",,\n")),
    Case("two columns of one name", "a.csv", f"title,title,text\n{GOOD},b,c\n", notices={"duplicate_column"}),
    Case("two parquet-like names for the text", "a.csv", f"title,body,text\n{GOOD},b,c\n", notices={"several_columns"}),
    Case("other sheets", "a.xlsx", _xlsx(["title"], [GOOD], sheets={"May": [["title"], ["x"]]}), notices={"other_sheets"}),
    Case("title above the header in xlsx", "a.xlsx", _xlsx(["Export of June"], [], ["title", "date"], [GOOD, dt.date(2025, 6, 17)])),
    Case("blank rows in xlsx", "a.xlsx", _xlsx(["title", "text"], [None, None], [GOOD, "x"], [" ", None])),
    Case("pretty-printed objects", "a.json", json.dumps(OBJECT, indent=2) + "\n" + json.dumps({"title": "b"}, indent=2), accepted=2),
    Case("empty array", "a.json", "[]", accepted=0, notices={"no_rows"}),
    Case("header and no rows", "a.csv", HEADER, accepted=0, notices={"no_rows"}),
    Case("text nested without end", "a.jsonl", _lines(OBJECT, '{"title": "a", "text": ' + "[" * 700 + "]" * 700 + "}"),
         accepted=2, notices={"not_text"}),
    Case("date nested without end", "a.jsonl", _lines(OBJECT, '{"title": "a", "date": ' + "[" * 700 + "]" * 700 + "}"),
         accepted=2, notices={"date_unreadable"}),
    Case("bytes that are no text in parquet", "a.parquet", _parquet(title=[GOOD, "b"], text=[b"ok", b"\xff\xfe"]),
         accepted=2, notices={"replacement_characters"}),
    Case("lists of texts in parquet", "a.parquet", _parquet(title=[GOOD, "b"], text=[["a", "b"], []]), accepted=2),
    Case("RTF named csv", "a.csv", "{\\rtf1 Hello}", error="RTF"),
    Case("feather named parquet", "a.parquet", b"ARROW1\0\0" + bytes(40), error="feather"),
    Case("bzip2", "a.csv", b"BZh9" + bytes(40), error="bzip2"),
    Case("xz", "a.csv", b"\xfd7zXZ\0" + bytes(40), error="xz"),
    Case("7z", "a.csv", b"7z\xbc\xaf\x27\x1c" + bytes(40), error="7z"),
    Case("RAR", "a.csv", b"Rar!\x1a\x07\0" + bytes(40), error="RAR"),
    Case("program", "a.csv", b"\x7fELF" + bytes(60), error="a program"),
    Case("JPEG named jsonl", "a.jsonl", b"\xff\xd8\xff\xe0" + bytes(60), error="picture"),
    Case("only quotes", "a.csv", '"' * 50, error="no column holds"),
    Case("rows of a list each", "a.json", json.dumps([["title"], ["x"]]), accepted=0, refused={"not_an_object": 2}),
    Case("date of year 2999", "a.csv", HEADER + ROW.replace("2025-06-17", "2999-01-01"), notices={"date_year_out_of_range"}),
    Case("outlet that is a list", "a.jsonl", _lines({**OBJECT, "outlet": ["A", "B"]})),
    Case("id that is an object", "a.jsonl", _lines({**OBJECT, "id": {"x": 1}}), notices={"not_text"}),
    Case("date that is no day", "a.csv", HEADER + ROW.replace("2025-06-17", "2025-02-30"), notices={"date_impossible"}),
    Case("date of year 1", "a.csv", HEADER + ROW.replace("2025-06-17", "0001-11-30"), notices={"date_year_out_of_range"}),
    Case("date in words that are none", "a.csv", HEADER + ROW.replace("2025-06-17", "yesterday"), notices={"date_unreadable"}),
    Case("date of either order", "a.csv", HEADER + ROW.replace("2025-06-17", "3/4/2025"), notices={"date_ambiguous"}),
]  # fmt: skip
