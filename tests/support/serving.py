"""The served dashboard as a process that can be measured, killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.browser.server import COMMAND, ROOT, Server

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """Of the Streamlit process: CPU seconds so far, resident memory now and at its highest, MB."""

    cpu: float
    resident: float
    peak: float


class Mortal(Server):
    """`framescope serve`; stays at its address when it is killed and started again."""

    def __enter__(self) -> Mortal:
        self.start()
        return self

    def start(self) -> None:
        self._process = subprocess.Popen(
            [*COMMAND, "serve", "--project", str(self.project), "--port", str(self.port)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._await()

    def kill(self) -> None:
        """The launcher and Streamlit die at once, as when the power fails."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def usage(self) -> Usage:
        """From /proc, hence on Linux only."""
        process = self._process.pid
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        about = Path("/proc") / children[0]
        ticks = (about / "stat").read_text().rpartition(") ")[2].split()
        sizes = {
            line.split()[0]: int(line.split()[1]) / 1024
            for line in (about / "status").read_text().splitlines()
            if line.startswith(("VmHWM", "VmRSS"))
        }
        return Usage((int(ticks[11]) + int(ticks[12])) / TICK, sizes["VmRSS:"], sizes["VmHWM:"])
