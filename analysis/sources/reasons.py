"""Why a row was refused, or what was noticed about it: code -> (meaning, what to do)."""

from __future__ import annotations

MAX_VALUE = 200

REASONS: dict[str, tuple[str, str]] = {
    # Rows that were refused.
    "empty_row": (
        "the row has no title and no text",
        "if it should have, name the columns with --map title=... --map text=...",
    ),
    "ragged_row": (
        "the row has more or fewer cells than the header",
        "mend the line in the file: a cell with the delimiter in it needs quotes around it",
    ),
    "unterminated_quote": (
        "a quote is opened and never closed",
        "close the quote in the line, or double it if it belongs to the text",
    ),
    "bad_json": ("the line is not valid JSON", "mend the line; each line is one whole JSON object"),
    "not_an_object": (
        "the line is JSON, but not an object with named fields",
        'write each row as {"title": "...", "text": "..."}',
    ),
    "field_too_large": (
        "a field is longer than the limit for one field",
        "look whether a whole file got into one field; split the text if it is real",
    ),
    # Notices about rows that were taken.
    "id_taken": (
        "the id belongs to another record already; the row was taken as <id>~<hash>",
        "if the ids are no identifiers, leave them out with --map id=",
    ),
    "id_repeated": (
        "an earlier row has the same id; both are in the result",
        "give each row its own id, so that its scores can be told apart",
    ),
    "date_unreadable": (
        "the date is written in a way that is not known; the piece is undated",
        "write dates as 2025-06-17",
    ),
    "date_impossible": ("there is no such day; the piece is undated", "mend the date in the file"),
    "date_ambiguous": (
        "the date can be read as day/month or as month/day; the piece is undated",
        "say which with --date-order mdy or --date-order dmy, or date_order in framescope.toml",
    ),
    "date_year_out_of_range": (
        "the year is before 1690 or after next year; the piece is undated",
        "mend the date in the file",
    ),
    "loose_quotes": (
        "the row has quotes inside a quoted cell that are not doubled; it was read all the same",
        "look at the row; write a quote in a quoted cell twice",
    ),
    "not_text": (
        "a field holds a list or an object where text belongs; it was written out",
        "name the column that holds the text with --map",
    ),
    # Notices about a whole file.
    "html_removed": ("HTML tags were removed", "nothing"),
    "control_characters": ("control characters were removed", "nothing"),
    "replacement_characters": (
        "characters are lost (U+FFFD): the file was decoded wrongly once, here or before",
        "look for a better copy of the file, or save it as UTF-8 in the program it comes from",
    ),
    "mixed_encoding": (
        "some bytes are not UTF-8; they were read as Windows-1252",
        "check names with accents in these rows",
    ),
    "encoding_guessed": (
        "the file is not UTF-8; its encoding was told from its bytes",
        "check names with accents; if they are wrong, save the file as UTF-8",
    ),
    "date_order_inferred": (
        "dates like 3/4/2025 were read in the one order that fits the whole column",
        "nothing, or say it yourself with --date-order",
    ),
    "several_columns": (
        "more than one column could be this field; the one that is named first was taken",
        "choose with --map",
    ),
    "duplicate_column": (
        "two columns have the same name; the later one was renamed",
        "choose with --map",
    ),
    "late_column": (
        "a field that could be used appears only far into the file and was left out",
        "name it with --map",
    ),
    "not_what_name_says": (
        "the file is not what its name says; it was read as what it is",
        "nothing",
    ),
    "other_sheets": (
        "the workbook has other sheets, which were not read",
        "choose one with --sheet NAME",
    ),
    "broken_off": (
        "the JSON breaks off before its end; what is there was read",
        "look for a complete copy of the file",
    ),
    "no_rows": ("the file has a header and no rows", "look whether it is the right file"),
}


def shortened(value: str | None) -> str | None:
    """At most 200 characters, on one line, that any store can hold."""
    if value is None:
        return None
    line = " ".join(value[: 2 * MAX_VALUE].split())
    line = line.encode("utf-8", "replace").decode("utf-8")
    return line if len(line) <= MAX_VALUE else line[: MAX_VALUE - 1] + "…"
