"""The topic libraries, loaded late and kept from changing the process's warnings."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from typing import Any


def library_versions() -> dict[str, str]:
    """Versions of what a fit depends on, by package; reads metadata only, loads nothing."""
    names = ("bertopic", "umap-learn", "hdbscan", "scikit-learn", "numba", "numpy")
    return {name: version(name) for name in names}


@contextmanager
def quiet() -> Iterator[None]:
    """Silences warnings inside, and restores the process's filters after.

    bertopic switches off two kinds of warnings for the whole process when it is imported; umap
    warns that a seed means one thread and that known neighbours allow no new data.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def load_bertopic() -> Any:
    """The module bertopic."""
    _load_search_uncompiled()
    with quiet():
        import bertopic
        import bertopic.vectorizers
    return bertopic


def load_umap() -> Any:
    """The class umap.UMAP."""
    _load_search_uncompiled()
    with quiet():
        from umap import UMAP
    return UMAP


def load_hdbscan() -> Any:
    """The class hdbscan.HDBSCAN."""
    with quiet():
        from hdbscan import HDBSCAN
    return HDBSCAN


def _load_search_uncompiled() -> None:
    """Imports pynndescent, which umap demands, without compiling it.

    Neighbours are found exactly in cluster.py and pynndescent never runs; compiling it takes 15
    seconds on a machine's first fit.
    """
    if "pynndescent" in sys.modules:
        return
    with quiet():
        settings: Any = import_module("numba.core.config")
        before = settings.DISABLE_JIT
        settings.DISABLE_JIT = True
        try:
            import_module("pynndescent")
        finally:
            settings.DISABLE_JIT = before
