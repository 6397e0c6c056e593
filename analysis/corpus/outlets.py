"""Names of outlets as they come; aliases are folded later, when a build is made."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HOST = re.compile(
    r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?::\d+)?(?:[/?#]\S*)?$", re.IGNORECASE
)


def clean_outlet(raw: str | None) -> str | None:
    """The outlet's name with blanks squeezed and case kept, or None when there is none.

    An address or a domain (`https://www.example.com/news`) becomes its host without `www.`.
    A name that only contains a dot ("St. Louis Post") stays.
    """
    name = " ".join((raw or "").split())
    if not name:
        return None
    bare = _SCHEME.sub("", name)
    if " " in bare or not (bare != name or _HOST.match(bare)):
        return name
    host = re.split(r"[/?#]", bare, maxsplit=1)[0].rpartition("@")[2]
    host = re.sub(r":\d+$", "", host).casefold().rstrip(".")
    return host.removeprefix("www.") or name
