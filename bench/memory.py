#!/usr/bin/env python3
"""Does the daemon's memory stay what it is? Whole sessions as fast as they go, and the resident size after every so many.

    bench/memory.py                       ten million requests, some minutes
    bench/memory.py --requests 100000000  a day's worth

The users stay the same, so Redis grows with the sessions it remembers (accounting.retention_days) and not the daemon.
Exit status 1 if the daemon grew by more than a tenth over the second half. Leaves nothing behind.
"""
import argparse
import json
import pathlib
import sys
import tempfile

from measurements import WINDOW
from processes import Daemon, measure, peak_resident_mib, resident_mib
from report import print_columns

SLICE_S = 10
GROWTH_MAX = 0.1


def follow(options, daemon):
    """Rows of what was resident after how many requests."""
    pids = daemon.watched()
    curve = [{"requests": 0, "daemon_mib": resident_mib(pids["server"]), "redis_mib": resident_mib(pids["redis"])}]
    next_shown = step = options.requests / options.rows
    done = 0
    while done < options.requests:
        figures = measure(options.bin / "load_generator", options.mode, daemon, ("--window", WINDOW, "--warmup", 0), {},
                          options.users, SLICE_S)
        if figures["wrong"] or figures["lost"]:
            sys.exit(f"memory: {figures['wrong']} wrong answers, {figures['lost']} lost requests")
        done += figures["answered"]
        if done >= next_shown:
            next_shown = done + step
            curve.append({"requests": done, "daemon_mib": resident_mib(pids["server"]),
                          "redis_mib": resident_mib(pids["redis"]), "requests_per_second": figures["requests_per_second"]})
            print(f"{done:>13,} requests: daemon {curve[-1]['daemon_mib']:.1f} MiB", file=sys.stderr)
    return curve


def growth_of_second_half(curve):
    half = next(row for row in curve if row["requests"] >= curve[-1]["requests"] / 2)
    return curve[-1]["daemon_mib"] / half["daemon_mib"] - 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, default="build/release/bin", help="where the programs are")
    parser.add_argument("--requests", type=int, default=10_000_000)
    parser.add_argument("--users", type=int, default=20_000)
    parser.add_argument("--mode", default="session", help="of the load generator")
    parser.add_argument("--rows", type=int, default=10, help="of the table")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file too")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="hourglass-bench.") as directory, \
            Daemon(options.bin / "hourglassd", directory) as daemon:
        daemon.import_users(options.users)
        curve = follow(options, daemon)
        peak = peak_resident_mib(daemon.process.pid)

    rows = [("requests", "daemon MiB", "redis MiB")]
    rows += [(f"{row['requests']:,}", f"{row['daemon_mib']:.1f}", f"{row['redis_mib']:.0f}") for row in curve]
    print_columns(rows, left=0)
    growth = growth_of_second_half(curve)
    print(f"\nThe daemon's peak was {peak:.1f} MiB; over the second half it grew by {100 * growth:.1f} %.")
    if options.json:
        options.json.write_text(json.dumps({"curve": curve, "peak_mib": peak, "growth": growth}, indent=2) + "\n")
    if growth > GROWTH_MAX:
        sys.exit("memory: the daemon grows")


if __name__ == "__main__":
    main()
