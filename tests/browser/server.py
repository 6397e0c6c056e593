"""Runs the framescope command, and serves a project on a free port."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType

COMMAND = [sys.executable, "-c", "from analysis.cli import main; main()"]
ROOT = Path(__file__).resolve().parents[2]


def framescope(*words: str) -> str:
    """Runs a command to its end and returns what it printed; fails with its messages."""
    done = subprocess.run(
        [*COMMAND, *words], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=240
    )
    assert done.returncode == 0, f"framescope {' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`framescope serve` over a project, for as long as the block runs."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Server:
        self._process = subprocess.Popen(
            [*COMMAND, "serve", "--project", str(self.project), "--port", str(self.port)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        self._await()
        return self

    def _await(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self._process.poll() is None, "framescope serve ended at once"
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)  # between two questions, not instead of one
        self._process.terminate()
        raise AssertionError(f"framescope serve did not answer within {seconds:.0f} s")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        with socket.socket() as probe:
            left = probe.connect_ex(("127.0.0.1", self.port)) == 0
        assert not left, "framescope serve was stopped, and its server goes on"
