"""The simulated coders of tests/support send what Chromium sends."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from desk import Desk, copied
from screen import Screen
from server import Server
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.support.coders import Coder

PIECES = ["d0100", "d0101"]


def shape(sent: Sequence[bytes]) -> list[dict[str, Any]]:
    """Of each message what matters to the server, without what differs from coder to coder."""
    out = []
    for data in sent:
        message = BackMsg()
        message.ParseFromString(data)
        asked = message.rerun_script
        widgets = {}
        for widget in asked.widget_states.widgets:
            kind = widget.WhichOneof("value")
            value = getattr(widget, kind)
            if kind == "json_trigger_value":
                ((event,),) = [json.loads(value)]
                value = (event["event"], event["value"]["kind"], sorted(event["value"]["marks"]))
            elif kind == "string_value":
                value = "a name"
            elif kind == "string_array_value":
                value = list(value.data)
            widgets[widget.id] = (kind, value)
        names = (asked.page_name, asked.page_script_hash, asked.query_string, asked.fragment_id)
        out.append({"type": message.WhichOneof("type"), "names": names, "widgets": widgets})
    return out


def test_a_simulated_coder_sends_what_a_browser_sends(
    demo_project: Path, tmp_path: Path, new_screen: Callable[..., Screen]
) -> None:
    root = copied(demo_project, tmp_path / "project", PIECES, overlap=PIECES)
    by_browser: list[bytes] = []
    with Server(root) as server:
        screen = new_screen(server)
        screen.page.on(
            "websocket", lambda socket: socket.on("framesent", lambda data: by_browser.append(data))
        )
        desk = Desk(screen).sign_in("Anna")
        desk.press("j", "1")
        desk.saved()
        desk.press("Enter")
        desk.ready(2)

        async def simulated() -> list[bytes]:
            coder = Coder(1, server.url, random.Random(1))
            await coder.sign_in()
            await coder.code_one(lambda: asyncio.sleep(0))
            await coder.window.close()
            return coder.window.sent

        # Playwright has an event loop of its own in this thread.
        with ThreadPoolExecutor(1) as pool:
            by_coder = pool.submit(lambda: asyncio.run(simulated())).result()
    assert shape(by_coder) == shape(by_browser)
