"""The parts of the Words view, one file each."""
