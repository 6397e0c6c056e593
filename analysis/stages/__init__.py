"""The stages of a build, one file each: each works on the pieces it has not done at its version."""

from analysis.stages import (
    copies,
    embeddings,
    frames,
    sentences,
    stories,
    terms,
    topics,
    voices,
)

__all__ = ["copies", "embeddings", "frames", "sentences", "stories", "terms", "topics", "voices"]
