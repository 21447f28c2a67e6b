#!/usr/bin/env python3
"""The benchmark: starts a daemon of its own with an embedded Redis and default settings, imports users,
and measures logins, accounting and whole sessions beside the machine's own limit, a UDP echo of the same packets.

    bench/bench.py                      medians of three runs, 20,000 users, some minutes
    bench/bench.py --quick              one short run each, 1,000 users: does it work?
    bench/bench.py --peers              FreeRADIUS at the same job beside it
    bench/bench.py --users 1000000      cost must not grow with the number of users stored

CPU is that of the processes alone, in microseconds a request, over the measured time. The figures that repeat on a noisy
machine are those; bench/README.md explains every column. Ends what it started and leaves nothing behind.
"""
import argparse
import contextlib
import json
import pathlib
import platform
import subprocess
import sys
import tempfile

import peers
from measurements import GOODPUT_AT_LEAST, MEASUREMENTS, OVERLOAD, OVERLOAD_LAG_S, OVERLOAD_TIMEOUT_S, OVERLOADED, WINDOW
from processes import Daemon, measure, resident_mib
from report import print_measurements, print_overload, summary_of

US = "hourglass"
IDENTIFIERS_A_SOCKET = 256
SOCKETS_MAX = 2048
# What each subject does best at, and what it can do at all.
WINDOWS = {"freeradius-files": 64, "freeradius-redis": 16}
MODES = {"echo": ("echo",), US: ("pap", "chap", "mschap", "interim", "session"),
         "freeradius-files": ("pap", "chap", "mschap"),
         "freeradius-redis": ("pap", "chap", "mschap", "interim", "session")}


class Echo:
    """udp_echo on a port of its own choice."""

    def __init__(self, executable):
        self.process = subprocess.Popen([executable], stdout=subprocess.PIPE, text=True)
        self.auth = self.acct = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def watched(self):
        return {"server": self.process.pid}


def run_once(options, measurement, name, subject):
    pace = (("--rate", measurement.rate) if measurement.rate else ("--window", WINDOWS.get(name, WINDOW)))
    users = options.active if measurement.is_few else options.users
    return measure(options.bin / "load_generator", measurement.mode, subject, pace, subject.watched(), users,
                   options.seconds)


def measure_all(options, subjects):
    """Round by round, everything in each of them, so that a bad minute of the machine meets all alike."""
    runs = {}
    for _ in range(options.runs):
        for measurement in MEASUREMENTS:
            if options.only and options.only != measurement.mode:
                continue
            for name, subject in subjects.items():
                if measurement.mode in MODES[name]:
                    runs.setdefault((measurement.name, name), []).append(
                        run_once(options, measurement, name, subject))
    return {f"{name}, {subject}": {"name": name, "subject": subject} | summary_of(figures)
            for (name, subject), figures in runs.items()}


def measure_overload(options, daemon, measurements):
    """More than can be served, on schedule. What is answered in time counts; nothing is asked again."""
    overload = {}
    for measurement in MEASUREMENTS:
        measured = measurements.get(f"{measurement.name}, {US}")
        if measurement.name not in OVERLOADED or measured is None:
            continue
        alone = measured["requests_per_second"]
        rate = OVERLOAD * alone
        sockets = min(SOCKETS_MAX, int(rate * OVERLOAD_TIMEOUT_S / IDENTIFIERS_A_SOCKET) + 1)
        pace = ("--rate", rate, "--lag-max", OVERLOAD_LAG_S, "--sockets", sockets, "--timeout",
                OVERLOAD_TIMEOUT_S, "--retries", 0)
        users = options.active if measurement.is_few else options.users
        figures = summary_of([measure(options.bin / "load_generator", measurement.mode, daemon, pace, daemon.watched(),
                                      users, options.seconds) for _ in range(options.runs)])
        overload[measurement.name] = figures | {"alone_per_second": alone,
                                                "goodput": figures["requests_per_second"] / alone}
    return overload


def audit(daemon):
    done = daemon.tool("audit")
    if done.returncode != 0:
        sys.exit(f"bench: the books do not balance:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def open_subjects(options, daemon, directory, stack):
    subjects = {"echo": stack.enter_context(Echo(options.bin / "udp_echo")), US: daemon}
    if options.peers:
        for job in ("files", "redis"):
            subjects[f"freeradius-{job}"] = stack.enter_context(peers.FreeRadius(job, directory, options.users))
    return subjects


def run_all(options):
    with tempfile.TemporaryDirectory(prefix="hourglass-bench.") as directory, \
            Daemon(options.bin / "hourglassd", directory) as daemon, contextlib.ExitStack() as stack:
        imported = daemon.import_users(options.users)
        subjects = open_subjects(options, daemon, directory, stack)
        started = {name: resident_mib(pid) for name, pid in daemon.watched().items()}
        measurements = measure_all(options, subjects)
        loaded = {name: resident_mib(pid) for name, pid in daemon.watched().items()}
        overload = measure_overload(options, daemon, measurements)
        audit(daemon)
        return {"users": options.users, "active": options.active, "runs": options.runs, "seconds": options.seconds,
                "machine": platform.processor() or platform.machine(), "users_imported_per_second": imported,
                "resident_mib": loaded, "resident_mib_before": started, "measurements": measurements,
                "overload": overload}


def print_report(report):
    bounds = {(measurement.name, US): measurement.bounds for measurement in MEASUREMENTS}
    print_measurements(report["measurements"], bounds)
    print_overload(report["overload"], GOODPUT_AT_LEAST)
    resident, before = report["resident_mib"], report["resident_mib_before"]
    print(f"\n{report['users']:,} users, of whom {report['active']:,} have sessions in the Interim rows "
          f"({report['users_imported_per_second']:,.0f} imported a second); resident: daemon "
          f"{before['server']:.0f} -> {resident['server']:.0f} MiB, redis {before['redis']:.0f} -> "
          f"{resident['redis']:.0f} MiB. The books balance.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, default="build/release/bin", help="where the programs are")
    parser.add_argument("--quick", action="store_true", help="1,000 users, one run of one second each")
    parser.add_argument("--users", type=int, help="users in the store; logins are theirs at random")
    parser.add_argument("--active", type=int, default=2000, help="so many of them have sessions in the Interim rows")
    parser.add_argument("--runs", type=int, help="runs of each measurement; the table shows medians")
    parser.add_argument("--seconds", type=float, help="measured time of a run")
    parser.add_argument("--only", help="one mode of the load generator: pap, chap, mschap, interim, session, echo")
    parser.add_argument("--peers", action="store_true", help="measure FreeRADIUS too, where it is installed")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file too")
    options = parser.parse_args()
    options.users = options.users or (1_000 if options.quick else 20_000)
    options.active = min(options.active, options.users)
    options.runs = options.runs or (1 if options.quick else 3)
    options.seconds = options.seconds or (1 if options.quick else 3)
    if options.peers and peers.missing():
        parser.error(f"--peers: {peers.missing()}")

    report = run_all(options)
    print_report(report)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    failed = [name for name, figures in report["measurements"].items() if figures["lost"] or figures["wrong"]]
    failed += [f"{name}, overload" for name, figures in report["overload"].items() if figures["wrong"]]
    if failed:
        sys.exit(f"bench: requests were lost or answered wrongly: {', '.join(failed)}")


if __name__ == "__main__":
    main()
