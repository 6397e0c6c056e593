"""Frames: codebook, training set, classifier, explanation, evaluation."""

from analysis.frames.codebook import Codebook, load_codebook
from analysis.frames.model import FrameModel
from analysis.frames.models import load_bundled, load_model, model_for, stored
from analysis.frames.scored import Scored

__all__ = [
    "Codebook",
    "FrameModel",
    "Scored",
    "load_bundled",
    "load_codebook",
    "load_model",
    "model_for",
    "stored",
]
