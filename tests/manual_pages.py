#!/usr/bin/env python3
"""The manual pages tell of everything that the programs take: each option of hourglassd, each command of hourglass and its
options, each setting; and each has what man(1) and whatis(1) look for.

manual_pages.py BUILD_DIRECTORY
"""

import re
import subprocess
import sys
from pathlib import Path

OPTION = re.compile(r"--[a-z][a-z0-9-]+")
SETTING = re.compile(r"(?m)^#?([a-z_]+) = ")
COMMAND = re.compile(r"(?m)^  ([a-z][a-z-]+) {2,}")


def said_by(*command):
    return subprocess.run(command, text=True, capture_output=True, check=True).stdout


def page(build, name):
    """The words of a page, without roff's escapes."""
    text = (build / "man" / name).read_text(encoding="utf-8")
    return re.sub(r"\\f(?:\[\w*\]|[A-Z]|\(..)", "", text).replace("\\-", "-").replace("\\_", "_")


def commands_of(tool, *above):
    """Every command that does something, as words."""
    subcommands = said_by(tool, *above, "--help").partition("Subcommands:\n")[2].partition("\n\n")[0]
    below = COMMAND.findall(subcommands)
    if not below:
        yield above
    for name in below:
        yield from commands_of(tool, *above, name)


def untold(build):
    daemon, tool = str(build / "bin/hourglassd"), str(build / "bin/hourglass")
    pages = {name: page(build, name) for name in ("hourglass.1", "hourglass.toml.5", "hourglassd.8")}
    for name, text in pages.items():
        if not re.search(rf"\.SH\nNAME\n\.(?:LP|PP|P)\n{re.escape(name[:-2])} - \w", text):
            yield name, "a name with what it means"
    wanted = [("hourglassd.8", option) for option in OPTION.findall(said_by(daemon, "--help"))]
    wanted += [("hourglass.toml.5", setting) for setting in SETTING.findall(said_by(daemon, "--example"))]
    for command in commands_of(tool):
        wanted.append(("hourglass.1", " ".join(command)))
        wanted += [("hourglass.1", option) for option in OPTION.findall(said_by(tool, *command, "--help"))]
    for name, words in wanted:
        if not re.search(rf"(?<![\w-]){re.escape(words)}(?![\w-])", pages[name]):
            yield name, words


def main(build):
    missing = sorted(set(untold(build)))
    for name, words in missing:
        print(f"{name} says nothing of {words}")
    return 1 if missing else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
