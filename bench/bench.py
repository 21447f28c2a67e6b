#!/usr/bin/env python3
"""The benchmark: starts a daemon of its own with an embedded Redis, creates users through the API, and measures
logins and accounting beside the machine's own limit, a UDP echo of the same packets.

    bench/bench.py                      medians of three runs, 20,000 users, about a minute
    bench/bench.py --quick              one short run each, 1,000 users: does it work?
    bench/bench.py --users 1000000      cost must not grow with the number of users stored

CPU is that of the process alone, in microseconds a request, over the measured time. The figures that repeat on a
noisy machine are those; requests a second depend on who else runs. Ends what it started and leaves nothing behind.
"""
import argparse
import json
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

from processes import Daemon, measure, resident_mib

WINDOW = 128
MODEST_RATE = 2000

# name, server, load generator mode, what it is paced by
MEASUREMENTS = (
    ("udp echo", "echo", "echo", ("--window", str(WINDOW))),
    ("login (PAP)", "auth", "pap", ("--window", str(WINDOW))),
    ("accounting (interim)", "acct", "interim", ("--window", str(WINDOW))),
    ("login, 2,000/s", "auth", "pap", ("--rate", str(MODEST_RATE))),
    ("accounting, 2,000/s", "acct", "interim", ("--rate", str(MODEST_RATE))),
)


class Echo:
    """udp_echo on a port of its own choice."""

    def __init__(self, executable):
        self.process = subprocess.Popen([executable], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def median_of(runs):
    """Field by field; losses and wrong answers are added up instead: none may be hidden."""
    middle = {}
    for key, value in runs[0].items():
        if key in ("lost", "wrong", "repeated", "answered"):
            middle[key] = sum(run[key] for run in runs)
        elif isinstance(value, dict):
            middle[key] = {name: statistics.median(run[key][name] for run in runs) for name in value}
        else:
            middle[key] = statistics.median(run[key] for run in runs)
    return middle


def run_all(options):
    bin_dir = options.bin
    with tempfile.TemporaryDirectory(prefix="hourglass-bench.") as directory, \
            Daemon(bin_dir / "hourglassd", directory) as daemon, Echo(bin_dir / "udp_echo") as echo:
        began = time.monotonic()
        daemon.create_users(options.users)
        creation = options.users / (time.monotonic() - began)

        ports = {"echo": echo.port, "auth": daemon.auth, "acct": daemon.acct}
        served = {"daemon": daemon.process.pid, "redis": daemon.redis_pid()}
        results = {}
        for name, server, mode, pace in MEASUREMENTS:
            watch = {"echo": echo.process.pid} if server == "echo" else served
            runs = [measure(bin_dir / "load_generator", mode, ports[server], pace, watch, options.users,
                            options.seconds)
                    for _ in range(options.runs)]
            results[name] = median_of(runs)
        return {"users": options.users, "runs": options.runs, "seconds": options.seconds,
                "machine": platform.processor() or platform.machine(), "users_created_per_second": creation,
                "resident_mib": {name: resident_mib(pid) for name, pid in served.items()},
                "measurements": results}


def print_table(report):
    header = ("", "req/s", "p50 µs", "p99 µs", "CPU µs: daemon", "redis", "generator", "repeated", "lost", "wrong")
    rows = [header]
    for name, figures in report["measurements"].items():
        cpu = figures["cpu_us_per_request"]
        rows.append((name, f"{figures['requests_per_second']:.0f}", f"{figures['latency_p50_us']:.0f}",
                     f"{figures['latency_p99_us']:.0f}", f"{cpu.get('daemon', cpu.get('echo', 0)):.1f}",
                     f"{cpu['redis']:.1f}" if "redis" in cpu else "-", f"{cpu['load_generator']:.1f}",
                     str(figures["repeated"]), str(figures["lost"]), str(figures["wrong"])))
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join(cells))
    resident = report["resident_mib"]
    print(f"\n{report['users']:,} users ({report['users_created_per_second']:.0f} created a second through the API); "
          f"resident: daemon {resident['daemon']:.0f} MiB, redis {resident['redis']:.0f} MiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, default="build/release/bin", help="where the programs are")
    parser.add_argument("--quick", action="store_true", help="1,000 users, one run of one second each")
    parser.add_argument("--users", type=int, help="users in the store, all of them used at random")
    parser.add_argument("--runs", type=int, help="runs of each measurement; the table shows medians")
    parser.add_argument("--seconds", type=float, help="measured time of a run")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file too")
    options = parser.parse_args()
    options.users = options.users or (1_000 if options.quick else 20_000)
    options.runs = options.runs or (1 if options.quick else 3)
    options.seconds = options.seconds or (1 if options.quick else 3)

    report = run_all(options)
    print_table(report)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    failed = [name for name, figures in report["measurements"].items() if figures["lost"] or figures["wrong"]]
    if failed:
        sys.exit(f"bench: requests were lost or answered wrongly: {', '.join(failed)}")


if __name__ == "__main__":
    main()
