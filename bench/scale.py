#!/usr/bin/env python3
"""What many users, NASes and running sessions cost: to bring in, to keep, at the start and at a reload, and for each request.

    bench/scale.py --users 1000000                                     some minutes
    bench/scale.py --users 10000000 --sessions 1000000 --nases 10000   needs 12 GiB of memory, an hour

The daemon uses a Redis that outlives it, so that its start is told apart from the reading of the append-only file. Cost must
not grow with those stored, only with those active: the same 2,000 active users should cost the same at each size. Ends what it
started and leaves nothing behind.
"""
import argparse
import collections
import concurrent.futures
import http.client
import json
import pathlib
import re
import signal
import sys
import tempfile
import time

from measurements import WINDOW, Measurement
from processes import Daemon, Redis, measure, output_of, peak_resident_mib, resident_mib
from report import print_columns, print_measurements, summary_of

API_CONNECTIONS = 8
SAMPLED_KEYS = 20_000
START_RUNS = 5
RELOAD_RUNS = 5
SESSIONS_LIMIT_S = 3600
MEASUREMENTS = (
    Measurement("PAP login, active users", "pap", is_few=True),
    Measurement("PAP login, all users at random", "pap"),
    Measurement("Interim, active users", "interim", is_few=True),
)


class MeasuredRedis(Redis):
    def used_octets(self):
        return int(re.search(r"used_memory:(\d+)", self.command("INFO", "memory"))[1])

    def log_octets(self):
        return sum(file.stat().st_size for file in (pathlib.Path(self.directory) / "appendonlydir").iterdir())

    def sample(self):
        """Octets by kind of key: the mean of a sample, times how many there must be. Ids in names become N."""
        keys = output_of("redis-cli", "-s", self.socket, "-r", SAMPLED_KEYS, "RANDOMKEY").splitlines()
        script = "\n".join(f"MEMORY USAGE {key} SAMPLES 0" for key in keys)
        sizes = [int(line) for line in
                 output_of("redis-cli", "-s", self.socket, given=script).splitlines() if line.isdigit()]
        kinds = collections.defaultdict(list)
        for key, size in zip(keys, sizes):
            kinds[re.sub(r"\d+", "N", key)].append(size)
        total = int(self.command("DBSIZE"))
        return {kind: {"keys": round(total * len(found) / len(keys)), "octets_each": sum(found) / len(found)}
                for kind, found in kinds.items()}


def create_nases(daemon, count):
    """NASes a second, by the API: each is in force when it is answered."""
    headers = {"Authorization": f"Bearer {daemon.token()}", "Content-Type": "application/json"}

    def create_share(first):
        connection = http.client.HTTPConnection("127.0.0.1", daemon.api, timeout=60)
        for index in range(first, count, API_CONNECTIONS):
            body = {"name": f"bench-{index}", "address": f"10.{index >> 16 & 255}.{index >> 8 & 255}.{index & 255}",
                    "secret": f"bench-secret-{index}"}
            connection.request("POST", "/api/v1/nas/", json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 201:
                raise RuntimeError(f"creating a NAS: status {answer.status}: {text[:200]!r}")
        connection.close()

    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(API_CONNECTIONS) as pool:
        list(pool.map(create_share, range(API_CONNECTIONS)))
    return count / (time.monotonic() - began)


def reload_time_s(daemon):
    """From SIGHUP to the line that says it is done."""
    log = pathlib.Path(daemon.log.name)
    lines = log.read_text().count("The settings were read again")
    began = time.monotonic()
    daemon.process.send_signal(signal.SIGHUP)
    while log.read_text().count("The settings were read again") == lines:
        time.sleep(0.001)
    return time.monotonic() - began


def starts(options, directory, redis):
    """Times from the beginning of the process until /readyz says yes, and of reloads; with the state that is there."""
    ready, reload = [], []
    for _ in range(START_RUNS):
        with Daemon(options.bin / "hourglassd", directory, redis=redis.address) as daemon:
            ready.append(daemon.ready_after_s * 1000)
            reload += [reload_time_s(daemon) * 1000 for _ in range(RELOAD_RUNS)]
    return {"ready_ms": sorted(ready)[len(ready) // 2], "reload_ms": sorted(reload)[len(reload) // 2]}


def measure_all(options, daemon, redis):
    runs = collections.defaultdict(list)
    for _ in range(options.runs):
        for measurement in MEASUREMENTS:
            users = min(options.active, options.users) if measurement.is_few else options.users
            runs[measurement.name].append(measure(options.bin / "load_generator", measurement.mode, daemon,
                                                  ("--window", WINDOW),
                                                  {"server": daemon.process.pid, "redis": redis.program.pid}, users,
                                                  options.seconds))
    return {name: {"name": name, "subject": f"{options.users:,}"} | summary_of(figures) for name, figures in runs.items()}


def open_sessions(options, daemon):
    """Starts a second."""
    began = time.monotonic()
    figures = measure(options.bin / "load_generator", "start", daemon, ("--window", WINDOW, "--warmup", 0), {},
                      options.sessions, SESSIONS_LIMIT_S)
    if figures["lost"] or figures["wrong"] or figures["answered"] != options.sessions:
        sys.exit(f"scale: not all sessions began: {figures}")
    return options.sessions / (time.monotonic() - began)


def run_all(options, directory, redis):
    report = {"users": options.users, "nases": options.nases, "sessions": options.sessions}
    empty = redis.used_octets()
    with Daemon(options.bin / "hourglassd", directory, redis=redis.address) as daemon:
        report["import"] = {"rows_per_second": daemon.import_users(options.users),
                            "daemon_peak_mib": peak_resident_mib(daemon.process.pid),
                            "redis_octets_a_user": (redis.used_octets() - empty) / options.users,
                            "redis_mib": resident_mib(redis.program.pid)}
        report["measurements"] = measure_all(options, daemon, redis)
        if options.nases:
            report["nases_per_second"] = create_nases(daemon, options.nases)
        before = redis.used_octets()
        if options.sessions:
            report["starts_per_second"] = open_sessions(options, daemon)
            report["redis_octets_a_session"] = (redis.used_octets() - before) / options.sessions
        report["daemon_mib"] = resident_mib(daemon.process.pid)
    report["start"] = starts(options, directory, redis)
    report["keys"] = redis.sample()
    report["redis_mib"] = resident_mib(redis.program.pid)
    report["append_only_mib"] = redis.log_octets() / 2**20
    redis.program.end()
    redis.start()
    report["redis_load_s"] = redis.ready_after_s
    return report


def print_report(report):
    imported, start = report["import"], report["start"]
    print(f"{report['users']:,} users, {report['nases']:,} NASes, {report['sessions']:,} running sessions\n"
          f"import      {imported['rows_per_second']:,.0f} users/s; the daemon's peak was {imported['daemon_peak_mib']:.0f} MiB\n"
          f"memory      {imported['redis_octets_a_user']:,.0f} octets a user in Redis; resident {report['redis_mib']:,.0f} MiB, "
          f"append-only file {report['append_only_mib']:,.0f} MiB; daemon {report['daemon_mib']:.0f} MiB")
    if report["nases"]:
        print(f"NASes       {report['nases_per_second']:,.0f}/s by the API, each in force when answered")
    if report["sessions"]:
        print(f"sessions    {report['starts_per_second']:,.0f} Starts/s; {report['redis_octets_a_session']:,.0f} octets a session")
    print(f"start       ready after {start['ready_ms']:.0f} ms; reload {start['reload_ms']:.0f} ms; Redis reads its file in "
          f"{report['redis_load_s']:.1f} s\n")
    rows = [("keys", "how many", "octets each", "octets a user")]
    for kind, found in sorted(report["keys"].items(), key=lambda item: -item[1]["keys"] * item[1]["octets_each"])[:12]:
        rows.append((kind, f"{found['keys']:,}", f"{found['octets_each']:,.0f}",
                     f"{found['keys'] * found['octets_each'] / report['users']:,.0f}"))
    print_columns(rows, left=1)
    print()
    print_measurements(report["measurements"], {})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, default="build/release/bin", help="where the programs are")
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--active", type=int, default=2000, help="of whom so many are measured")
    parser.add_argument("--nases", type=int, default=0)
    parser.add_argument("--sessions", type=int, default=0, help="that run, each of a user of its own")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--directory", help="for the data; the default is that for temporary files")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file too")
    options = parser.parse_args()
    if options.sessions > options.users:
        parser.error("--sessions: each is of a user of its own, so there cannot be more than --users")
    with tempfile.TemporaryDirectory(prefix="hourglass-scale.", dir=options.directory) as directory, \
            MeasuredRedis(directory) as redis:
        report = run_all(options, directory, redis)
    print_report(report)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
