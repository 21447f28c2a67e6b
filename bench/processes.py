"""The programs that the benchmarks run: a daemon with an embedded Redis on free ports, and the load generator."""
import json
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

SECRET = "bench-secret"
USER_TIME_S = 10**9
START_LIMIT_S = 600  # an embedded Redis that reads ten million users
START_POLL_S = 0.005
STOP_LIMIT_S = 10


def user_name(index):
    """As the load generator calls its users; the password is the name."""
    return f"bench{index:07}"


def free_port(kind):
    kinds = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
    with socket.socket(socket.AF_INET, kinds[kind]) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children_of(pid):
    text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def status_mib(pid, field):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    return 0.0


def resident_mib(pid):
    return status_mib(pid, "VmRSS")


def peak_resident_mib(pid):
    """Since the process began, or since reset_peak."""
    return status_mib(pid, "VmHWM")


def reset_peak(pid):
    pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")


def output_of(*command, given=None):
    done = subprocess.run([str(word) for word in command], input=given, capture_output=True, text=True, check=False)
    return done.stdout.strip()


class Program:
    """A process of ours that ends with its block."""

    def __init__(self, command, log):
        self.log = open(log, "w+", encoding="utf-8")
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log)

    @property
    def pid(self):
        return self.process.pid

    def wait_until(self, is_ready, limit_s=START_LIMIT_S, poll_s=0.1):
        limit = time.monotonic() + limit_s
        while time.monotonic() < limit and self.process.poll() is None:
            if is_ready():
                return
            time.sleep(poll_s)
        self.log.seek(0)
        text = self.log.read()[-2000:]
        self.end()
        sys.exit(f"bench: {self.process.args[0]} did not get ready; it said:\n{text}")

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Redis:
    """One of our own for a daemon that does not start it: as durable as the embedded one, on a Unix socket."""

    def __init__(self, directory):
        self.socket = pathlib.Path(directory) / "redis.sock"
        self.directory = directory
        self.program = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.program.end()

    def start(self):
        self.program = Program(["redis-server", "--port", 0, "--unixsocket", self.socket, "--dir", self.directory, "--save", "",
                                "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction",
                                "--hash-max-listpack-value", 512],
                               pathlib.Path(self.directory) / "redis.log")
        began = time.monotonic()
        self.program.wait_until(lambda: self.command("PING") == "PONG", limit_s=START_LIMIT_S)
        self.ready_after_s = time.monotonic() - began

    @property
    def address(self):
        return f"unix://{self.socket}"

    def command(self, *words):
        return output_of("redis-cli", "-s", self.socket, *words)


class Daemon(Program):
    """hourglassd on free ports, with its state in a directory that goes with it, all other settings being the defaults.
    `radius`, `client` and `daemon` are more lines for those tables of its settings, `wrapper` is what runs it, `tools` is
    where `hourglass` is, if not beside it. One that begins in the directory of another that has ended takes over."""

    def __init__(self, executable, directory, radius="", client="", daemon="", redis="embedded", wrapper=(), tools=None):
        self.tools = tools or pathlib.Path(executable).parent
        self.auth = free_port("udp")
        self.acct = free_port("udp")
        self.api = free_port("tcp")
        self.state = pathlib.Path(directory) / "state"
        settings = pathlib.Path(directory) / "hourglass.toml"
        settings.write_text(f"""
[daemon]
state_dir = "{self.state}"
{daemon}
[radius]
auth = ["127.0.0.1:{self.auth}"]
acct = ["127.0.0.1:{self.acct}"]
{radius}
[[radius.client]]
name = "bench"
address = "127.0.0.1"
secret = "{SECRET}"
{client}
[api]
listen = ["127.0.0.1:{self.api}"]
[store]
redis = "{redis}"
""")
        self.began = time.monotonic()
        super().__init__([*wrapper, executable, "--config", settings], pathlib.Path(directory) / "log")

    def __enter__(self):
        try:
            self.wait_until(self.is_ready, poll_s=START_POLL_S)
        except BaseException:
            self.end()
            raise
        self.ready_after_s = time.monotonic() - self.began
        return self

    def __exit__(self, *_):
        self.end()

    def is_ready(self):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.api}/readyz", timeout=1).close()
        except (urllib.error.URLError, OSError):
            return False
        return True

    def redis_pid(self):
        for child in children_of(self.process.pid):
            if "redis" in pathlib.Path(f"/proc/{child}/comm").read_text():
                return child
        return sys.exit("bench: the daemon has no redis-server child")

    def watched(self):
        return {"server": self.process.pid, "redis": self.redis_pid()}

    def tool(self, *words):
        """`hourglass WORDS` with an administrator's token."""
        return subprocess.run([self.tools / "hourglass", *[str(word) for word in words]], capture_output=True,
                              text=True, check=False, env={"HOURGLASS_URL": f"http://127.0.0.1:{self.api}",
                                                           "HOURGLASS_TOKEN": self.token()})

    def token(self):
        return (self.state / "admin.token").read_text().strip()

    def import_users(self, count, organizations=1):
        """Users user_name(0) and on, spread over the organizations, by the tool. Rows a second."""
        file = self.state.parent / "users.ndjson"
        with file.open("w") as out:
            for index in range(count):
                name = user_name(index)
                out.write(json.dumps({"username": name, "password": name, "organization": 1 + index % organizations,
                                      "user_time": USER_TIME_S}) + "\n")
        began = time.monotonic()
        done = self.tool("import", file)
        if done.returncode != 0:
            sys.exit(f"bench: the import failed: {done.stdout[-1000:]} {done.stderr[-1000:]}")
        took = time.monotonic() - began
        file.unlink()
        return count / took


def measure(generator, mode, server, pace, watch, users, seconds):
    """What one run of the load generator says. `server` has the ports; `watch` names the processes whose CPU counts."""
    command = [generator, "--mode", mode, "--auth-port", server.auth, "--acct-port", server.acct, "--secret", SECRET,
               "--users", users, "--duration", seconds, *pace]
    for name, pid in watch.items():
        command += ["--watch", f"{name}={pid}"]
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, check=False)
    if not done.stdout:
        sys.exit("bench: the load generator failed")
    return json.loads(done.stdout)
