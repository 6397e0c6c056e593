"""A browser window on a served dashboard without a browser: Streamlit's own protocol on a WebSocket.

tests/browser/test_browser_wire.py holds what it sends against what Chromium sends.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

DESK = "framescope_desk"
COOKIE = "framescope_cookie"

# How long a page may take; far longer than one does, as the machine may be busy.
PATIENCE = 60.0


class Lost(Exception):
    """The server is gone."""


class Window:
    """One window. `cookies` are the browser's, which its windows share.

    `record` holds every message of the server as (moment, bytes), in all its connections; moments
    are of time.monotonic().
    """

    def __init__(self, url: str, cookies: dict[str, str]) -> None:
        self.url = url
        self.cookies = cookies
        self.record: list[tuple[float, bytes]] = []
        self.sent: list[bytes] = []
        self.elements: dict[tuple[int, ...], Any] = {}
        self._drawn_by: dict[tuple[int, ...], tuple[int, str]] = {}
        self._run = 0
        self._fragments_run: list[str] = []
        self._known: dict[str, Any] = {}  # messages that the server may name by their hash
        self._page = ""
        self._query = ""
        self._session = ""
        self._pages: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self._running = True
        self._changed = asyncio.Condition()
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None

    # --- the connection

    async def open(self, page: str, query: str = "") -> None:
        """Goes to an address, as one who types it; returns when the page stands."""
        self._page, self._query = "", query
        self._values.clear()
        await self._connect(again=False)
        await self._rerun(page=page)
        await self.until(lambda: not self._running)

    async def reconnect(self) -> None:
        """As the browser does when the server is back: the page stays, and asks for a new run."""
        await self._connect(again=True)
        await self._rerun()
        await self.until(lambda: not self._running)

    async def go(self, page: str, query: str = "") -> None:
        """Follows a link of the navigation in the same session."""
        self._page, self._query = self._pages[page], query
        await self._rerun()
        await self.until(lambda: not self._running)

    async def close(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()
        self._socket = self._reader = None

    async def _connect(self, *, again: bool) -> None:
        await self.close()
        # The second place is that of a token which only a signed-in Streamlit user needs.
        protocols = ["streamlit", "none", *([self._session] if again and self._session else [])]
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self._socket = await connect(
                self.url.replace("http", "ws", 1) + "/_stcore/stream",
                subprotocols=protocols,  # type: ignore[arg-type]
                origin=self.url,  # type: ignore[arg-type]
                additional_headers={"Cookie": cookies} if cookies else None,
                max_size=None,
                proxy=None,
            )
        except (OSError, EOFError, WebSocketException) as error:
            raise Lost from error
        self._reader = asyncio.create_task(self._read(self._socket))

    @property
    def running(self) -> bool:
        """Whether the script runs, as far as the server has told."""
        return self._running

    @property
    def connected(self) -> bool:
        return self._reader is not None and not self._reader.done()

    async def until(self, holds: Callable[[], Any], seconds: float = PATIENCE) -> bool:
        """Waits for something to be so; False when it was not in time. Raises Lost."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                while not holds():
                    if not self.connected:
                        raise Lost
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    # --- what is sent

    async def press(self, label: str) -> None:
        """Clicks a button."""
        path, element = self.find("button", lambda button: button.label == label)
        state = WidgetState(id=element.button.id, trigger_value=True)
        await self._rerun(state, fragment=self._fragment(path))
        await self.until(lambda: not self._running)

    def fill(self, label: str, value: str) -> None:
        """Types into a field; it goes out with the next click."""
        _, element = self.find("text_input", lambda field: field.label == label)
        self._values[element.text_input.id] = value

    async def choose_row(self, row: int) -> None:
        """Chooses a row of the one table on the page that lets choose."""
        path, element = self.find("dataframe", lambda table: table.selection_mode)
        chosen = {"selection": {"rows": [row], "columns": [], "cells": []}}
        self._values[element.dataframe.id] = json.dumps(chosen)
        await self._rerun(fragment=self._fragment(path))
        await self.until(lambda: not self._running)

    async def send_to_desk(self, message: Mapping[str, Any]) -> None:
        """Gives the desk's message to the server; does not wait."""
        path, element = self.find("bidi_component", lambda one: one.component_name == DESK)
        events = [{"event": "act", "value": message}]
        await self._rerun(
            WidgetState(
                id=f"$$STREAMLIT_INTERNAL_KEY_{element.bidi_component.id}__events",
                json_trigger_value=json.dumps(events, separators=(",", ":")),
            ),
            fragment=self._fragment(path),
        )

    async def _rerun(
        self, *triggers: WidgetState, page: str | None = None, fragment: str = ""
    ) -> None:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self._query
        asked.widget_states.SetInParent()
        if page is None:
            asked.widget_states.widgets.extend([*self._states(), *triggers])
            asked.page_script_hash = self._page
            asked.cached_message_hashes.extend(self._known)
        else:
            asked.page_name = page
        asked.fragment_id = fragment
        asked.context_info.timezone = "UTC"
        asked.context_info.locale = "en-US"
        asked.context_info.url = f"{self.url}/code"
        asked.context_info.color_scheme = "light"
        self._running = True
        assert self._socket is not None
        try:
            self.sent.append(message.SerializeToString())
            await self._socket.send(self.sent[-1])
        except ConnectionClosed as error:
            raise Lost from error

    def _states(self) -> Iterator[WidgetState]:
        for element in self.elements.values():
            kind = element.WhichOneof("type")
            widget = getattr(element, kind)
            if kind in ("multiselect", "button_group"):
                if widget.set_value:  # by the script, once; the browser remembers it
                    self._values[widget.id] = list(widget.raw_values)
                options = [getattr(option, "content", option) for option in widget.options]
                chosen = self._values.get(widget.id, [options[at] for at in widget.default])
                state = WidgetState(id=widget.id)
                state.string_array_value.data.extend(chosen)
                yield state
            elif kind == "date_input":
                state = WidgetState(id=widget.id)
                state.string_array_value.data.extend(widget.default)
                yield state
            elif kind == "checkbox":
                yield WidgetState(id=widget.id, bool_value=widget.default)
            elif kind == "text_input":
                value = self._values.get(widget.id, widget.value or widget.default)
                yield WidgetState(id=widget.id, string_value=value)
            elif kind == "dataframe" and widget.id in self._values:
                yield WidgetState(id=widget.id, string_value=self._values[widget.id])

    # --- what comes

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                now = time.monotonic()
                assert isinstance(data, bytes)
                self.record.append((now, data))
                message = ForwardMsg()
                message.ParseFromString(data)
                self._take(message)
                async with self._changed:
                    self._changed.notify_all()
        except ConnectionClosed:
            pass  # `until` sees that the reader is done
        async with self._changed:
            self._changed.notify_all()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            known = self._known[message.ref_hash]
            known.metadata.CopyFrom(message.metadata)
            message, kind = known, known.WhichOneof("type")
        elif message.metadata.cacheable:
            self._known[message.hash] = message
        if kind == "new_session":
            self._run += 1
            self._running = True
            new = message.new_session
            self._session = new.initialize.session_id
            self._fragments_run = list(message.metadata.run.fragment_ids)
            self._page = new.page_script_hash
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
            self._pages = {
                page.url_pathname: page.page_script_hash for page in message.navigation.app_pages
            }
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "delta":
            path = tuple(message.metadata.delta_path)
            self._drawn_by[path] = (self._run, message.delta.fragment_id)
            if message.delta.WhichOneof("type") == "new_element":
                self.elements[path] = message.delta.new_element
                self._take_cookie(message.delta.new_element)
            else:
                self.elements.pop(path, None)
        elif kind == "script_finished":
            self._finished(message.script_finished)

    def _take_cookie(self, element: Any) -> None:
        component = element.bidi_component
        if component.component_name == COOKIE:
            pair, *rest = json.loads(component.json).split("; ")
            name, value = pair.split("=", 1)
            if "max-age=0" in rest:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value

    def _finished(self, status: int) -> None:
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        whole = not self._fragments_run
        for path, (run, fragment) in list(self._drawn_by.items()):
            if run < self._run and (whole or fragment in self._fragments_run):
                del self._drawn_by[path]
                self.elements.pop(path, None)
        self._running = False

    # --- what is on the page

    def find(self, kind: str, holds: Callable[[Any], Any]) -> tuple[tuple[int, ...], Any]:
        for path, element in self.elements.items():
            if element.WhichOneof("type") == kind and holds(getattr(element, kind)):
                return path, element
        raise LookupError(f"no such {kind} on the page, which says: {self.text()[:500]}")

    def text(self) -> str:
        return "\n".join(
            getattr(getattr(element, kind), "body", "")
            for element in self.elements.values()
            if (kind := element.WhichOneof("type")) in ("markdown", "heading", "alert", "html")
        )

    def desk(self) -> dict[str, Any] | None:
        """What the coding desk was given; None where there is none on the page."""
        for element in self.elements.values():
            if element.bidi_component.component_name == DESK:
                found: dict[str, Any] = json.loads(element.bidi_component.json)
                return found
        return None

    def _fragment(self, path: tuple[int, ...]) -> str:
        return self._drawn_by[path][1]


def address(**params: str) -> str:
    """A query string."""
    return "&".join(f"{key}={quote(value)}" for key, value in params.items())
