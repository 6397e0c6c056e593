"""Models on disk: the bundled ones, and those trained in a project."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from analysis.corpus import minilm
from analysis.errors import ModelError
from analysis.frames import artefact, model
from analysis.frames.codebook import Codebook
from analysis.frames.encoders import MINILM
from analysis.frames.model import BUNDLED, BUNDLED_MINILM, FrameModel
from analysis.frames.training import AGREEMENT

FOLDER = "models"

# The bundled model that also reads with MiniLM, which needs the extra; asked for by these names.
MINILM_NAMES = ("minilm", "transformer")

# Beside a model, if there: how it does on texts that it was not made from.
MEASURED = "measured.json"


def load_model(codebook: Codebook, folder: Path = BUNDLED) -> FrameModel:
    """The model stored in a folder, read once per process.

    Raises ModelError when there is none, when it is damaged, when it needs the extra and that is
    not installed, or when its frames are not those of the codebook.
    """
    found = load_from(folder)
    if found.frames != codebook.ids:
        raise ModelError(
            f"the model knows the frames {', '.join(found.frames)}; "
            f"the codebook '{codebook.id}' has {', '.join(codebook.ids)}",
            where=str(folder),
            remedy="train a model for this codebook: framescope train",
        )
    return found


def load_from(folder: Path) -> FrameModel:
    """The model stored in a folder, whatever the codebook. Raises ModelError."""
    described = folder / artefact.DESCRIPTION
    return _read(folder, described.stat().st_mtime_ns if described.is_file() else 0)


def load_bundled() -> FrameModel:
    """The light model that ships with Framescope, whatever the codebook."""
    return load_from(BUNDLED)


def load_shipped(codebook: Codebook) -> list[FrameModel]:
    """The bundled models that can be used here: the light one and, with the extra, its one."""
    found = [load_model(codebook)]
    if minilm.installed() and (BUNDLED_MINILM / artefact.DESCRIPTION).is_file():
        found.append(load_model(codebook, BUNDLED_MINILM))
    return found


@lru_cache(maxsize=4)
def _read(folder: Path, _written: int) -> FrameModel:
    found = model.restored(artefact.read(folder), folder)
    if found.encoder == MINILM:
        minilm.require()
    if folder in (BUNDLED, BUNDLED_MINILM) and AGREEMENT.is_file():
        found.card["second_coding"] = json.loads(AGREEMENT.read_text(encoding="utf-8"))
    if (folder / MEASURED).is_file():
        found.card["measured"] = json.loads((folder / MEASURED).read_text(encoding="utf-8"))
    return found


def store(found: FrameModel, root: Path) -> Path:
    """Writes a model into a project's `models/`, under its version; gives the folder."""
    folder = root / FOLDER / found.version
    model.save_model(found, folder)
    return folder


def versions(root: Path) -> list[str]:
    """The models trained in a project, newest last."""
    folders = [one for one in (root / FOLDER).glob("*") if (one / artefact.DESCRIPTION).is_file()]
    return [one.name for one in sorted(folders, key=lambda one: (one.stat().st_mtime_ns, one.name))]


def folder_of(codebook: Codebook, root: Path | None = None, wanted: str = "") -> Path:
    """The folder of the model that is to be used.

    With `wanted`, the project's model whose version begins with it, or the bundled one with MiniLM
    for "transformer" or "minilm". Otherwise the newest of the project's that was trained for this codebook, or the
    bundled light one. Raises ModelError for a version that is not there, or that two models share.
    """
    if wanted in MINILM_NAMES:
        return BUNDLED_MINILM
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
    for folder in (BUNDLED, BUNDLED_MINILM):
        if (folder / artefact.DESCRIPTION).is_file():
            described = artefact.described(folder)
            if described.get("version") == version:
                return load_from(folder)
    if root is None or version not in versions(root):
        return None
    return load_from(root / FOLDER / version)


def model_for(codebook: Codebook, root: Path | None = None, wanted: str = "") -> FrameModel:
    """The model that `folder_of` finds. Raises ModelError as load_model does."""
    return load_model(codebook, folder_of(codebook, root, wanted))
