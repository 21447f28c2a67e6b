#!/usr/bin/env python3
"""The API's benchmark: a daemon of its own with many users, imported through the API; then pages of lists, reads of one
user beside nginx serving a file of the same size, and an export beside logins.

    bench/api_bench.py                     a million users, some minutes
    bench/api_bench.py --users 20000       does it work?

Pages and exports are judged by ratios within the run: a page far into a list to the first page, logins beside an
export to logins without one. Needs wrk and nginx; ends what it started and leaves nothing behind.
"""
import argparse
import http.client
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from processes import Daemon, free_port, measure, peak_resident_mib, resident_mib, reset_peak

ORGANIZATIONS = 100
PAGE_READS = 60
LOGIN_RATE = 2000
WRK_CONNECTIONS = 16
MODEST_SECONDS = 5


class Api:
    def __init__(self, daemon):
        self.daemon = daemon
        self.headers = {"Authorization": f"Bearer {daemon.token()}"}

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.daemon.api, timeout=600)

    def export_users(self):
        """Rows, and rows a second."""
        connection = self.connect()
        began = time.monotonic()
        connection.request("GET", "/api/v1/user_token/export/", headers=self.headers)
        answer = connection.getresponse()
        count = 0
        while piece := answer.read1(1 << 16):
            count += piece.count(b"\n")
        connection.close()
        return count, count / (time.monotonic() - began)

    def page_times(self, queries):
        """Medians in microseconds, read in turn so that noise meets all alike."""
        connection = self.connect()
        times = {name: [] for name in queries}
        for _ in range(PAGE_READS):
            for name, query in queries.items():
                began = time.perf_counter()
                connection.request("GET", "/api/v1/user_token/?" + urllib.parse.urlencode(query), headers=self.headers)
                answer = connection.getresponse()
                page = json.loads(answer.read())
                times[name].append((time.perf_counter() - began) * 1e6)
                if answer.status != 200 or len(page["results"]) != 20:
                    raise SystemExit(f"api_bench: {name}: status {answer.status}, {len(page['results'])} results")
        connection.close()
        return {name: statistics.median(values) for name, values in times.items()}


class Nginx:
    """Serves one file, on a free port, from a directory that goes with it."""

    def __init__(self, directory, body):
        self.port = free_port("tcp")
        root = pathlib.Path(directory) / "nginx"
        root.mkdir()
        (root / "user.json").write_bytes(body)
        root.chmod(0o755)
        pathlib.Path(directory).chmod(0o755)
        (root / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {root}/pid; error_log stderr crit;
events {{ worker_connections 256; }}
http {{
    access_log off; keepalive_requests 100000000; types {{ application/json json; }}
    client_body_temp_path {root}/a; proxy_temp_path {root}/b; fastcgi_temp_path {root}/c;
    uwsgi_temp_path {root}/d; scgi_temp_path {root}/e;
    server {{ listen 127.0.0.1:{self.port}; root {root}; }}
}}
""")
        self.process = subprocess.Popen([shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-p", str(root), "-c",
                                         str(root / "nginx.conf")], stderr=subprocess.DEVNULL)
        time.sleep(0.5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def wrk(url, headers, seconds):
    """Requests a second."""
    command = ["wrk", "-t1", f"-c{WRK_CONNECTIONS}", f"-d{seconds}s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run([*command, url], stdout=subprocess.PIPE, text=True, check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise SystemExit(f"api_bench: wrk met errors:\n{done.stdout}")
    for line in done.stdout.splitlines():
        if line.startswith("Requests/sec:"):
            return float(line.split()[1])
    raise SystemExit(f"api_bench: wrk said no rate:\n{done.stdout}")


def read_rates(daemon, api, directory):
    connection = api.connect()
    connection.request("GET", "/api/v1/user_token/1/", headers=api.headers)
    body = connection.getresponse().read()
    connection.close()
    with Nginx(directory, body) as nginx:
        ours, theirs = [], []
        for _ in range(3):
            ours.append(wrk(f"http://127.0.0.1:{daemon.api}/api/v1/user_token/1/", api.headers, MODEST_SECONDS))
            theirs.append(wrk(f"http://127.0.0.1:{nginx.port}/user.json", {}, MODEST_SECONDS))
    return statistics.median(ours), statistics.median(theirs)


def logins(daemon, options, seconds):
    return measure(options.bin / "load_generator", "pap", daemon, ("--rate", str(LOGIN_RATE)), {}, options.users,
                   seconds)


def export_beside_logins(daemon, api, options):
    pid = daemon.process.pid
    alone = logins(daemon, options, MODEST_SECONDS)
    reset_peak(pid)
    before = resident_mib(pid)
    exported, is_over = [], threading.Event()

    def export_again_and_again():
        while not is_over.is_set():
            exported.append(api.export_users())

    exporter = threading.Thread(target=export_again_and_again)
    exporter.start()
    beside = logins(daemon, options, MODEST_SECONDS)
    is_over.set()
    exporter.join()
    if any(count != options.users for count, _ in exported):
        raise SystemExit(f"api_bench: the export missed users: {exported}")
    return {"login_p99_us": alone["latency_p99_us"], "login_p99_us_beside_export": beside["latency_p99_us"],
            "rows_per_second": exported[-1][1], "resident_mib": before, "peak_resident_mib": peak_resident_mib(pid),
            "lost": alone["lost"] + beside["lost"], "wrong": alone["wrong"] + beside["wrong"]}


def run_all(options):
    with tempfile.TemporaryDirectory(prefix="hourglass-bench.") as directory, \
            Daemon(options.bin / "hourglassd", directory) as daemon:
        pid, redis = daemon.process.pid, daemon.redis_pid()
        api = Api(daemon)
        report = {"users": options.users}
        started = resident_mib(pid)
        report["import"] = {"rows_per_second": daemon.import_users(options.users, ORGANIZATIONS), "resident_mib": started,
                            "peak_resident_mib": peak_resident_mib(pid), "redis_resident_mib": resident_mib(redis)}
        report["page_us"] = api.page_times({
            "first page": {},
            "page at nine tenths": {"offset": options.users * 9 // 10},
            "an organization": {"organization": 7},
            "names by prefix": {"search": "bench00"},
            "pages by cursor": {"cursor": ""},
        })
        ours, nginx = read_rates(daemon, api, directory)
        report["read"] = {"requests_per_second": ours, "nginx_requests_per_second": nginx}
        report["export"] = export_beside_logins(daemon, api, options)
        return report


def print_report(report):
    print(f"{report['users']:,} users")
    imported, exported, read = report["import"], report["export"], report["read"]
    print(f"import            {imported['rows_per_second']:>9,.0f} rows/s; resident {imported['resident_mib']:.0f} -> "
          f"{imported['peak_resident_mib']:.0f} MiB at most; redis {imported['redis_resident_mib']:,.0f} MiB")
    first = report["page_us"]["first page"]
    for name, microseconds in report["page_us"].items():
        print(f"{name:<20}{microseconds:>7,.0f} us; {microseconds / first:.2f} times the first page")
    print(f"one user          {read['requests_per_second']:>9,.0f}/s; nginx, a file of that size "
          f"{read['nginx_requests_per_second']:,.0f}/s; ratio "
          f"{read['requests_per_second'] / read['nginx_requests_per_second']:.2f}")
    print(f"export            {exported['rows_per_second']:>9,.0f} rows/s; resident {exported['resident_mib']:.0f} -> "
          f"{exported['peak_resident_mib']:.0f} MiB at most")
    print(f"login p99, {LOGIN_RATE:,}/s {exported['login_p99_us']:>7,.0f} us; beside an export "
          f"{exported['login_p99_us_beside_export']:,.0f} us; lost {exported['lost']}, wrong {exported['wrong']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, default="build/release/bin", help="where the programs are")
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file too")
    options = parser.parse_args()
    report = run_all(options)
    print_report(report)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    if report["export"]["lost"] or report["export"]["wrong"]:
        sys.exit("api_bench: logins were lost or answered wrongly")


if __name__ == "__main__":
    main()
