"""Codings out to files and back: nothing lost, nothing half taken in, every bad row named."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from analysis.coding import codes as tables
from analysis.coding.exchange.backup import backup
from analysis.coding.exchange.incoming import import_file
from analysis.coding.exchange.intake import Taken
from analysis.coding.exchange.sheets import blank_sheet, hold, open_pieces
from analysis.coding.ledger import Ledger, open_ledger
from analysis.coding.sessions import Desk, Marks, blind_pieces
from analysis.errors import FramescopeError
from analysis.spreadsheet import csv_bytes, defused, undefused
from tests.support.codings import FRAMES, Clock, codes, frame, made_ledger

NOW = dt.datetime(2026, 11, 24, 13, tzinfo=dt.UTC)
TITLE, TEXT = "Vote 🗳 held", "The chief said so. 🙂 Nobody answered."
#  headline, then two sentences of the text
SPANS = [[0, 0, len(TITLE)], [1, 0, 18], [2, 19, len(TEXT)]]
MARKED = Marks({"safety": True, "trust": None}, {"safety": (0, 2)}, '=SUM(1)\n"quoted", ü', 4.25)


class Pieces:
    """What the exchange asks of a build."""

    def __init__(self, frames=FRAMES) -> None:
        self.frames = frames

    def blind_pieces(self, ids) -> pl.DataFrame:
        known = [one for one in dict.fromkeys(ids) if one in ("a", "b", "c", "=d")]
        return pl.DataFrame(
            [(one, TITLE, TEXT, SPANS) for one in known],
            schema={
                "id": pl.String,
                "title": pl.String,
                "text": pl.String,
                "spans": pl.List(pl.List(pl.Int64)),
            },
            orient="row",
        )


BUILD = Pieces()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return made_ledger(tmp_path, pieces=["a", "b", "c", "=d"])


def taken_in(
    ledger: Ledger, content: str | bytes, name: str = "in.csv", coder: str | None = "Ann", **how
) -> Taken:
    path = ledger.path.parent / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    how = {"build": BUILD, "sample": "s1", **how}
    build, sample = how.pop("build"), how.pop("sample")
    return import_file(ledger, build, path, sample, coder=coder, now=NOW, **how)


def refusal(ledger: Ledger, content: str | bytes, *args, **how) -> str:
    """What is said; nothing may have been stored."""
    before = contents(ledger)
    with pytest.raises(FramescopeError) as caught:
        taken_in(ledger, content, *args, **how)
    assert contents(ledger) == before
    assert caught.value.remedy
    return str(caught.value)


def contents(ledger: Ledger) -> list:
    rows = ledger.rows("codings", sample="s1", coder=None, piece=None, coding=None, withdrawn=1)
    return [rows, ledger.rows("coders")]


def mine(ledger: Ledger, coder: str = "Ann") -> dict[str, Marks]:
    return {one.piece: one.marks for one in Desk(ledger, "s1", coder, FRAMES).mine()}


def sheet(ledger: Ledger, **filled: tuple[str, str, str]) -> bytes:
    """The blank sheet of Ann with codes for safety and trust and a note in some rows."""
    ids = open_pieces(ledger, "s1", "Ann", NOW)
    table = blank_sheet(ids, blind_pieces(BUILD, ids), FRAMES)
    rows = table.to_dicts()
    for row in rows:
        given = filled.get(row["piece"].strip("="), ("", "", ""))
        row["safety"], row["trust"], row["note"] = given
    return csv_bytes(pl.DataFrame(rows, schema=table.schema))


def test_a_sheet_goes_out_blank_in_the_order_of_coding(ledger: Ledger) -> None:
    Desk(ledger, "s1", "Ann", FRAMES).commit("b", codes(), SPANS)
    ids = open_pieces(ledger, "s1", "Ann", NOW)
    table = blank_sheet(ids, blind_pieces(BUILD, ids), FRAMES)
    assert table["piece"].to_list() == ["a", "c", "=d"]
    assert set(table["safety"]) == {""}
    assert table.columns == ["piece", "title", "text", "safety", "trust", "note", "definitions"]


def test_a_sheet_comes_back(ledger: Ledger) -> None:
    filled = sheet(ledger, a=("1", "0", "=HYPERLINK(1)"), d=("?", "1", ""))
    taken = taken_in(ledger, filled)
    assert (taken.added, taken.blank, taken.coders) == (2, 2, ["Ann"])
    assert mine(ledger) == {
        "a": Marks({"safety": True, "trust": False}, {}, "=HYPERLINK(1)"),
        "=d": Marks({"safety": None, "trust": True}),
    }
    again = taken_in(ledger, filled)
    assert (again.added, again.same) == (0, 2)


def test_a_sheet_of_a_spreadsheet_program(ledger: Ledger) -> None:
    book = openpyxl.Workbook()
    book.active.append(["piece", "safety", "trust", "note"])
    book.active.append(["a", 1, 0, None])
    book.active.append(["b", "?", 1, "n"])
    book.save(ledger.path.parent / "in.xlsx")
    assert taken_in(ledger, (ledger.path.parent / "in.xlsx").read_bytes(), "in.xlsx").added == 2
    assert mine(ledger)["b"].frames == {"safety": None, "trust": True}


def test_a_sheet_of_semicolons_in_an_old_encoding(ledger: Ledger) -> None:
    text = "piece;safety;trust;note\na;1;0;Straße\n"
    assert taken_in(ledger, text.encode("cp1252")).added == 1
    assert mine(ledger)["a"].note == "Straße"


def test_a_sheet_keeps_the_codebook_under_which_it_was_coded(ledger: Ledger) -> None:
    filled = sheet(ledger, a=("1", "0", ""))
    changed = [frame("safety", "Another meaning."), FRAMES[1]]
    taken_in(ledger, filled, build=Pieces(changed))
    assert tables.coded(ledger, "s1", changed)["frame"].to_list() == ["trust"]
    task = Desk(ledger, "s1", "Ann", changed).next()
    assert (task.piece, task.recode) == ("a", ("safety",))


def test_a_column_says_who_coded(ledger: Ledger) -> None:
    text = "piece,coder,safety,trust\na,Ann,1,0\na,Ben,0,0\n"
    assert taken_in(ledger, text, coder=None).coders == ["Ann", "Ben"]
    assert mine(ledger, "Ben")["a"].frames == {"safety": False, "trust": False}


def test_pieces_of_a_sheet_can_be_held(ledger: Ledger) -> None:
    ids = open_pieces(ledger, "s1", "Ann", NOW)[:2]
    Desk(ledger, "s1", "Ann", FRAMES)
    hold(ledger, "s1", "Ann", ids, NOW + dt.timedelta(days=3))
    assert open_pieces(ledger, "s1", "Ben", NOW) == ["c", "=d"]
    assert open_pieces(ledger, "s1", "Ben", NOW + dt.timedelta(days=4)) == ["a", "b", "c", "=d"]


HEAD = "piece,safety,trust\n"
BAD_SHEETS = {
    "unknown piece": (HEAD + "zz,1,0\n", "row 1: 'zz' is not in the sample"),
    "no such code": (HEAD + "a,yes,0\n", "row 1: 'yes' in column safety is none of 1, 0 and ?"),
    "half coded": (HEAD + "a,1,\n", "row 1: no code for: trust"),
    "twice": (HEAD + "a,1,0\nb,0,0\na,1,0\n", "row 3: 'a' is in row 1 already"),
    "ragged": (HEAD + "a,1,0\nb,1\n", "row 2: the row has more or fewer cells"),
    "of another": ("piece,coder,safety,trust\na,Ben,1,0\n", "row 1: the coder is 'Ben', not 'Ann'"),
    "unknown frame": ("piece,safety,trust,mood\na,1,0,1\n", "the codebook has no frame 'mood'"),
    "a frame missing": ("piece,safety\na,1\n", "no column for the frame 'trust'"),
    "no piece": ("id,safety,trust\na,1,0\n", "there is no column 'piece'"),
    "no header": ("\n\n", "empty"),
    "a long note": (
        "piece,safety,trust,note\na,1,0," + "x" * 10_001 + "\n",
        "row 1: the note has 10,001",
    ),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a picture"),
}


@pytest.mark.parametrize("fault", BAD_SHEETS)
def test_bad_sheets(ledger: Ledger, fault: str) -> None:
    content, said = BAD_SHEETS[fault]
    assert said in refusal(ledger, content)


def test_every_bad_row_is_named_and_the_good_ones_wait(ledger: Ledger) -> None:
    rows = HEAD + "a,1,0\nzz,1,0\nb,7,0\nyy,0,0\n"
    told = refusal(ledger, rows)
    assert all(f"row {number}: " in told for number in (2, 3, 4))
    assert "3 rows" in told


def test_many_bad_rows_are_counted(ledger: Ledger) -> None:
    told = refusal(ledger, HEAD + "".join(f"z{number},1,0\n" for number in range(80)))
    assert "80 rows" in told
    assert "and 30 more" in told


def test_other_codes_are_refused_unless_they_shall_replace(ledger: Ledger) -> None:
    desk = Desk(ledger, "s1", "Ann", FRAMES)
    desk.commit("a", codes(safety=False), SPANS)
    told = refusal(ledger, HEAD + "a,1,0\n")
    assert "Ann has coded 'a' otherwise already" in told
    assert "--replace" in told
    taken = taken_in(ledger, HEAD + "a,1,0\n", replace=True)
    assert (taken.added, taken.replaced) == (1, 1)
    assert mine(ledger)["a"].frames["safety"] is True
    assert len(contents(ledger)[0]) == 2


def test_names_with_markup_and_names_that_are_none(ledger: Ledger) -> None:
    text = "piece,coder,safety,trust\na,{},1,0\n"
    assert taken_in(ledger, text.format("<b>[red]x</b>"), coder=None).coders == ["<b>[red]x</b>"]
    assert "row 1: " in refusal(ledger, text.format("x" * 61), coder=None)
    assert "row 1: the coder is not named" in refusal(ledger, text.format(" "), coder=None)
    assert "add --coder" in refusal(ledger, HEAD + "a,1,0\n", coder=None)


def busy(ledger: Ledger) -> None:
    """Codings, one taken back, one coded again after a change, by two people."""
    clock = Clock()
    ann, ben = (Desk(ledger, "s1", name, FRAMES, clock=clock) for name in ("Ann", "=Ben"))
    ann.commit("b", codes(), SPANS)
    ann.undo()
    ann.commit("b", codes(safety=False), SPANS)
    ann.commit("a", MARKED, SPANS)
    ben.commit("=d", codes(trust=None), SPANS)
    changed = [frame("safety", "New."), FRAMES[1]]
    Desk(ledger, "s1", "Ann", changed, clock=clock).commit("a", MARKED, SPANS)


def comparable(ledger: Ledger) -> list:
    rows = ledger.rows("codings", sample="s1", coder=None, piece=None, coding=None, withdrawn=1)
    return [{key: value for key, value in row.items() if key != "coding"} for row in rows]


def test_a_backup_rebuilds_all_of_it(ledger: Ledger, tmp_path: Path) -> None:
    busy(ledger)
    saved = csv_bytes(backup(ledger, "s1"))
    (tmp_path / "new").mkdir()
    other = open_ledger(tmp_path / "new")
    taken = taken_in(other, saved, coder=None)
    assert taken.added == 5
    assert "was not there" in taken.notices[0]
    assert comparable(other) == comparable(ledger)
    for query in ("sample_pieces", "draws", "sample_row"):
        assert other.rows(query, sample="s1") == ledger.rows(query, sample="s1")
    assert csv_bytes(backup(other, "s1")) == saved


def test_a_backup_again_changes_nothing(ledger: Ledger) -> None:
    busy(ledger)
    before = contents(ledger)
    taken = taken_in(ledger, csv_bytes(backup(ledger, "s1")), coder=None)
    assert (taken.added, taken.same) == (0, 5)
    assert contents(ledger) == before


def test_a_backup_gives_back_what_was_lost_and_no_more(ledger: Ledger) -> None:
    busy(ledger)
    saved = csv_bytes(backup(ledger, "s1"))
    Desk(ledger, "s1", "Ann", FRAMES).undo()  # later than the backup: it stays taken back
    assert taken_in(ledger, saved, coder=None).added == 0
    assert mine(ledger).keys() == {"b"}


def test_bad_backups(ledger: Ledger, tmp_path: Path) -> None:
    busy(ledger)
    saved = csv_bytes(backup(ledger, "s1")).decode("utf-8-sig")
    (tmp_path / "new").mkdir()
    other = open_ledger(tmp_path / "new")
    assert "of the sample 's1', not 's2'" in refusal(other, saved, coder=None, sample="s2")
    assert "there is no column 'piece'" in refusal(other, "record,sample\nsample,s1\n", coder=None)
    assert "0:0-11" in saved
    assert "number:start-end" in refusal(other, saved.replace("0:0-11", "0:x"), coder=None)
    assert "record is 'coded'" in refusal(other, saved.replace("coding,s1", "coded,s1"), coder=None)
    codings = "\n".join(x for x in saved.splitlines() if not x.startswith("piece,")) + "\n"
    assert "lacks rows" in refusal(other, codings, coder=None)
    assert "no JSON object" in refusal(other, saved.replace('"{""', '"[""'), coder=None)
    (tmp_path / "x").mkdir()
    made = made_ledger(tmp_path / "x", pieces=["q"])
    assert "lacks the piece 'a'" in refusal(made, saved, coder=None)
    assert made.rows("coders") == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("2999-01-01T00:00:00+00:00", "is to come"),
        ("2026-11-24T10:00:00", "has no zone"),
        ("yesterday", "can't be read"),
        ("0001-01-01T00:00:00+23:59", "can't be"),
    ],
)
def test_a_wrong_clock_is_told_and_the_time_of_import_kept(
    ledger: Ledger, given: str, said: str
) -> None:
    task = {
        "id": 7,
        "data": {"piece": "a"},
        "annotations": [{"completed_by": 1, "created_at": given, "result": []}],
    }
    taken = taken_in(ledger, json.dumps([task]), "in.json")
    assert any(said in notice and "time of import" in notice for notice in taken.notices)
    (one,) = Desk(ledger, "s1", "Ann", FRAMES).mine()
    assert one.committed_at == "2026-11-24T13:00:00.000+00:00"


def choices(*labels: str) -> dict:
    return {"type": "choices", "from_name": "f", "to_name": "text", "value": {"choices": [*labels]}}


def stretch(start: int, end: int, label: str, to: str = "text", text: str | None = None) -> dict:
    value = {"start": start, "end": end, "labels": [label]} | ({"text": text} if text else {})
    return {"type": "labels", "from_name": "l", "to_name": to, "value": value}


def task(piece: str, *results: list, by=1, **more) -> dict:
    made = [
        {"completed_by": by + number if isinstance(by, int) else by, "result": result, **more}
        for number, result in enumerate(results)
    ]
    return {"id": 9, "data": {"piece": piece, "text": TEXT}, "annotations": made}


def studio(ledger: Ledger, *tasks: dict, coder: str | None = "Ann", **how) -> Taken:
    return taken_in(ledger, json.dumps(tasks), "in.json", coder, **how)


def test_label_studio_choices_of_several_taggers(ledger: Ledger) -> None:
    taken = studio(
        ledger,
        task("a", [choices("Safety", "trust?")], [choices("TRUST")], lead_time=3.5),
        task("b", [choices("none")], by={"email": "x@y.example", "id": 3}),
        coder=None,
    )
    assert taken.coders == ["tagger 1", "tagger 2", "x@y.example"]
    assert mine(ledger, "tagger 1")["a"] == Marks({"safety": True, "trust": None}, {}, "", 3.5)
    assert mine(ledger, "tagger 2")["a"].frames == {"safety": False, "trust": True}
    assert mine(ledger, "x@y.example")["b"].frames == {"safety": False, "trust": False}


def test_label_studio_labels_on_text_mark_sentences(ledger: Ledger) -> None:
    # Browsers count the picture as two characters.
    nobody = stretch(22, 28, "trust", text="Nobody")
    studio(ledger, task("a", [stretch(4, 9, "safety", text="chief"), nobody]))
    studio(ledger, task("b", [stretch(0, 4, "safety", "title", "Vote"), choices("trust")]))
    assert mine(ledger)["a"].sentences == {"safety": (1,), "trust": (2,)}
    assert mine(ledger)["b"] == Marks({"safety": True, "trust": True}, {"safety": (0,)})
    spans = {one.piece: one.spans for one in Desk(ledger, "s1", "Ann", FRAMES).mine()}
    assert spans["a"] == (tuple(SPANS[1]), tuple(SPANS[2]))


def test_label_studio_skipped_and_empty_annotations_are_told(ledger: Ledger) -> None:
    skipped = task("b", [choices("safety")], was_cancelled=True)
    taken = studio(ledger, task("a", []), skipped)
    assert taken.added == 1
    assert any("1 skipped" in one for one in taken.notices)
    assert any("without any label" in one for one in taken.notices)


BAD_TASKS = {
    "unknown piece": (task("zz", [choices("safety")]), "'zz' is not in the sample"),
    "unknown label": (task("a", [choices("mood")]), "task 9, tagger 1: 'mood' is no frame"),
    "no piece": ({"id": 4, "data": {"text": "x"}, "annotations": []}, "task 4: its data names no"),
    "other words": (task("a", [stretch(0, 5, "safety", text="other")]), "are not 'other'"),
    "beyond the text": (task("a", [stretch(0, 999, "safety")]), "has no characters 0 to 999"),
    "no stretch": (task("a", [stretch(5, 5, "safety")]), "no stretch"),
    "a box": (
        task("a", [{"type": "rectanglelabels", "value": {"x": 1}}]),
        "type 'rectanglelabels'",
    ),
    "a result that is none": (task("a", "x"), "its result is no list"),
    "several taggers": (task("a", [], []), "2 taggers, not of 'Ann' alone"),
}


@pytest.mark.parametrize("fault", BAD_TASKS)
def test_bad_label_studio_tasks(ledger: Ledger, fault: str) -> None:
    one, said = BAD_TASKS[fault]
    assert said in refusal(ledger, json.dumps([one, {"annotations": 1}]), "in.json")


def doccano(ledger: Ledger, *records: dict, coder: str | None = "Ann") -> Taken:
    return taken_in(ledger, "".join(json.dumps(one) + "\n" for one in records), "in.jsonl", coder)


def test_doccano_labels_and_spans(ledger: Ledger) -> None:
    whole = f"{TITLE}\n\n{TEXT}"
    place = whole.index("Nobody")
    spans = [[place, place + 6, "trust"], [0, 4, "safety"]]
    entities = [{"id": 1, "label": "safety", "start_offset": 4, "end_offset": 9}]
    taken = doccano(
        ledger,
        {"id": 1, "text": TEXT, "label": ["safety"], "piece": "a", "Comments": ["unsure"]},
        {"id": 2, "text": whole, "label": spans, "meta": {"piece": "b"}},
        {"id": 3, "text": TEXT, "entities": entities, "relations": [], "piece_id": "c"},
        {"id": 4, "text": TEXT, "label": "trust?", "piece": "=d"},
    )
    assert taken.added == 4
    assert mine(ledger) == {
        "a": Marks({"safety": True, "trust": False}, {}, "unsure"),
        "b": Marks({"safety": True, "trust": True}, {"safety": (0,), "trust": (2,)}),
        "c": Marks({"safety": True, "trust": False}, {"safety": (1,)}),
        "=d": Marks({"safety": False, "trust": None}),
    }


def test_one_doccano_record_is_a_file_too(ledger: Ledger) -> None:
    assert doccano(ledger, {"text": TEXT, "label": [], "piece": "a"}).added == 1


BAD_RECORDS = {
    "no piece": ({"id": 1, "text": TEXT, "label": []}, "line 1: it names no piece"),
    "unknown label": ({"piece": "a", "label": ["mood"]}, "line 1: 'mood' is no frame"),
    "a label's number": ({"piece": "a", "label": [3]}, "'3' in label is no label"),
    "another text": (
        {"piece": "a", "text": "Other words.", "label": [[0, 5, "safety"]]},
        "not the piece's text",
    ),
    "between sentences": (
        {"piece": "a", "text": f"{TEXT} more", "label": [[len(TEXT) + 1, len(TEXT) + 5, "trust"]]},
        "lie in no sentence",
    ),
    "of another": ({"piece": "a", "label": [], "annotator": "Ben"}, "is 'Ben', not 'Ann'"),
}


@pytest.mark.parametrize("fault", BAD_RECORDS)
def test_bad_doccano_records(ledger: Ledger, fault: str) -> None:
    record, said = BAD_RECORDS[fault]
    assert said in refusal(ledger, json.dumps(record) + "\n", "in.jsonl")


BAD_JSON = {
    "a file of nothing known": ('[{"x": 1}]', "neither a Label Studio nor a doccano export"),
    "half a file": ('[{"annotations": [', "not valid JSON"),
    "a bad line": ('{"label": [], "piece": "a"}\n{"lab', "line 2: not valid JSON"),
    "no text": (b'[{"a": "\xff\xfe"}]', "save the file as UTF-8"),
    "nested without end": ("[" * 100_000, "not valid JSON"),
}


@pytest.mark.parametrize("fault", BAD_JSON)
def test_bad_json(ledger: Ledger, fault: str) -> None:
    content, said = BAD_JSON[fault]
    assert said in refusal(ledger, content, "in.json")


def test_files_and_samples_that_are_not_there(ledger: Ledger) -> None:
    with pytest.raises(FramescopeError, match="no such file"):
        import_file(ledger, BUILD, Path("none.csv"), "s1", coder="Ann", now=NOW)
    for name, content in [
        ("in.csv", HEAD + "a,1,0\n"),
        ("in.jsonl", '{"label": [], "piece": "a"}'),
    ]:
        assert "there is no sample 's9'" in refusal(ledger, content, name, sample="s9")


@pytest.mark.parametrize("text", ["=1", "'=1", "''+x", "plain", "'plain", "-", "", "@a\tb"])
def test_defused_text_can_be_had_back(text: str) -> None:
    cell = defused(pl.DataFrame({"a": [text]}))["a"][0]
    assert cell[:1] not in set("=+-@\t\r") or not cell
    assert undefused(cell) == text
