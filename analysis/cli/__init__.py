"""The command line: thin, every command a few lines over the core.

Progress goes to stderr, results to stdout or a file. Exit code 0, 1 (work failed), 2 (usage).
"""

from __future__ import annotations

import click

from analysis import __version__
from analysis.cli import codes, coding, export, models, project, sample, search, validate
from analysis.terminal import tolerate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="framescope")
def main() -> None:
    """Framescope: how news outlets frame an issue, in numbers that can be published."""
    tolerate()


for command in (
    project.init_command,
    project.ingest,
    project.build,
    project.serve,
    project.demo,
    models.label,
    models.train,
    models.crossval,
    models.evaluate,
    models.card,
    sample.sample,
    codes.code,
    codes.codes,
    coding.agreement,
    validate.validate,
    project.status,
    project.doctor,
    export.export,
    search.search,
):
    main.add_command(command)
