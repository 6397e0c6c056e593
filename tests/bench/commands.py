"""Runs a command as users do, and says how long it took and how much memory it had."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from analysis.cli import main; main()"]


def measured(*words: str | Path) -> tuple[float, float, str]:
    """Seconds, peak resident megabytes of all its processes and stdout.

    The peak is NaN where the system does not tell.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    peak = [float("nan")]
    watch = threading.Thread(target=_watch, args=(process, peak))
    watch.start()
    said, _ = process.communicate()
    watch.join()
    assert process.returncode == 0, f"framescope {words}: {said}"
    return time.perf_counter() - started, peak[0], said


def _watch(process: subprocess.Popen[str], peak: list[float]) -> None:
    while process.poll() is None:
        now = _resident(process.pid)
        if now and not peak[0] > now:
            peak[0] = now
        time.sleep(0.1)


def _resident(pid: int) -> float:
    """Megabytes of a process and its children; 0 when it is gone or the system does not tell."""
    folder = Path("/proc") / str(pid)
    try:
        lines = (folder / "status").read_text().splitlines()
        children = [
            int(child)
            for task in (folder / "task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return 0.0
    own = next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
    return own / 1024 + sum(map(_resident, children))
