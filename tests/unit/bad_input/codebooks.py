"""Codebooks that break the rules."""

from __future__ import annotations

from tests.unit.bad_input.edge import LABEL, Case, codebook, shut

CASES = [
    Case(
        f"codebook: {name}",
        f"{LABEL} --codebook book.toml",
        says,
        make=codebook(text),
        where="book.toml",
    )
    for name, text, says in [
        ("not TOML", "[[", "not valid TOML"),
        ("no frames", 'id = "own"', "there are no frames"),
        ("frames are a text", 'id = "own"\nframe = "a"', "there are no frames"),
        ("no id", '[[frame]]\nid = "a"\ndefinition = "x"', "id is missing"),
        ("a frame without an id", 'id = "own"\n[[frame]]\ndefinition = "x"', "id is missing"),
        (
            "a frame without a definition",
            'id = "own"\n[[frame]]\nid = "a"',
            "definition is missing",
        ),
        (
            "an id with a blank",
            'id = "own"\n[[frame]]\nid = "a b"\ndefinition = "x"',
            "id is 'a b'",
        ),
        (
            "an id twice",
            'id = "own"\n' + '[[frame]]\nid = "a"\ndefinition = "x"\n' * 2,
            "used twice",
        ),
        ("unknown key", 'id = "own"\ncolor = 1\n[[frame]]\nid = "a"\ndefinition = "x"', "'color'"),
        (
            "no colour",
            'id = "own"\n[[frame]]\nid = "a"\ndefinition = "x"\ncolour = "red"',
            "colour is 'red'",
        ),
        (
            "include is a text",
            'id = "own"\n[[frame]]\nid = "a"\ndefinition = "x"\ninclude = "y"',
            "include is not",
        ),
        (
            "example without a text",
            'id = "own"\n[[frame]]\nid = "a"\ndefinition = "x"\nexamples = [{why = "y"}]',
            "example 1",
        ),
        ("empty", "", "there are no frames"),
        ("a table of data", "id,title\n1,2\n", "not valid TOML"),
        ("not UTF-8", b'id = "caf\xe9"', "can't be read"),
        ("UTF-16", 'id = "a"'.encode("utf-16"), "can't be read"),
        ("a key twice", 'id = "a"\nid = "b"', "not valid TOML"),
        ("nested without end", "a = " + "[" * 5000, "not valid TOML"),
        ("a number of 5,000 digits", "version = " + "9" * 5000, "not valid TOML"),
        ("one frame as a table", 'id = "own"\n[frame]\nid = "a"', "there are no frames"),
        ("frames of numbers", 'id = "own"\nframe = [1]', "frame 1: not a table"),
        ("frames of nothing", 'id = "own"\nframe = []', "there are no frames"),
        ("id is a number", 'id = 5\n[[frame]]\nid = "a"\ndefinition = "x"', "id is not a text"),
        ("id in capitals", 'id = "OWN"\n[[frame]]\nid = "a"\ndefinition = "x"', "id is 'OWN'"),
        (
            "title is a number",
            'id = "own"\ntitle = 3\n[[frame]]\nid = "a"\ndefinition = "x"',
            "title is not a text",
        ),
        (
            "version is a number",
            'id = "own"\nversion = 3\n[[frame]]\nid = "a"\ndefinition = "x"',
            "version is not a text",
        ),
        (
            "unit is a list",
            'id = "own"\nunit = []\n[[frame]]\nid = "a"\ndefinition = "x"',
            "unit is not a text",
        ),
        (
            "borderline is a text",
            'id = "own"\nborderline = "x"\n[[frame]]\nid = "a"\ndefinition = "x"',
            "borderline is not a list",
        ),
        (
            "rulings of numbers",
            'id = "own"\nrulings = [1]\n[[frame]]\nid = "a"\ndefinition = "x"',
            "rulings is not a list",
        ),
        ("a frame's id of a digit", 'id = "own"\n[[frame]]\nid = "1a"\ndefinition = "x"', "'1a'"),
        (
            "a frame's id of a path",
            'id = "own"\n[[frame]]\nid = "../a"\ndefinition = "x"',
            "'../a'",
        ),
        (
            "a frame's unknown key",
            'id = "own"\n[[frame]]\nid = "a"\ndefinition = "x"\nweight = 2',
            "frame 1: unknown key 'weight'",
        ),
        ("a blank definition", 'id = "own"\n[[frame]]\nid = "a"\ndefinition = " "', "definition"),
        (
            "a definition of a list",
            'id = "own"\n[[frame]]\nid = "a"\ndefinition = []',
            "definition",
        ),
        (
            "a name of a number",
            'id = "own"\n[[frame]]\nid = "a"\ndefinition = "x"\nname = 4',
            "name is not a text",
        ),
        (
            "exclude of numbers",
            'id = "own"\n[[frame]]\nid = "a"\ndefinition = "x"\nexclude = [4]',
            "exclude is not a list",
        ),
        (
            "a colour of three digits",
            'id = "own"\n[[frame]]\nid = "a"\ndefinition = "x"\ncolour_dark = "#fff"',
            "'#fff'",
        ),
        (
            "examples are a text",
            'id = "own"\n[[frame]]\nid = "a"\ndefinition = "x"\nexamples = "y"',
            "examples is not a list",
        ),
        (
            "an example of a key too much",
            'id = "own"\n[[frame]]\nid = "a"\ndefinition = "x"\nexamples = [{ text = "y", by = "z" }]',
            "example 1: unknown key 'by'",
        ),
    ]
] + [
    Case("codebook: a folder", f"{LABEL} --codebook project", "project: can't be read"),
    Case("codebook: nothing", f"{LABEL} --codebook ''", "path is empty", 2),
    Case("codebook: a result", f"{LABEL} --codebook rows.jsonl", "rows.jsonl: not valid TOML"),
    Case(
        "codebook: without rights",
        f"{LABEL} --codebook book.toml",
        "book.toml: can't be read",
        make=lambda folder: (codebook("")(folder), shut("book.toml")(folder)),
        user=True,
    ),
]
