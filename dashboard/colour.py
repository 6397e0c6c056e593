"""Colours that can be read on the page's ground."""

from __future__ import annotations

LEAST = 4.5  # WCAG 2.2, contrast of text

Rgb = tuple[float, float, float]


def readable(colour: str, ground: str) -> str:
    """The colour, mixed with black or white by as little as gives it a contrast of LEAST.

    Both colours as '#RRGGBB', which is also what comes back.
    """
    ink, page = _rgb(colour), _rgb(ground)
    end = (0.0, 0.0, 0.0) if _light(page) > 0.18 else (255.0, 255.0, 255.0)
    for step in range(51):
        mixed = _mixed(ink, end, step / 50)
        if contrast(mixed, page) >= LEAST:
            return "#" + "".join(f"{round(v):02X}" for v in mixed)
    return "#000000" if end[0] == 0 else "#FFFFFF"


def contrast(one: Rgb, other: Rgb) -> float:
    """WCAG's contrast ratio of two colours, from 1 to 21."""
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _mixed(one: Rgb, other: Rgb, by: float) -> Rgb:
    r, g, b = (float(round(x + (y - x) * by)) for x, y in zip(one, other, strict=True))
    return r, g, b


def _rgb(colour: str) -> Rgb:
    r, g, b = (float(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return r, g, b


def _light(colour: Rgb) -> float:
    """Relative luminance, from 0 to 1."""
    r, g, b = (
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        for v in (c / 255 for c in colour)
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
