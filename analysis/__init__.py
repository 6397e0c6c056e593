"""Framescope's headless core: everything works without the screen."""

__version__ = "0.1.0"
