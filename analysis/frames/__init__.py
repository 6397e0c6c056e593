"""Frames: codebook, training set, classifier, explanation, evaluation."""

from analysis.frames.codebook import Codebook, load_codebook
from analysis.frames.model import FrameModel, Scored, load_bundled, load_model
from analysis.frames.models import model_for, stored

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
