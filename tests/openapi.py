#!/usr/bin/env python3
"""The API's document as its users meet it: linted, and a client generated from it that works against the daemon.

openapi.py BIN_DIRECTORY

Needs npm and its registry: tests/openapi/package.json says for what.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from free_ports import free_ports

PROGRAMS = Path(__file__).resolve().parent / "openapi"
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30
COMMAND_SECONDS_MAX = 300
SETTINGS = """
[daemon]
state_dir = "{directory}/state"
[radius]
auth = ["127.0.0.1:{auth}"]
acct = ["127.0.0.1:{acct}"]
[api]
listen = ["127.0.0.1:{api}"]
"""


class Failure(Exception):
    """A sentence."""


class Daemon:
    """hourglassd in a directory of its own."""

    def __init__(self, program, directory):
        auth, acct, api = free_ports([socket.SOCK_DGRAM, socket.SOCK_DGRAM, socket.SOCK_STREAM])
        settings = directory / "hourglass.toml"
        settings.write_text(SETTINGS.format(directory=directory, auth=auth, acct=acct, api=api))
        self.origin = f"http://127.0.0.1:{api}"
        self.token_file = directory / "state/admin.token"
        self.log = directory / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([program, "--config", settings], stdout=log, stderr=log)

    def __enter__(self):
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self.is_ready():
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.stop()
                raise Failure(f"hourglassd does not come up:\n{self.log.read_text()}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        self.stop()

    def is_ready(self):
        try:
            with urllib.request.urlopen(self.origin + "/readyz", timeout=5) as reply:
                return reply.status == 200 and self.token_file.exists()
        except OSError:
            return False

    def token(self):
        return self.token_file.read_text().strip()

    def document(self):
        request = urllib.request.Request(self.origin + "/api/v1/schema/",
                                         headers={"Authorization": f"Bearer {self.token()}"})
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run(directory, command, complaint, **environment):
    """The command, in that directory; its output and the complaint if it fails."""
    try:
        done = subprocess.run(command, cwd=directory, env=os.environ | environment, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=COMMAND_SECONDS_MAX)
    except FileNotFoundError:
        raise Failure(f"{complaint} There is no {command[0]}.") from None
    except subprocess.TimeoutExpired:
        raise Failure(f"{complaint} It took more than {COMMAND_SECONDS_MAX} s.") from None
    if done.returncode != 0:
        raise Failure(f"{complaint}\n{done.stdout}")


def check(directory, daemon):
    for program in PROGRAMS.iterdir():
        shutil.copy(program, directory)
    (directory / "openapi.json").write_text(json.dumps(daemon.document(), indent=1))
    run(directory, ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts",
                    "--fetch-retries=1", "--fetch-timeout=60000"],
        "npm cannot install the linter and the client's generator. Is its registry reachable from here?")
    tools = directory / "node_modules/.bin"
    run(directory, [tools / "spectral", "lint", "--fail-severity=warn", "openapi.json"],
        "The linter has found something in the document.")
    run(directory, [tools / "openapi-typescript", "openapi.json", "--output", "openapi.d.ts",
                    "--default-non-nullable=false"],
        "No client can be made of the document.")
    run(directory, [tools / "tsc"], "The client does not fit what users do with it.")
    run(directory, ["node", "round_trip.js"], "The daemon does not do what its document says.",
        API=daemon.origin, TOKEN=daemon.token())


def main(binaries):
    with tempfile.TemporaryDirectory(prefix="hourglass-openapi.") as name:
        directory = Path(name)
        with Daemon(binaries / "hourglassd", directory) as daemon:
            check(directory, daemon)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        main(Path(sys.argv[1]).resolve())
    except Failure as failure:
        sys.exit(str(failure))
