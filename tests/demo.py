#!/usr/bin/env python3
"""The demo of ./dev run as a person meets it: on a terminal, what it prints typed in another one, ended by Ctrl-C.

demo.py BIN_DIRECTORY
"""

import os
import pty
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from free_ports import free_ports

SCRIPT = Path(__file__).resolve().parent.parent / "etc/demo/run.sh"
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 15
COMMAND_SECONDS_MAX = 30
LAST_LINE = "Ctrl-C ends it and removes all it made."
SESSION_SECONDS = 3600
UNREPORTED_SECONDS_MAX = 30  # what the running session may have used by then
CTRL_C = b"\x03"


def processes_of(directory):
    """Whatever names the demo's directory on its command line: its line by its id."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(directory) in line:
            found[int(process.name)] = line
    return found


class Terminal:
    """run.sh in the foreground of a terminal of its own."""

    def __init__(self, arguments):
        self.text = ""
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execv(arguments[0], arguments)

    def read(self, seconds):
        ready, _, _ = select.select([self.master], [], [], seconds)
        try:
            self.text += os.read(self.master, 65536).decode(errors="replace").replace("\r\n", "\n") if ready else ""
        except OSError:
            time.sleep(seconds)  # the other end is closed

    def wait_for(self, line):
        deadline = time.monotonic() + START_SECONDS_MAX
        while line + "\n" not in self.text:
            assert time.monotonic() < deadline, f"it never said: {line}\nbut:\n{self.text}"
            self.read(0.1)

    def exit_status(self):
        """After the program ended by itself; killed otherwise."""
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while time.monotonic() < deadline:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            self.read(0.05)
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise AssertionError(f"Ctrl-C did not end it:\n{self.text}")


def printed_commands(text):
    instructions = text[text.index("In another terminal:"):text.index(LAST_LINE)]
    return [line.strip() for line in instructions.split("\n") if line.startswith("     ")]


def type_in(commands):
    """What the commands printed, typed in one shell; the first that fails ends it."""
    shell = subprocess.run(["bash", "-eo", "pipefail"], input="\n".join(commands) + "\n", text=True,
                           capture_output=True, timeout=COMMAND_SECONDS_MAX)
    assert shell.returncode == 0, f"failed: {commands}\n{shell.stdout}{shell.stderr}"
    return shell.stdout


def follow(commands):
    login, start, interim, read_token, ask, export, show, add_time = commands
    answer = type_in([login])
    assert "Access-Accept" in answer, answer
    granted = int(answer.split("Session-Timeout = ")[1].split()[0])
    assert 0 < granted <= SESSION_SECONDS, answer

    reports = type_in([start, interim, interim, interim])
    assert reports.count("Accounting-Response") == 4, reports
    balance = type_in([read_token, ask])
    left = int(balance.replace(" ", "").split('"user_time":')[1].rstrip("}\r\n"))
    assert 3000 - UNREPORTED_SECONDS_MAX <= left <= 3000, balance
    shown = type_in([read_token, export, show])
    assert "50m" in shown or "49m" in shown, shown
    assert "2h" in type_in([read_token, export, add_time])


def main(binaries):
    with tempfile.TemporaryDirectory(prefix="hourglass-demo.") as build:
        # run.sh works beside the programs; a build folder of its own shows what it leaves there.
        (Path(build) / "bin").symlink_to(binaries)
        auth, acct, api = map(str, free_ports((socket.SOCK_DGRAM, socket.SOCK_DGRAM, socket.SOCK_STREAM)))
        terminal = Terminal([str(SCRIPT), "--bin", f"{build}/bin", "--auth-port", auth, "--acct-port", acct, "--api-port", api])
        try:
            terminal.wait_for(LAST_LINE)
            assert processes_of(build), "this test cannot see the demo's processes"
            follow(printed_commands(terminal.text))
        finally:
            os.write(terminal.master, CTRL_C)
            status = terminal.exit_status()
        assert status == 0, f"exit status {status}:\n{terminal.text}"
        left = processes_of(build)
        for process in left:
            os.kill(process, signal.SIGTERM)
        assert not left, left
        assert os.listdir(build) == ["bin"], os.listdir(build)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]).resolve())
