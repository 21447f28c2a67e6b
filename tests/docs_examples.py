#!/usr/bin/env python3
"""The examples of README.md and docs/*.md, run as they stand.

A block's info string says what it is: `sh` is run here, `toml` is settings that hourglassd must accept, and `text` is
anything else (what needs systemd, another machine or another program's settings). No block goes without. The blocks of
a document run in order in one shell, against a daemon of their own with the settings, the user and the NAS of ./dev run;
docs_examples.bash maps its ports and places. A line "# -> text" tells what the commands above it print: a whole line of
their output, in order, with … for anything and spaces left out of account.

docs_examples.py BIN_DIRECTORY     runs them
docs_examples.py --self-test       shows that wrong examples are found
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from free_ports import free_ports

ROOT = Path(__file__).resolve().parent.parent
SHELL_SECONDS_MAX = 120
KINDS = {"sh", "toml", "text"}
FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)$")
EXPECTED = re.compile(r"^\s*# -> ")


class Mistake(Exception):
    """A sentence, with file and line."""


class Block:
    def __init__(self, kind, document, line, lines):
        self.kind, self.document, self.line, self.lines = kind, document, line, lines

    def text(self):
        return "\n".join(self.lines) + "\n"

    def steps(self):
        """(line, commands, expected lines): the commands up to where output is shown."""
        commands, expected, start = [], [], self.line + 1
        for number, line in enumerate(self.lines, self.line + 1):
            if EXPECTED.match(line):
                expected.append(EXPECTED.sub("", line))
                continue
            if expected:
                yield start, "\n".join(commands), expected
                commands, expected, start = [], [], number
            commands.append(line)
        yield start, "\n".join(commands), expected


def blocks_of(document, text):
    inside = None
    before = ""
    for number, line in enumerate(text.split("\n"), 1):
        fence = FENCE.match(line)
        if inside is not None:
            if fence and not fence["kind"]:
                yield inside
                inside = None
            else:
                inside.lines.append(line[indent:])
        elif fence:
            if fence["kind"] not in KINDS:
                raise Mistake(f"{document}:{number}: a block of the kind '{fence['kind']}': {', '.join(sorted(KINDS))}?")
            inside, indent = Block(fence["kind"], document, number, []), len(fence["indent"])
        elif line.startswith("    ") and not before:
            raise Mistake(f"{document}:{number}: an indented block: fence it and say what it is")
        before = line.strip()
    if inside is not None:
        raise Mistake(f"{document}:{inside.line}: this block has no end")


def squeezed(text):
    return re.sub(r"\s+", "", text)


def missing_line(expected, output):
    """The first expected line that the output lacks, in order; None if all are there."""
    lines = iter([squeezed(line) for line in output.splitlines()])
    for wanted in expected:
        pattern = ".*".join(re.escape(part) for part in squeezed(wanted).split("…"))
        if not any(re.fullmatch(pattern, line) for line in lines):
            return wanted
    return None


class Machine:
    """What the examples take for granted, in a directory of its own: a running daemon, a shell, /backup and so on."""

    def __init__(self, binaries):
        self.directory = Path(tempfile.mkdtemp(prefix="hourglass-docs."))
        for name in ("backup", "elsewhere", "etc", "home"):
            (self.directory / name).mkdir()
        auth, acct, api = free_ports((socket.SOCK_DGRAM, socket.SOCK_DGRAM, socket.SOCK_STREAM))
        self.places = (
            ("/var/lib/hourglass", f"{self.directory}/state"),
            ("/etc/hourglass", f"{self.directory}/etc"),
            ("/backup", f"{self.directory}/backup"),
            ("/elsewhere", f"{self.directory}/elsewhere"),
            ("127.0.0.1:8080", f"127.0.0.1:{api}"),
        )
        settings = (ROOT / "etc/demo/hourglass.toml").read_text()
        for name, value in (("state_dir", f"{self.directory}/state"), ("auth_port", auth), ("acct_port", acct),
                            ("api_port", api)):
            settings = settings.replace(f"@{name}@", str(value))
        (self.directory / "etc/hourglass.toml").write_text(settings)
        self.shell = subprocess.Popen(
            ["bash", str(ROOT / "tests/docs_examples.bash")], cwd=self.directory, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.directory / "home"),
                 "BIN": str(binaries), "MACHINE": str(self.directory), "LISTENS": f"127.0.0.1:{api}",
                 "AUTH_PORT": str(auth), "ACCT_PORT": str(acct)})
        self.time_limit = threading.Timer(SHELL_SECONDS_MAX, os.killpg, (self.shell.pid, signal.SIGTERM))
        self.time_limit.start()

    def __enter__(self):
        if self.shell.stdout.readline() != "ready\n":
            log = (self.directory / "log").read_text()
            self.__exit__()
            raise Mistake(f"the daemon did not get ready; it said:\n{log}")
        return self

    def __exit__(self, *_):
        self.shell.stdin.close()
        self.shell.wait()
        self.time_limit.cancel()
        shutil.rmtree(self.directory)

    def mapped(self, text):
        for theirs, ours in self.places:
            text = re.sub(rf"(?<![\w.]){re.escape(theirs)}\b", ours, text)
        return text

    def run(self, commands):
        """The output, and whether every command succeeded."""
        (self.directory / "step").write_text(self.mapped(commands) + "\n")
        print("step", file=self.shell.stdin, flush=True)
        succeeded = self.shell.stdout.readline() == "done\n"
        return (self.directory / "output").read_text(), succeeded


def check_settings(binaries, block):
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "hourglass.toml"
        file.write_text(block.text().replace("/var/lib/hourglass", f"{directory}/state"))
        check = subprocess.run([binaries / "hourglassd", "--config", file, "--check"], text=True, capture_output=True)
    if check.returncode != 0:
        raise Mistake(f"{block.document}:{block.line}: settings that hourglassd refuses:\n{check.stderr}")


def run_block(machine, block):
    for line, commands, expected in block.steps():
        output, succeeded = machine.run(commands)
        if not succeeded:
            raise Mistake(f"{block.document}:{line}: this failed:\n{commands}\n{output}")
        missing = missing_line(machine.mapped("\n".join(expected)).split("\n") if expected else [], output)
        if missing:
            raise Mistake(f"{block.document}:{line}: not printed: {missing}\nby:\n{commands}\nbut:\n{output}")


def run_document(binaries, document, text):
    """How many blocks were run or checked."""
    blocks = list(blocks_of(document, text))
    for block in blocks:
        if block.kind == "toml":
            check_settings(binaries, block)
    runnable = [block for block in blocks if block.kind == "sh"]
    if runnable:
        with Machine(binaries) as machine:
            for block in runnable:
                run_block(machine, block)
    return sum(block.kind != "text" for block in blocks)


def run_all(binaries):
    mistakes = 0
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        name = str(path.relative_to(ROOT))
        try:
            print(f"{name}: {run_document(binaries, name, path.read_text(encoding='utf-8'))} blocks", flush=True)
        except Mistake as mistake:
            print(mistake)
            mistakes += 1
    return mistakes


GUILTY = (
    "```sh\nfalse\ntrue\n```",
    "```sh\necho one\n# -> two\n```",
    "```sh\necho 5400\n# -> 540\n```",
    "```sh\necho a; echo b\n# -> b\n# -> a\n```",
    "```sh\ncurl -s http://127.0.0.1:8080/nowhere/\n```",
    "```sh\nradtest demo wrong 127.0.0.1 0 testing123 | grep Accept\n```",
    "```toml\n[radius]\nauht = []\n```",
    "```\necho\n```",
    "```sh\necho\n",
    "words\n\n    echo\n",
)
INNOCENT = (
    "```sh\necho one two three\n# -> one … three\n```",
    "```sh\necho 540; echo 5400\n# -> 5400\n```",
    "```sh\nX=1\n```\n```sh\necho $X\n# -> 1\n```",
    "```sh\ncurl -s http://127.0.0.1:8080/healthz\n# -> {\"status\": \"ok\"}\n```",
    "```sh\nradtest demo demo 127.0.0.1 0 testing123\n# -> Session-Timeout = 3600\n```",
    "```sh\nsudo systemctl restart hourglassd\nhourglass user list\n```",
    "```toml\n[daemon]\nstate_dir = \"/var/lib/hourglass\"\n```",
    "1. words\n\n   ```text\n   what\n   ```\n",
)


def self_test(binaries):
    failures = 0
    for text, is_guilty in [(text, True) for text in GUILTY] + [(text, False) for text in INNOCENT]:
        try:
            run_document(binaries, "sample", text)
            found = None
        except Mistake as mistake:
            found = mistake
        if bool(found) != is_guilty:
            print(f"{'not found' if is_guilty else 'found wrongly'}: {text!r}: {found}")
            failures += 1
    return failures


if __name__ == "__main__":
    arguments = sys.argv[1:]
    is_self_test = arguments[:1] == ["--self-test"]
    if len(arguments) != 1 + is_self_test:
        sys.exit(__doc__)
    sys.exit(1 if (self_test if is_self_test else run_all)(Path(arguments[-1]).resolve()) else 0)
