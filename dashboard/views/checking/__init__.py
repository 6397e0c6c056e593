"""The sections of the Validation view, one file each. Each has `show(page, checks)` or the like."""
