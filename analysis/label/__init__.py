"""Scores any table of texts without a project."""

from analysis.label.run import LabelReport, label

__all__ = ["LabelReport", "label"]
