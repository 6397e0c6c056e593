"""A project's own roles: taken from a table or a file, and each fault said in one message."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import ProjectError
from analysis.project import open_project


def project(root: Path, lines: str) -> Path:
    root.joinpath("framescope.toml").write_text(f'name = "x"\n{lines}\n', encoding="utf-8")
    return root


def test_a_table(tmp_path: Path) -> None:
    project(
        tmp_path,
        '[voices.people]\n"Manny Ruiz" = "police"\n[voices.phrases]\n"harbor panel" = "official"',
    )
    own = open_project(tmp_path).settings.voices
    assert (own.people, own.phrases) == ({"Manny Ruiz": "police"}, {"harbor panel": "official"})


def test_a_file(tmp_path: Path) -> None:
    tmp_path.joinpath("mine.toml").write_text(
        '[people]\n"Manny Ruiz" = "police"\n', encoding="utf-8"
    )
    project(tmp_path, 'voices = "mine.toml"')
    assert open_project(tmp_path).settings.voices.people == {"Manny Ruiz": "police"}


@pytest.mark.parametrize(
    ("lines", "file", "said", "where"),
    [
        ("voices = 3", None, "neither a file nor a table", "framescope.toml"),
        ('voices = "mine.toml"', None, "'mine.toml' is not there", "framescope.toml"),
        ('voices = "mine.toml"', "[people", "not valid TOML", "mine.toml"),
        ('voices = "mine.toml"', b"\xff\xfe\x00x", "can't be read", "mine.toml"),
        ('voices = "mine.toml"', '[persons]\na = "police"', "unknown key 'persons'", "mine.toml"),
        ("[voices]\npeople = 3", None, "people is not a table", "framescope.toml"),
        ('[voices.people]\n"A B" = "boss"', None, "role 'boss', which there is not", "framescope.toml"),
        ('[voices.people]\n"A B" = 3', None, "the role 3", "framescope.toml"),
        ('[voices.phrases]\n" " = "police"', None, "empty name", "framescope.toml"),
    ],
)  # fmt: skip
def test_each_fault(
    tmp_path: Path, lines: str, file: str | bytes | None, said: str, where: str
) -> None:
    if isinstance(file, bytes):
        tmp_path.joinpath("mine.toml").write_bytes(file)
    elif file is not None:
        tmp_path.joinpath("mine.toml").write_text(file, encoding="utf-8")
    project(tmp_path, lines)
    with pytest.raises(ProjectError) as caught:
        open_project(tmp_path)
    assert said in str(caught.value)
    assert where in str(caught.value)
    assert "What to do" in str(caught.value)
