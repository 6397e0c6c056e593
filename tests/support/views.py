"""Views run without a browser, each with any link."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from streamlit import config
from streamlit.navigation.page import calc_hash
from streamlit.testing.v1 import AppTest

from dashboard.launch import PROJECT_VARIABLE, settings
from dashboard.views import VIEWS

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
PATHS = [view.path for view in VIEWS]

Link = Mapping[str, str | Sequence[str]]


def opened(project: Path, path: str, link: Link | None = None) -> AppTest:
    """A view of a project as a link opens it, after its first run."""
    os.environ[PROJECT_VARIABLE] = str(project)
    config.set_option("runner.magicEnabled", settings()["runner.magicEnabled"])
    app = AppTest.from_file(str(APP), default_timeout=60)
    # The page that the browser would ask for; AppTest itself switches only between files.
    app._page_hash = calc_hash(path)
    for key, value in (link or {}).items():
        app.query_params[key] = value if isinstance(value, str) else list(value)
    return app.run()


def texts(app: AppTest) -> str:
    """All that a run says in words, one element a line."""
    found = [*app.title, *app.header, *app.subheader, *app.markdown, *app.caption, *app.info]
    notices = [*app.warning, *app.error]
    return "\n".join(str(element.value) for element in [*found, *notices])
