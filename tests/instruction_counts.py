#!/usr/bin/env python3
"""Did a request become dearer? Counts instructions, which do not depend on what else the machine does.

instruction_counts.py BIN [--json FILE]   BIN is where the programs are; they must be a release build

Valgrind's callgrind counts what a worker of hourglassd spends in user mode on requests that come one at a time: everything, from the
event loop to the last digest, and nothing of the kernel, of Redis, or of sharing a turn with others. The steps of a packet
that `packet_instructions` knows are counted alone. Bounds are about a tenth above what was measured last; who makes
something cheaper lowers its bound.
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "bench"))
from processes import Daemon, Redis, measure  # noqa: E402
from report import print_columns  # noqa: E402

SKIPPED = 77
USERS = 50
WARM_UP_REQUESTS = 400
REQUESTS = 1000
TIME_LIMIT_S = 300
CALLGRIND = ("valgrind", "--tool=callgrind", "--quiet", "--separate-threads=yes")

# Instructions at most.
PACKET_BOUNDS = {"decode": 400, "authenticate_login": 6500, "authenticate_report": 3500, "encode": 9000}
REQUEST_BOUNDS = {"pap": 120_000, "mschap": 150_000, "interim": 150_000, "session": 150_000}


def without_debug_information(program, directory):
    """Debian's Valgrind cannot read what Clang 19 writes."""
    stripped = pathlib.Path(directory) / program.name
    subprocess.run(["strip", "--strip-debug", "-o", stripped, program], check=True)
    return stripped


def packet_instructions(program, step):
    """The difference of two runs, so that the start does not count."""
    def collected(times):
        with tempfile.TemporaryDirectory(prefix="hourglass-instructions.") as directory:
            subprocess.run([*CALLGRIND, f"--callgrind-out-file={directory}/profile", program, step, str(times)], check=True)
            return busiest_thread(pathlib.Path(directory).glob("profile*"))

    few, many = 1000, 3000
    return (collected(many) - collected(few)) / (many - few)


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


def count_all(bin_dir, directory):
    steps = without_debug_information(bin_dir / "packet_instructions", directory)
    counts = {step: packet_instructions(steps, step) for step in PACKET_BOUNDS}
    hourglassd = without_debug_information(bin_dir / "hourglassd", directory)
    with Redis(directory) as redis, CountedDaemon(hourglassd, directory, bin_dir, redis) as daemon:
        daemon.import_users(USERS)
        for mode in REQUEST_BOUNDS:
            counts[mode] = request_instructions(daemon, bin_dir / "load_generator", mode)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file too")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is not installed")
        sys.exit(SKIPPED)

    with tempfile.TemporaryDirectory(prefix="hourglass-instructions.") as directory:
        counts = count_all(options.bin, directory)

    bounds = PACKET_BOUNDS | REQUEST_BOUNDS
    rows = [("", "instructions", "at most", "")]
    rows += [(name, f"{count:,.0f}", f"{bounds[name]:,}", "" if count <= bounds[name] else "OVER")
             for name, count in counts.items()]
    print_columns(rows, left=1)
    if options.json:
        options.json.write_text(json.dumps(counts, indent=2) + "\n")
    dearer = [name for name, count in counts.items() if count > bounds[name]]
    if dearer:
        sys.exit(f"instruction_counts: dearer than they were: {', '.join(dearer)}")


if __name__ == "__main__":
    main()
