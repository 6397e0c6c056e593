"""Keeps what was imported out of the garbage collector's way."""

from __future__ import annotations

import atexit
import gc
import sys
import threading

# Modules loaded since the last time that make it worth while again.
MANY = 20

_lock = threading.Lock()
_settled = 0


def settle() -> None:
    """Leaves all that lives now out of garbage collection, where many modules were loaded since.

    Streamlit collects after each run of a script. To walk through what the libraries hold, some
    600,000 objects that never become garbage, costs each click 100 ms in which no other session
    moves. Few calls do anything: what is settled and dies later in a circle stays in memory.
    """
    global _settled
    with _lock:
        loaded = len(sys.modules)
        if loaded < _settled + MANY:
            return
        _settled = loaded
        gc.collect()
        gc.freeze()


# Libraries complain at the end of a process of what was not collected.
atexit.register(gc.unfreeze)
