"""Codings in and out of files: sheets, backups, and what other annotation tools export."""
