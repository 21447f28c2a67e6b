#!/usr/bin/env python3
"""What a request takes of a worker, in instructions: the same on a busy machine and on an idle one.

    bench/instructions.py                 some minutes
    bench/instructions.py --only interim

Valgrind's callgrind counts all that a worker of hourglassd does in user mode for requests that come one at a time, from the
event loop to the last digest. Nothing of the kernel or of Redis is in it, nor what requests save that share a turn of the loop.
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from processes import Daemon, Redis, measure
from report import print_columns

MODES = ("pap", "chap", "mschap", "interim", "session")  # of the load generator
USERS = 50
WARM_UP_REQUESTS = 400
REQUESTS = 1000
TIME_LIMIT_S = 300
CALLGRIND = ("valgrind", "--tool=callgrind", "--quiet", "--separate-threads=yes")


def without_debug_information(program, directory):
    """Debian's Valgrind cannot read what Clang 19 writes."""
    stripped = pathlib.Path(directory) / program.name
    subprocess.run(["strip", "--strip-debug", "-o", stripped, program], check=True)
    return stripped


def busiest_thread(profiles):
    """The instructions of the thread that had most."""
    totals = (re.search(r"^(?:totals|summary): (\d+)", profile.read_text(), re.MULTILINE) for profile in profiles)
    return max(int(total[1]) for total in totals if total)


class CountedDaemon(Daemon):
    """hourglassd under callgrind, with one worker, which is its busiest thread."""

    def __init__(self, executable, directory, tools, redis):
        self.profile = pathlib.Path(directory) / "profile"
        self.dumps = 0
        super().__init__(executable, directory, tools=tools, redis=redis.address, daemon="workers = 1",
                         wrapper=(*CALLGRIND, f"--callgrind-out-file={self.profile}"))

    def instructions_since_last_time(self):
        subprocess.run(["callgrind_control", "--dump", str(self.process.pid)], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        self.dumps += 1
        return busiest_thread(self.profile.parent.glob(f"{self.profile.name}.{self.dumps}-*"))


def request_instructions(daemon, generator, mode):
    def ask(count):
        figures = measure(generator, mode, daemon, ("--window", 1, "--warmup", 0, "--count", count, "--timeout", 10), {},
                          USERS, TIME_LIMIT_S)
        if figures["answered"] != count or figures["wrong"]:
            sys.exit(f"instruction_counts: {mode}: {figures}")

    ask(WARM_UP_REQUESTS)
    daemon.instructions_since_last_time()
    ask(REQUESTS)
    return daemon.instructions_since_last_time() / REQUESTS


def count_all(options, directory):
    hourglassd = without_debug_information(options.bin / "hourglassd", directory)
    with Redis(directory) as redis, CountedDaemon(hourglassd, directory, options.bin, redis) as daemon:
        daemon.import_users(USERS)
        return {mode: request_instructions(daemon, options.bin / "load_generator", mode)
                for mode in MODES if options.only in (None, mode)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, default="build/release/bin", help="where the programs are")
    parser.add_argument("--only", choices=MODES)
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file too")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        parser.error("valgrind is not installed (apt-get install valgrind)")

    with tempfile.TemporaryDirectory(prefix="hourglass-instructions.") as directory:
        counts = count_all(options, directory)
    print_columns([("a request", "instructions"), *((mode, f"{count:,.0f}") for mode, count in counts.items())], left=1)
    if options.json:
        options.json.write_text(json.dumps(counts, indent=2) + "\n")


if __name__ == "__main__":
    main()
