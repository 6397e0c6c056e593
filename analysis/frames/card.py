"""A model card in words: what the model was made from, how good it is, where it fails."""

from __future__ import annotations

from analysis.frames.model import FrameModel


def markdown(model: FrameModel) -> str:
    raise NotImplementedError
