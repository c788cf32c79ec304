"""Print docs/reference/cli.md from the commands themselves: `make reference`."""

import os
import sys

import click

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronglian.project.settings.test")

HEAD = """# Command line

Written by `make reference` from the commands' own help; a test holds it to them.

`ronglian COMMAND --help` says the same on the machine, in Chinese or English: `--language zh|en`, otherwise English
where `LC_ALL`, `LC_MESSAGES` or `LANG` begins with `en`, else Chinese. Commands act with the machine's own rights; the
events they write name the command. Reading commands take `--json`.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | refused, or a file has bad rows; nothing was written |
| 2 | the command was called wrongly |
| 3 | there is no such record |
| 4 | the database does not answer or is not set up |
| 130 | stopped by Ctrl-C; what was done is kept, and the same command goes on |
"""


def reference() -> str:
    """The page."""
    from ronglian.cli.language import use_language  # noqa: PLC0415 - after the settings are named
    from ronglian.cli.main import COMMANDS, commands  # noqa: PLC0415 - as above

    use_language("en")
    shape = {"max_content_width": 100, "terminal_width": 100, "help_option_names": ["-h", "--help"]}
    root = click.Context(commands, info_name="ronglian", **shape)
    parts = [HEAD, _section("ronglian", commands.get_help(root))]
    for name in COMMANDS:
        command = commands.get_command(root, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=root, **shape)
        parts.append(_section(f"ronglian {name}", command.get_help(context)))
    return "\n".join(parts)


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    sys.stdout.write(reference())
