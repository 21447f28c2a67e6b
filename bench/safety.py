#!/usr/bin/env python3
"""Can the protocol be broken? Measurements on a daemon of its own, with an embedded Redis:

    timing   the time of an Access-Reject must not tell an unknown user from a wrong password (Welch's t below 4.5)
    flood    50,000 datagrams a second from an unknown address: no loss for a good NAS at 500 requests a second, and
             less than double its p99; rounds with and without the flood in turn, of which the medians count
    obedience  what the API writes is in force at the next login, beside as many logins from memory as are served
    packets  mutated packets: no answer to what is not authentic, good requests answered in time, memory flat

    bench/safety.py                                   all of them, some minutes
    bench/safety.py --bin build/asan/bin packets      the last one alone, under AddressSanitizer
    bench/safety.py --packets FOLDER                  packets of others to start from, in hexadecimal

Exit status 1 if one of them fails. Ends what it started and leaves nothing behind.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from obedience import measure_obedience
from processes import SECRET, Daemon, measure

USERS = 1000
GOOD_RATE = 500
FLOOD_RATE = 50_000
ROUND_SECONDS = 3
OWN_PACKETS = pathlib.Path(__file__).resolve().parent.parent / "tests/data/nas_packets.txt"


def run_json(command):
    """What the program prints, and whether it was content."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, check=False)
    if not done.stdout:
        sys.exit(f"safety: {command[0]} failed")
    return json.loads(done.stdout), done.returncode == 0


def measure_timing(options, daemon):
    report = {}
    for method in ("pap", "chap"):
        figures, is_good = run_json([options.bin / "timing_of_rejects", "--port", daemon.auth, "--secret", SECRET,
                                     "--method", method, "--logins", options.logins])
        report[method] = figures
        means = ", ".join(f"{name} {mean:.1f} µs" for name, mean in figures["mean_us"].items())
        print(f"timing, {method}: largest t {figures['largest_t']:.2f} ({means}): {'good' if is_good else 'TOLD APART'}")
        report["is_good"] = report.get("is_good", True) and is_good
    return report


def measure_flood(options, daemon):
    def good_nas():
        return measure(options.bin / "load_generator", "pap", daemon, ("--rate", str(GOOD_RATE)),
                       {"daemon": daemon.process.pid}, USERS, ROUND_SECONDS)

    rounds = {"alone": [], "flooded": []}
    floods = []
    for _ in range(options.rounds):
        rounds["alone"].append(good_nas())
        command = [options.bin / "flood", "--port", str(daemon.auth), "--rate", str(FLOOD_RATE), "--seconds",
                   str(ROUND_SECONDS + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as flood:
            rounds["flooded"].append(good_nas())
            floods.append(json.loads(flood.communicate()[0])["per_second"])
    report = {"flood_per_second": statistics.median(floods)}
    for name, runs in rounds.items():
        report[name] = {key: statistics.median(run[key] for run in runs) for key in
                        ("latency_p50_us", "latency_p99_us")}
        report[name]["lost"] = sum(run["lost"] + run["repeated"] for run in runs)
        print(f"flood, {name}: p50 {report[name]['latency_p50_us']:.0f} µs, p99 {report[name]['latency_p99_us']:.0f} µs, "
              f"lost {report[name]['lost']}")
    ratio = report["flooded"]["latency_p99_us"] / report["alone"]["latency_p99_us"]
    report["p99_ratio"] = ratio
    report["is_good"] = ratio < 2 and report["flooded"]["lost"] == 0
    print(f"flood of {report['flood_per_second']:.0f}/s: p99 ratio {ratio:.2f}: "
          f"{'good' if report['is_good'] else 'TOO MUCH'}")
    return report


def measure_packets(options, daemon):
    command = [options.bin / "hostile_traffic", "--auth", daemon.auth, "--acct", daemon.acct, "--secret", SECRET,
               "--user", "bench0000000", "--password", "bench0000000", "--count", options.count, "--seed", options.seed,
               "--pid", daemon.process.pid, "--packets", OWN_PACKETS]
    if options.packets:
        command += ["--packets", options.packets]
    report, is_good = run_json(command)
    report["is_good"] = is_good
    print(f"packets: {report['datagrams']:,}, {report['authentic']:,} of them authentic; wrongly answered "
          f"{report['unwarranted_answers']}; good requests {report['good_requests']:,}, p50 {report['wait_p50_ms']:.1f} ms, "
          f"p99 {report['wait_p99_ms']:.1f} ms, at most {report['wait_max_ms']:.1f} ms, late {report['late']}; memory "
          f"{report['resident_mib']:.0f} MiB, {report['resident_growth_mib']:+.1f} MiB: {'good' if is_good else 'BAD'}")
    return report


MEASUREMENTS = {"timing": measure_timing, "flood": measure_flood, "packets": measure_packets,
                "obedience": lambda options, daemon: measure_obedience(options, daemon, USERS)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="|".join(MEASUREMENTS), help="which; all if none is named")
    parser.add_argument("--bin", type=pathlib.Path, default="build/release/bin", help="where the programs are")
    parser.add_argument("--logins", type=int, default=10_000, help="timing: of each kind")
    parser.add_argument("--rounds", type=int, default=5, help="flood: with and without it")
    parser.add_argument("--count", type=int, default=1_000_000, help="packets: how many")
    parser.add_argument("--seed", type=int, default=1, help="packets: of what is random")
    parser.add_argument("--packets", type=pathlib.Path, help="packets: a folder or file of more to start from")
    parser.add_argument("--seconds", type=int, default=10, help="obedience: how long")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file too")
    options = parser.parse_args()
    unknown = set(options.names) - set(MEASUREMENTS)
    if unknown:
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")

    # Under AddressSanitizer freed memory would be kept for long, and look like growth.
    os.environ.setdefault("ASAN_OPTIONS", "quarantine_size_mb=8")
    report = {}
    for name in options.names or MEASUREMENTS:
        with tempfile.TemporaryDirectory(prefix="hourglass-safety.") as directory, \
                Daemon(options.bin / "hourglassd", directory, radius="reject_delay_ms = 0",
                       client="require_message_authenticator = true") as daemon:
            daemon.import_users(USERS)
            report[name] = MEASUREMENTS[name](options, daemon)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    failed = [name for name, figures in report.items() if not figures["is_good"]]
    if failed:
        sys.exit(f"safety: failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
