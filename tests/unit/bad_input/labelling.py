"""Tables, ids, spans and results of framescope label."""

from __future__ import annotations

from tests.unit.bad_input.edge import LABEL, Case, codebook, folder, locked, rows, shut

OTHER = "label other.jsonl --out out.csv"

CASES = [
    Case("label: file not there", "label none.csv --out out.csv", "No such file"),
    Case("label: no result named", "label rows.jsonl", "--out", 2),
    Case("label: result of no kind", "label rows.jsonl --out out.xyz", "'.xyz' is not known", 2),
    Case("label: result over the input", "label rows.jsonl --out rows.jsonl", "the same file", 2),
    Case("label: two results in one", f"{LABEL} --sentences out.csv", "the same file", 2),
    Case("label: folder not there", "label rows.jsonl --out no/out.csv", "the folder is not there"),
    Case(
        "label: into a folder",
        "label rows.jsonl --out d.csv",
        "this is a folder",
        make=lambda f: (f / "d.csv").mkdir(),
    ),
    Case("label: unknown field", f"{LABEL} --map outlet=title", "no field 'outlet'", 2),
    Case(
        "label: no text column",
        "label other.jsonl --out out.csv",
        "no column 'text'",
        make=rows('{"id": 1, "title": "A"}\n'),
    ),
    Case(
        "label: no id column",
        "label other.jsonl --out out.csv",
        "no column 'id'",
        make=rows('{"title": "A", "text": "B"}\n'),
    ),
    Case(
        "label: an id is empty",
        "label other.jsonl --out out.csv",
        "the id is empty",
        make=rows('{"id": "", "title": "A", "text": "B"}\n'),
    ),
    Case(
        "label: a text is a list",
        "label other.jsonl --out out.csv",
        "no text here",
        make=rows('{"id": 1, "title": "A", "text": ["B"]}\n'),
    ),
    Case(
        "label: spans beyond the text",
        "label other.jsonl --out out.csv",
        "no sentences of a text",
        make=rows('{"id": 1, "title": "A", "text": "B", "spans": [[0, 9]]}\n'),
    ),
    Case(
        "label: spans backwards",
        "label other.jsonl --out out.csv",
        "no sentences of a text",
        make=rows('{"id": 1, "title": "A", "text": "B b", "spans": [[3, 1]]}\n'),
    ),
    Case(
        "label: spans of words",
        "label other.jsonl --out out.csv",
        "no sentences of a text",
        make=rows('{"id": 1, "title": "A", "text": "B", "spans": "all"}\n'),
    ),
    Case(
        "label: no rows",
        "label other.csv --out out.csv",
        "no rows",
        make=rows("id,title,text\n", "other.csv"),
    ),
    Case("label: empty file", "label other.csv --out out.csv", "empty", make=rows("", "other.csv")),
    Case("label: codebook not there", f"{LABEL} --codebook none.toml", "no such file"),
    Case(
        "label: codebook without a model",
        f"{LABEL} --codebook book.toml",
        "train",
        make=codebook('id = "own"\n[[frame]]\nid = "cost"\ndefinition = "Money."\n'),
    ),
    Case(
        "label: frame called like a column",
        f"{LABEL} --codebook book.toml",
        "dominant",
        1,
        make=codebook('id = "own"\n[[frame]]\nid = "dominant"\ndefinition = "Money."\n'),
    ),
    *(
        Case(
            f"label: spans {name}",
            OTHER,
            "no sentences of a text",
            make=rows(f'{{"id": 1, "title": "A", "text": "Some text.", "spans": {spans}}}\n'),
            where="other.jsonl, row 1, column spans",
        )
        for name, spans in [
            ("of a number", "5"),
            ("as one flat list", "[0, 4]"),
            ("of fractions", "[[0.0, 4.0]]"),
            ("of truths", "[[true, false]]"),
            ("below zero", "[[-1, 4]]"),
            ("of three", "[[0, 1, 2]]"),
            ("of nothing and a number", "[[null, 3]]"),
            ("as objects", '[{"start": 0, "end": 3}]'),
            ("of texts", '[["0", "3"]]'),
            ("beyond all numbers", f"[[0, {10**30}]]"),
            ("of one good, one bad", "[[0, 4], [5, 99]]"),
            ("in a text that is no JSON", '"[[0, 4"'),
            ("in a text nested without end", f'"{"[" * 5000}"'),
            ("in a text of 5,000 digits", f'"[[0, {"9" * 5000}]]"'),
            ("nested deep", "[" * 300 + "]" * 300),
        ]
    ),
    *(
        Case(
            f"label: an id {name}",
            OTHER,
            says,
            make=rows(f'{{"id": {key}, "title": "A", "text": "B"}}\n'),
            where="other.jsonl, row 1, column id",
        )
        for name, key, says in [
            ("of nothing", "null", "the id is empty"),
            ("of blanks", '"  "', "the id is empty"),
            ("that is no number", "NaN", "the id is empty"),
            ("that is a list", '["a"]', "no text here"),
            ("that is an object", '{"a": 1}', "no text here"),
        ]
    ),
    Case(
        "label: an empty id after good rows",
        OTHER,
        "other.jsonl, row 3, column id: the id is empty",
        make=rows('{"id": 1, "title": "A", "text": "B"}\n' * 2 + '{"title": "A", "text": "B"}\n'),
    ),
    Case(
        "label: a title is an object",
        OTHER,
        "column title: there is no text here",
        make=rows('{"id": 1, "title": {"a": 1}, "text": "B"}\n'),
    ),
    Case(
        "label: a text nested deep",
        OTHER,
        "no text here",
        make=rows('{"id": 1, "title": "A", "text": ' + "[" * 300 + "]" * 300 + "}\n"),
    ),
    Case("label: no row is JSON", OTHER, "no row is an object", make=rows("x\ny\n")),
    Case("label: no row is an object", OTHER, "no row is an object", make=rows("[1]\n2\n")),
    Case(
        "label: no title column",
        OTHER,
        "no column 'title'",
        make=rows('{"id": 1, "text": "A"}\n'),
        where="--map title=",
    ),
    Case("label: map to no column", f"{LABEL} --map text=body", "no column 'body' for text"),
    Case("label: map without a sign", f"{LABEL} --map text", "not FIELD=COLUMN", 2),
    Case("label: map of a field twice", f"{LABEL} --map id=id --map id=title", "twice", 2),
    Case("label: a folder", "label project --out out.csv", "project: this is a folder"),
    Case("label: a device", "label /dev/null --out out.csv", "/dev/null: the file is empty"),
    Case("label: the corpus", "label project/corpus.duckdb --out out.csv", "neither text"),
    Case("label: nothing", "label '' --out out.csv", "path is empty", 2),
    Case("label: result of no ending", "label rows.jsonl --out out", "the ending ''", 2),
    Case("label: result xlsx", "label rows.jsonl --out out.xlsx", "the ending '.xlsx'", 2),
    Case("label: result of nothing", "label rows.jsonl --out ''", "path is empty", 2),
    Case(
        "label: result over the input by another way",
        "label rows.jsonl --out ./project/../rows.jsonl",
        "the same file",
        2,
    ),
    Case("label: a name too long", f"label rows.jsonl --out {'x' * 251}.csv", "name too long"),
    Case("label: below a file", "label rows.jsonl --out rows.jsonl/o.csv", "folder is not there"),
    Case(
        "label: where a folder of the draft's name is",
        LABEL,
        "out.csv: the file can't be written",
        make=folder("out.csv.part"),
    ),
    Case("label: sentences of no kind", f"{LABEL} --sentences s.txt", "'.txt' is not known", 2),
    Case("label: sentences over the input", f"{LABEL} --sentences rows.jsonl", "the same file", 2),
    Case("label: sentences in no folder", f"{LABEL} --sentences no/s.csv", "no: the folder is not"),
    Case(
        "label: sentences into a folder",
        f"{LABEL} --sentences s.csv",
        "s.csv: this is a folder",
        make=folder("s.csv"),
    ),
    *(
        Case(
            f"label: {kind} on a full disk",
            f"label rows.jsonl --out out.{kind}",
            f"out.{kind}: the file can't be written",
            make=rows("what was there", f"out.{kind}"),
            space=50,
        )
        for kind in ("csv", "jsonl", "parquet")
    ),
    Case(
        "label: into a folder without rights",
        "label rows.jsonl --out shut/o.csv",
        "shut/o.csv: the file can't be written",
        make=locked,
        user=True,
    ),
    Case(
        "label: a file without rights",
        LABEL,
        "rows.jsonl: the file can't be read",
        make=shut("rows.jsonl"),
        user=True,
    ),
]
