"""The parts of the Stories view, one file each."""
