"""Files of codings that can't be taken in, of the sample a, b, c, =d and the frames safety, trust."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """`says` stands in the message; nothing is stored. `coder` None: the file tells."""

    name: str
    content: str | bytes
    says: str
    coder: str | None = "Ann"
    file: str = "in.csv"


@dataclass(frozen=True)
class Odd:
    """A file that is odd but clear: its codes of a are safety and trust, `notice` is told."""

    name: str
    content: str | bytes
    notice: str = ""
    file: str = "in.csv"


HEAD = "piece,safety,trust\n"
NOTE = "piece,safety,trust,note\n"
WHO = "piece,coder,safety,trust\n"
DEFS = "piece,safety,trust,definitions\n"
ROW = "a,1,0\n"
NO_CODE = "is none of 1, 0 and ?"

VALUES = [
    Case(f"value: {value!r}", f"{HEAD}a,{value},0\n", f"row 1: '{value}' in column safety {NO_CODE}")
    for value in ("yes", "no", "1.0", "0.0", "TRUE", "true", "False", "??", "x", "2", "-1", "01",
                  "\uff11", "\u00bd", "NA", "null", "None", "=1", "1?", "ja")
]  # fmt: skip

SHEETS = [
    Case(f"sheet: {name}", content, says)
    for name, content, says in [
        ("a code missing", f"{HEAD}a,,0\n", "row 1: no code for: safety"),
        ("empty", "", "the file is empty"),
        ("blank lines", "\n\n\n", "the file is empty"),
        ("header twice", HEAD + HEAD + ROW, f"row 1: 'safety' in column safety {NO_CODE}"),
        ("no header", ROW, "there is no column 'piece'"),
        ("header in capitals", f"Piece,Safety,Trust\n{ROW}", "there is no column 'piece'"),
        ("a cell too many", f"{HEAD}a,1,0,9\n", "row 1: the row has more or fewer cells"),
        ("a cell too few", f"{HEAD}a,1\n", "row 1: the row has more or fewer cells"),
        ("cut off", f"{HEAD}{ROW}b,1", "row 2: the row has more or fewer cells"),
        ("a quote never closed", f'{HEAD}"a,1,0\n', "row 1: a quote is opened and never closed"),
        ("a column twice", "piece,safety,safety,trust\na,1,0,1\n", "two columns 'safety'"),
        ("pieces twice", "piece,piece,safety,trust\na,b,1,0\n", "two columns 'piece'"),
        ("a row twice", HEAD + ROW + ROW, "row 2: 'a' is in row 1 already"),
        ("two minds", f"{HEAD}{ROW}a,0,0\n", "row 2: 'a' is in row 1 already"),
        ("an unknown piece", f"{HEAD}zz,1,0\n", "row 1: 'zz' is not in the sample 's1'"),
        ("no piece", f"{HEAD},1,0\n", "row 1: '' is not in the sample"),
        ("a piece in blanks", f"{HEAD} a ,1,0\n", "row 1: ' a ' is not in the sample"),
        ("a piece of 1 MB", f"{HEAD}{'z' * 10**6},1,0\n", f"'{'z' * 60}' is not in the sample"),
        ("a value of 100 kB", f"{HEAD}a,{'1' * 10**5},0\n", f"'{'1' * 40}' in column safety"),
        ("a note without end", f"{NOTE}a,1,0,{'x' * 20_000}\n", "the note has 20,000 characters"),
        ("an unknown frame", "piece,safety,trust,mood\na,1,0,1\n", "has no frame 'mood'"),
        ("a frame missing", "piece,safety\na,1\n", "no column for the frame 'trust'"),
        ("500 frames", f"piece,{','.join(f'x{n}' for n in range(500))}\n", "no frame 'x0'"),
        ("definitions of nothing", f"{DEFS}a,1,0,;;;\n", "definitions is not as it was written"),
        ("another's codes", f"{WHO}a,Ben,1,0\n", "row 1: the coder is 'Ben', not 'Ann'"),
        ("half a backup", f"record,{HEAD},{ROW}", "there is no column 'sample'"),
        ("two marks of order", b"\xef\xbb\xbf" * 2 + (HEAD + ROW).encode(), "no column 'piece'"),
        ("SQLite", b"SQLite format 3\0" + bytes(5000), "the file is an SQLite database"),
        ("a cut workbook", b"PK\x03\x04" + bytes(100), "the workbook is cut off or damaged"),
        ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(100), "the file is a picture"),
        ("a page", "<html><body>Sign in</body></html>", "the file is a web page"),
        ("a PDF", b"%PDF-1.4\n" + bytes(100), "the file is a PDF"),
        ("zero bytes", bytes(3000), "What to do"),
        ("a JSON value", "null", "there is no column 'piece'"),
    ]
]

NAMES = [
    Case(f"coder: {name}", f"{WHO}a,{coder},1,0\nb,Ann,1,0\n", says, None)
    for name, coder, says in [
        ("nobody", "", "the coder is not named"),
        ("blanks", " \u00a0 ", "the coder is not named"),
        ("1,000 characters", "x" * 1000, "the coder's name has 1000 characters"),
        ("steers the terminal", "A\x1b[2J", "'A\ufffd[2J' has control characters"),
        ("from right to left", "\u202eAnn", "'\ufffdAnn' has control characters"),
        ("a space of no width", "Ann\u200b", "has control characters"),
        ("a family of emoji", "\U0001f469\u200d\U0001f467", "has control characters"),
    ]
]


def task(piece: Any = "a", *results: Any, **more: Any) -> dict[str, Any]:
    annotation = {"completed_by": 1, "result": list(results), **more}
    return {"id": 7, "data": {"piece": piece}, "annotations": [annotation]}


def choices(*labels: Any) -> dict[str, Any]:
    return {"type": "choices", "value": {"choices": list(labels)}}


def stretch(start: Any, end: Any, **more: Any) -> dict[str, Any]:
    return {"type": "labels", "value": {"start": start, "end": end, "labels": ["safety"], **more}}


def studio(name: str, *tasks: Any, says: str, coder: str | None = "Ann") -> Case:
    return Case(f"Label Studio: {name}", json.dumps(tasks), says, coder, "in.json")


NEITHER = "neither a Label Studio nor a doccano export"
STUDIO = [
    studio("annotations are a number", {**task(), "annotations": 5}, says="are no list"),
    studio("annotations are an object", {**task(), "annotations": {"x": 1}}, says="are no list"),
    studio("annotations of texts", {**task(), "annotations": ["x"]}, says="is no object"),
    studio("data are a list", {**task(), "data": ["a"]}, says="its data names no piece"),
    studio("a piece is a list", task(["a"]), says="its data names no piece"),
    studio("a piece is true", task(True), says="its data names no piece"),
    studio("an unknown piece", task("zz"), says="task 7: 'zz' is not in the sample 's1'"),
    studio("a piece of 300 digits", task(10**300), says=f"'1{'0' * 59}' is not in the sample"),
    studio("a number of a task without end", {**task("z"), "id": "x" * 9999}, says="x: 'z' is not"),
    studio("an unknown choice", task("a", choices("mood")), says="'mood' is no frame"),
    studio("a choice of a number", task("a", choices(5)), says="a label is no text"),
    studio("a choice of nothing", task("a", {"type": "choices"}), says="has no value"),
    studio("a type that is a list", task("a", {"type": []}), says="none of choices and labels"),
    studio("a type that is an object", task("a", {"type": {}}), says="none of choices and labels"),
    studio("a rating", task("a", {"type": "rating", "value": {}}), says="of type 'rating'"),
    studio("results are a text", {**task(), "annotations": [{"result": "x"}]}, says="is no list"),
    studio("none and a frame", task("a", choices("none", "trust")), says="and names one too"),
    studio("yes and unsure", task("a", choices("trust", "trust?")), says="without a question mark"),
    studio("unsure and a stretch", task("a", choices("safety?"), stretch(0, 3)), says="question"),
    studio("half characters", task("a", stretch(0.5, 3)), says="has no start and end"),
    studio("true characters", task("a", stretch(False, True)), says="has no start and end"),
    studio("a stretch before the text", task("a", stretch(-5, 3)), says="are no stretch of text"),
    studio("a stretch in reverse", task("a", stretch(5, 3)), says="are no stretch of text"),
    studio("a stretch beyond", task("a", stretch(10**30, 10**31)), says="the text has no characters"),
    studio("other words", task("a", stretch(0, 3, text="xyz")), says="are not 'xyz'"),
    studio("a task twice", task(), task(), says="'a' is in task 7 already"),
    studio("a name that steers", task(completed_by={"email": "\x1b[2J"}), says="control", coder=None),
    studio("a note without end", task("a", {"type": "textarea", "value": {"text": ["x" * 20_000]}}),
           says="20,000 characters"),
    studio("numbers", 1, 2, says=NEITHER),
    studio("nothing", says=NEITHER),
    studio("JSON_MIN", {"id": 1, "piece": "a", "choice": "safety"}, says=NEITHER),
    *(
        Case(f"Label Studio: {name}", content, says, file="in.json")
        for name, content, says in [
            ("cut off", json.dumps([task()])[:-5], "not valid JSON"),
            ("two documents", json.dumps([task()]) * 2, "not valid JSON (Extra data"),
            ("nested without end", "[" * 100_000, "not valid JSON"),
            ("a number of 5,000 digits", f"[{'9' * 5000}]", "not valid JSON"),
            ("a zero byte", json.dumps([task()]) + "\0", "not valid JSON"),
            ("UTF-16", json.dumps([task()]).encode("utf-16"), "save the file as UTF-8 text"),
            ("Latin-1", b'[{"data": "caf\xe9"}]', "save the file as UTF-8 text"),
            ("half a character", '[{"data": {"piece": "\\ud800"}, "annotations": [{}]}]', "'?' is not"),
        ]
    ),
]  # fmt: skip


def doccano(name: str, *records: Any, says: str) -> Case:
    lines = "".join(json.dumps(record) + "\n" for record in records)
    return Case(f"doccano: {name}", lines, says, file="in.jsonl")


A = {"piece": "a", "label": []}
DOCCANO = [
    doccano("a label of a number", {**A, "label": 5}, says="line 1: '5' in label is no label"),
    doccano("a label of an object", {**A, "label": {"x": 1}}, says="a span is no start"),
    doccano("a label in lists", {**A, "label": [[["x"]]]}, says="is no label"),
    doccano("a label of nothing", {**A, "label": [""]}, says="'' is no frame"),
    doccano("a question mark", {**A, "label": ["?"]}, says="'?' is no frame"),
    doccano("a stretch of two", {**A, "label": [[0, 3]]}, says="'[0, 3]' in label is no label"),
    doccano("a stretch of texts", {**A, "label": [["0", 3, "trust"]]}, says="a span is no start"),
    doccano("a stretch of truths", {**A, "label": [[False, True, "trust"]]}, says="a span is no"),
    doccano("a stretch beyond", {**A, "label": [[0, 99999, "trust"]]}, says="has no characters"),
    doccano("a stretch of nothing known", {**A, "label": [[0, 3, "mood"]]}, says="'mood' is no"),
    doccano("an entity of nothing", {**A, "entities": [{}]}, says="a span is no start"),
    doccano("another text", {**A, "text": "x", "label": [[0, 1, "trust"]]}, says="not the piece's"),
    doccano("none and a frame", {**A, "label": ["none", "trust"]}, says="and names one too"),
    doccano("no piece", {"id": 3, "label": []}, says="line 1: it names no piece"),
    doccano("an unknown piece", {**A, "piece": "zz"}, says="line 1: 'zz' is not in the sample"),
    doccano("a record twice", A, A, says="line 2: 'a' is in line 1 already"),
    doccano("two minds", A, {**A, "label": ["trust"]}, says="line 2: 'a' is in line 1 already"),
    doccano("another's", {**A, "annotator": "B" * 10**5}, says=f"the annotator is '{'B' * 60}'"),
    doccano("a record of a number", A, 5, says="line 2: it names no piece"),
    Case(
        "doccano: a broken line",
        json.dumps(A) + "\n{x\n",
        "line 2: not valid JSON",
        file="in.jsonl",
    ),
    Case(
        "doccano: cut off",
        (json.dumps(A) + "\n") * 2 + '{"pie',
        "line 3: not valid",
        file="in.jsonl",
    ),
]

CASES = [*VALUES, *SHEETS, *NAMES, *STUDIO, *DOCCANO]

# What each says is safety present, trust absent.
ODD = [
    Odd("blanks around codes", f"{HEAD}a, 1 , 0\n"),
    Odd("semicolons", f"{HEAD}{ROW}".replace(",", ";")),
    Odd("tabs", f"{HEAD}{ROW}".replace(",", "\t")),
    Odd("bars", f"{HEAD}{ROW}".replace(",", "|")),
    Odd("lines of old Macs", f"{HEAD}{ROW}".replace("\n", "\r")),
    Odd("lines of Windows", f"{HEAD}{ROW}".replace("\n", "\r\n")),
    Odd("UTF-16", (HEAD + ROW).encode("utf-16")),
    Odd("UTF-16 without a mark", (HEAD + ROW).encode("utf-16-le")),
    Odd("UTF-32", (HEAD + ROW).encode("utf-32")),
    Odd("a mark of order", (HEAD + ROW).encode("utf-8-sig")),
    Odd("Latin-1", f"{NOTE}a,1,0,caf\xe9\n".encode("latin-1")),
    Odd("a zero byte in a note", f"{NOTE}a,1,0,x\0y\n"),
    Odd("a formula in a note", f'{NOTE}a,1,0,"=HYPERLINK(""http://x"")"\n'),
    Odd("an older codebook", f"{DEFS}a,1,0,safety=x\n"),
    Odd(
        "a separator of lines inside a text",
        json.dumps({**A, "label": ["safety"], "text": "x\u2028y"}, ensure_ascii=False),
        file="in.jsonl",
    ),
    Odd(
        "a time that can't be",
        json.dumps([task("a", choices("safety"), lead_time=10**400)]),
        file="in.json",
    ),
    *(
        Odd(
            f"a clock: {given}",
            json.dumps([task("a", choices("safety"), created_at=given)]),
            says,
            "in.json",
        )
        for given, says in [
            ("2090-01-01T00:00:00Z", "is to come"),
            ("1969-12-31T23:59:59Z", "is long past"),
            ("1980-01-01T00:00:00+00:00", "is long past"),
            ("2026-01-01T00:00:00", "has no zone"),
            ("2026-01-01", "has no zone"),
            ("yesterday", "can't be read"),
            ("9" * 10_000, "can't be read"),
            (5, "can't be read"),
            ("0001-01-01T00:00:00+23:59", "can't be"),
        ]
    ),
]
