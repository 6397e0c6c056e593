"""Starts the Streamlit server with the project's settings."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import tomllib
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from analysis.errors import FramescopeError, UsageError

HERE = Path(__file__).resolve().parent
CONFIG = HERE.parent / "streamlit_config.toml"
PROJECT_VARIABLE = "FRAMESCOPE_PROJECT"


def settings(path: Path = CONFIG) -> dict[str, Any]:
    """The keys of streamlit_config.toml as Streamlit names them: 'theme.dark.textColor'."""
    return dict(_flat("", tomllib.loads(path.read_text(encoding="utf-8"))))


def _flat(prefix: str, table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{key}.", value)
        else:
            yield f"{prefix}{key}", value


def flags(options: dict[str, Any]) -> list[str]:
    """Options as command-line flags; lists and booleans as JSON writes them."""
    return [
        f"--{key}={value if isinstance(value, str) else json.dumps(value)}"
        for key, value in options.items()
    ]


def launch(root: Path, *, port: int, address: str = "127.0.0.1") -> int:
    """Serves a project until it is stopped; returns Streamlit's exit code.

    Raises UsageError when the port is taken or the address is not this machine's.
    """
    _check_free(address, port)
    options = {**settings(), "server.port": port, "server.address": address}
    environment = {**os.environ, PROJECT_VARIABLE: str(root.resolve())}
    command = [sys.executable, "-m", "streamlit", "run", str(HERE / "app.py"), *flags(options)]
    shown = "localhost" if address in ("127.0.0.1", "0.0.0.0") else address
    url = f"http://{shown}:{port}"
    print(f"Framescope serves {root} at {url} (stop with Ctrl-C)", flush=True)  # noqa: T201
    if sys.stdout.isatty():
        threading.Timer(2.5, webbrowser.open, [url]).start()
    if threading.current_thread() is threading.main_thread():
        # Who stops the command stops the server too, which would outlive it otherwise.
        signal.signal(signal.SIGTERM, _stop)
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        return server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait(timeout=10)
        return 0


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _check_free(address: str, port: int) -> None:
    if not address.strip():
        raise _not_here(address)
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            if os.name == "posix":
                # A stopped server's connections linger for a minute and hinder no new one. Windows
                # means another thing by this option.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except (socket.gaierror, UnicodeError, TypeError) as error:
        raise _not_here(address) from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise _not_here(address) from error
        other = port + 1 if port < 65535 else port - 1
        raise FramescopeError(
            f"port {port} can't be used ({error.strerror})",
            where=address,
            remedy=f"stop what uses it, or choose another: --port {other}",
        ) from error


def _not_here(address: str) -> UsageError:
    return UsageError(
        f"'{address}' is not an address of this machine", remedy="leave --address out"
    )
