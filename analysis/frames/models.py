"""Which model labels a codebook's frames: the bundled one, or one trained in a project."""

from __future__ import annotations

from pathlib import Path

from analysis.errors import ModelError
from analysis.frames import artefact
from analysis.frames.codebook import Codebook
from analysis.frames.model import (
    BUNDLED,
    FrameModel,
    load_bundled,
    load_from,
    load_model,
    save_model,
)

FOLDER = "models"


def store(model: FrameModel, root: Path) -> Path:
    """Writes a model into a project's `models/`, under its version; gives the folder."""
    folder = root / FOLDER / model.version
    save_model(model, folder)
    return folder


def versions(root: Path) -> list[str]:
    """The models trained in a project, newest last."""
    folders = [one for one in (root / FOLDER).glob("*") if (one / artefact.DESCRIPTION).is_file()]
    return [one.name for one in sorted(folders, key=lambda one: (one.stat().st_mtime_ns, one.name))]


def folder_of(codebook: Codebook, root: Path | None = None, wanted: str = "") -> Path:
    """The folder of the model that is to be used.

    With `wanted`, the project's model whose version begins with it. Otherwise the newest of the
    project's that was trained for this codebook, or the bundled one. Raises ModelError for a
    version that is not there, or that two models share.
    """
    known = versions(root) if root else []
    if wanted:
        found = [version for version in known if version.startswith(wanted)]
        if root is None or len(found) != 1:
            raise ModelError(
                f"there is no model '{wanted}'" if not found else f"two models begin '{wanted}'",
                where=str(root / FOLDER) if root else "",
                remedy=f"name one of {', '.join(known)}"
                if known
                else "train one: framescope train FILE --codebook FILE --labels ... --project DIR",
            )
        return root / FOLDER / found[0]
    for version in reversed(known):
        assert root is not None
        folder = root / FOLDER / version
        card = artefact.read(folder).description.get("card", {})
        if card.get("codebook", {}).get("hash") == codebook.hash:
            return folder
    return BUNDLED


def stored(version: str, root: Path | None = None) -> FrameModel | None:
    """The model of this version, bundled or of the project; None when it is not here."""
    if load_bundled().version == version:
        return load_bundled()
    if root is None or version not in versions(root):
        return None
    return load_from(root / FOLDER / version)


def model_for(codebook: Codebook, root: Path | None = None, wanted: str = "") -> FrameModel:
    """The model that `folder_of` finds. Raises ModelError as load_model does."""
    return load_model(codebook, folder_of(codebook, root, wanted))
