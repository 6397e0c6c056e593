"""Labelling a table: every kind in, every kind out, offsets of the text as given, clear errors."""

import csv
import json

import polars as pl
import pytest

from analysis.errors import FramescopeError, SourceError, UsageError
from analysis.frames import load_codebook
from analysis.frames.training import load_pieces, load_training
from analysis.label import label

FRAMES = load_codebook().ids
ROWS = pl.DataFrame(
    {
        "id": ["a", "=b", "c"],
        "title": ["Deputies accused of profiling Latino drivers", None, "Rain expected"],
        "text": [
            "A suit says deputies stopped drivers because they look Hispanic.\r\nThe sheriff denied it.",
            "  “Gunmen” killed three people in the store… Police fear another attack. ",
            "",
        ],
    }
)


def written(path, rows=ROWS):
    if path.suffix == ".csv":
        rows.write_csv(path)
    elif path.suffix == ".jsonl":
        rows.write_ndjson(path)
    elif path.suffix == ".xlsx":
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        book.active.append(rows.columns)
        for row in rows.iter_rows():
            book.active.append([f"{cell}" if cell is not None else None for cell in row])
            for cell in book.active[book.active.max_row]:
                cell.data_type = "s" if cell.value is not None else "n"
        book.save(path)
    else:
        rows.write_parquet(path)
    return path


def read(path):
    if path.suffix == ".csv":
        return pl.read_csv(path)
    return pl.read_ndjson(path) if path.suffix == ".jsonl" else pl.read_parquet(path)


@pytest.mark.parametrize("kind", [".csv", ".jsonl", ".parquet", ".xlsx"])
def test_every_kind_of_table_gives_the_same(tmp_path, kind):
    rows = ROWS.with_columns(pl.col("text").str.replace("\r\n", " "))
    label(written(tmp_path / f"in{kind}", rows), tmp_path / "out.parquet")
    label(written(tmp_path / "reference.parquet", rows), tmp_path / "reference_out.parquet")
    found = read(tmp_path / "out.parquet")
    assert found.equals(read(tmp_path / "reference_out.parquet"))
    assert found.columns == ["id", *FRAMES, *(f"{f}_present" for f in FRAMES), "dominant"]
    assert found["id"].to_list() == ["a", "=b", "c"]
    assert set(found["dominant"]) <= {*FRAMES, "none"}
    assert found["profiling_present"][0]
    assert found["safety_present"][1]


@pytest.mark.parametrize("kind", [".csv", ".jsonl", ".parquet"])
def test_every_kind_of_result_says_the_same(tmp_path, kind):
    source = written(tmp_path / "in.parquet")
    label(source, tmp_path / f"out{kind}", sentences=tmp_path / f"sentences{kind}")
    label(source, tmp_path / "ref.parquet", sentences=tmp_path / "ref_s.parquet")
    for name, reference in (("out", "ref"), ("sentences", "ref_s")):
        found = read(tmp_path / f"{name}{kind}").drop("id")
        expected = read(tmp_path / f"{reference}.parquet").drop("id")
        assert found.to_dicts() == expected.to_dicts()


def test_offsets_hold_for_the_text_as_given(tmp_path):
    report = label(
        written(tmp_path / "in.parquet"), tmp_path / "o.csv", sentences=tmp_path / "s.parquet"
    )
    found = read(tmp_path / "s.parquet")
    texts = dict(ROWS.select("id", "text").iter_rows())
    for row in found.filter(pl.col("sentence") > 0).to_dicts():
        sentence = texts[row["id"]][row["start"] : row["end"]]
        assert sentence == sentence.strip() != ""
    headlines = found.filter(sentence=0)
    assert headlines["id"].to_list() == ["a", "=b", "c"]
    assert headlines["start"].null_count() == 3
    assert (report.pieces, report.sentences) == (3, found.height)
    for frame in FRAMES:
        by_piece = found.group_by("id", maintain_order=True).agg(pl.col(f"{frame}_present").any())
        pieces = read(tmp_path / "o.csv")
        assert by_piece[f"{frame}_present"].to_list() == pieces[f"{frame}_present"].to_list()


def test_given_spans_are_the_sentences(tmp_path):
    spans = [[[2, 9], [10, 20]], None, []]
    for kind in (".parquet", ".jsonl", ".csv"):
        column = (
            spans if kind != ".csv" else [json.dumps(s) if s is not None else "" for s in spans]
        )
        label(
            written(tmp_path / f"in{kind}", ROWS.with_columns(spans=pl.Series(column))),
            tmp_path / "o.csv",
            sentences=tmp_path / "s.parquet",
        )
        found = read(tmp_path / "s.parquet")
        first = found.filter((pl.col("id") == "a") & (pl.col("sentence") > 0))
        assert first.select("start", "end").rows() == [(2, 9), (10, 20)]
        assert found.filter(id="=b").height == 3
        assert found.filter(id="c").height == 1


@pytest.mark.parametrize(
    "bad", ["[[0, 9999]]", "[[5, 2]]", "[[0]]", "[1]", "nonsense", "[[0, 1.5]]"]
)
def test_bad_spans_are_told_with_their_row(tmp_path, bad):
    source = written(tmp_path / "in.csv", ROWS.with_columns(spans=pl.Series(["[]", bad, "[]"])))
    with pytest.raises(SourceError, match="row 2, column spans"):
        label(source, tmp_path / "o.csv")
    assert not (tmp_path / "o.csv").exists()


def test_columns_can_be_mapped_and_title_left_out(tmp_path):
    renamed = ROWS.rename({"id": "key", "title": "kopf", "text": "koerper"})
    source = written(tmp_path / "in.parquet", renamed)
    with pytest.raises(SourceError, match="--map"):
        label(source, tmp_path / "o.csv")
    mapping = {"id": "key", "title": "kopf", "text": "koerper"}
    assert label(source, tmp_path / "o.csv", mapping=mapping).pieces == 3
    without = label(
        source, tmp_path / "p.csv", mapping=mapping | {"title": ""}, sentences=tmp_path / "s.csv"
    )
    assert without.pieces == 3
    assert read(tmp_path / "s.csv").filter(sentence=0)["safety"].to_list() == [0.0] * 3


@pytest.mark.parametrize("name", ["id", "title", "text"])
def test_missing_column_is_told(tmp_path, name):
    with pytest.raises(SourceError, match=f"no column '{name}'.*there are"):
        label(written(tmp_path / "in.csv", ROWS.drop(name)), tmp_path / "o.csv")


def test_cells_that_start_a_formula_are_defused_in_csv_only(tmp_path):
    source = written(tmp_path / "in.parquet")
    label(source, tmp_path / "o.csv")
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["id"] for row in csv.DictReader(stream)] == ["a", "'=b", "c"]
    label(source, tmp_path / "o.jsonl")
    assert read(tmp_path / "o.jsonl")["id"].to_list() == ["a", "=b", "c"]


def test_numbers_are_fine_as_ids(tmp_path):
    rows = ROWS.with_columns(id=pl.Series([1, 2, 3]))
    label(written(tmp_path / "in.parquet", rows), tmp_path / "o.parquet")
    assert read(tmp_path / "o.parquet")["id"].to_list() == ["1", "2", "3"]


def test_a_row_without_id_is_told(tmp_path):
    rows = ROWS.with_columns(id=pl.Series(["a", None, "c"]))
    with pytest.raises(SourceError, match=r"row 2, column id"):
        label(written(tmp_path / "in.parquet", rows), tmp_path / "o.csv")


@pytest.mark.parametrize(
    ("out", "error", "said"),
    [
        ("o.txt", UsageError, "ending '.txt'"),
        ("o", UsageError, "ending ''"),
        ("none/o.csv", FramescopeError, "folder is not there"),
        ("in.parquet", UsageError, "same file"),
        ("folder.csv", FramescopeError, "this is a folder"),
    ],
)
def test_results_that_cannot_be_written_are_told(tmp_path, out, error, said):
    source = written(tmp_path / "in.parquet")
    before = source.read_bytes()
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(error, match=said) as caught:
        label(source, tmp_path / out)
    assert caught.value.remedy
    assert source.read_bytes() == before


def test_no_rows_is_told_and_leaves_an_old_result_alone(tmp_path):
    (tmp_path / "o.csv").write_text("old", encoding="utf-8")
    with pytest.raises(SourceError, match="no rows"):
        label(written(tmp_path / "in.csv", ROWS.head(0)), tmp_path / "o.csv")
    assert (tmp_path / "o.csv").read_text(encoding="utf-8") == "old"
    assert not list(tmp_path.glob("*.part"))


def test_batches_make_no_difference(tmp_path, monkeypatch):
    from analysis.label import run as module

    many = pl.concat([ROWS.with_columns(id=pl.col("id") + f"{n}") for n in range(5)])
    source = written(tmp_path / "in.parquet", many)
    label(source, tmp_path / "whole.csv", sentences=tmp_path / "whole_s.jsonl")
    small = module.Limits(batch_rows=2, batch_chars=4_000)
    monkeypatch.setattr(module, "_LIMITS", small)
    label(source, tmp_path / "parts.csv", sentences=tmp_path / "parts_s.jsonl")
    for one, other in (("whole.csv", "parts.csv"), ("whole_s.jsonl", "parts_s.jsonl")):
        assert read(tmp_path / one).equals(read(tmp_path / other))


def test_the_parts_of_a_score_add_up(tmp_path):
    source = written(tmp_path / "in.parquet", ROWS)
    label(
        source,
        tmp_path / "o.parquet",
        sentences=tmp_path / "s.parquet",
        sums=tmp_path / "e.parquet",
    )
    scores = read(tmp_path / "s.parquet")
    frames = [name for name in scores.columns if f"{name}_present" in scores.columns]
    keys = ["id", "sentence", "frame"]
    long = pl.concat(
        scores.select(
            "id",
            "sentence",
            pl.lit(frame).alias("frame"),
            pl.col(frame).alias("score"),
            pl.col(f"{frame}_present").alias("present"),
        )
        for frame in frames
    )
    sums = read(tmp_path / "e.parquet").group_by(keys).agg(pl.col("contribution").sum())
    joined = long.join(sums, on=keys, how="full", coalesce=True)
    told = joined.filter("present")
    assert told.height > 3
    assert joined.filter(~pl.col("present"))["contribution"].is_null().all()
    nearest = read(tmp_path / "e.parquet").filter(source="embedding")["what"]
    frames_of = load_codebook().ids
    known = {*load_training(frames_of)["text"], *load_pieces(frames_of)["text"]}
    assert nearest.len() > 0
    assert set(nearest) <= known
    logistic = 1 / (1 + (-told["contribution"]).exp())
    assert (logistic - told["score"]).abs().max() < 1e-6


def test_workers_make_no_difference(tmp_path, monkeypatch):
    from analysis.label import run as module

    many = pl.concat([ROWS.with_columns(id=pl.col("id") + f"{n}") for n in range(40)])
    source = written(tmp_path / "in.parquet", many)
    monkeypatch.setattr(module, "_LIMITS", module.Limits(batch_rows=3, batch_chars=4_000))
    for workers in (1, 2):
        label(
            source,
            tmp_path / f"o{workers}.parquet",
            sentences=tmp_path / f"s{workers}.parquet",
            workers=workers,
        )
    for kind in "os":
        one, two = (read(tmp_path / f"{kind}{workers}.parquet") for workers in (1, 2))
        assert one.equals(two)
