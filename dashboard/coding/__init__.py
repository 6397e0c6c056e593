"""Blind coding on the screen: the desk in the browser, and who sits at it."""
