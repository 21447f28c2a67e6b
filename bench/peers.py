"""What else could do the job: FreeRADIUS, with users in a file, and with the balance in Redis. Configuration in bench/peers/."""
import pathlib
import shutil
import subprocess

from processes import SECRET, Program, free_port, output_of, user_name

FOLDER = pathlib.Path(__file__).resolve().parent / "peers"
BALANCE = 10**9


def missing():
    """Why there can be no peers; empty if there can."""
    if shutil.which("freeradius", path="/usr/sbin:/usr/bin") is None:
        return "freeradius is not installed (apt-get install freeradius freeradius-redis)"
    if not pathlib.Path("/usr/lib/freeradius/rlm_redis.so").exists():
        return "freeradius has no rlm_redis (apt-get install freeradius-redis)"
    return ""


class PeerRedis:
    """May lose the last second when the machine fails, which its users put up with; ours may not."""

    def __init__(self, directory, users):
        self.port = free_port("tcp")
        self.socket = directory / "redis.sock"
        self.program = Program(
            ["redis-server", "--port", self.port, "--bind", "127.0.0.1", "--unixsocket", self.socket, "--dir", directory,
             "--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--auto-aof-rewrite-percentage", "0"],
            directory / "redis.log")
        self.program.wait_until(lambda: self.command("PING") == "PONG")
        self.load(users)
        self.scripts = {name: self.command("SCRIPT", "LOAD", (FOLDER / f"{name}.lua").read_text())
                        for name in ("login", "accounting")}

    def command(self, *words):
        return output_of("redis-cli", "-s", self.socket, *words)

    def load(self, users):
        with subprocess.Popen(["redis-cli", "-s", self.socket, "--pipe"], stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL, text=True) as pipe:
            for index in range(users):
                name = user_name(index)
                pipe.stdin.write(f"HSET bench:user:{name} seconds {BALANCE} password {name}\r\n")


class FreeRadius:
    """`job` names its configuration, "files" or "redis"."""

    def __init__(self, job, directory, users):
        self.directory = pathlib.Path(directory) / f"freeradius-{job}"
        self.directory.mkdir()
        self.auth = free_port("udp")
        self.acct = free_port("udp")
        self.redis = PeerRedis(self.directory, users) if job == "redis" else None
        # Found by trying: files gain nothing beyond the cores; threads that wait for Redis do.
        self.values = {"DIR": self.directory, "SECRET": SECRET, "AUTH_PORT": self.auth, "ACCT_PORT": self.acct,
                       "THREADS": 8 if self.redis else 2}
        if self.redis:
            self.values |= {"REDIS_PORT": self.redis.port, "LOGIN_SCRIPT": self.redis.scripts["login"],
                            "ACCOUNTING_SCRIPT": self.redis.scripts["accounting"]}
        else:
            self.write_users(users)
        for source, name in (("radiusd.conf", "radiusd.conf"), (f"{job}_modules.conf", "modules.conf"),
                             (f"{job}_job.conf", "job.conf")):
            self.write(source, name)
        freeradius = shutil.which("freeradius", path="/usr/sbin:/usr/bin")
        self.program = Program([freeradius, "-f", "-l", "stdout", "-d", self.directory], self.directory / "log")

    def write(self, source, name):
        text = (FOLDER / source).read_text()
        for word, value in self.values.items():
            text = text.replace(f"@{word}@", str(value))
        (self.directory / name).write_text(text)

    def write_users(self, count):
        with (self.directory / "users").open("w") as out:
            for index in range(count):
                name = user_name(index)
                out.write(f'{name} Cleartext-Password := "{name}"\n\tSession-Timeout = 3600\n\n')

    def __enter__(self):
        self.program.wait_until(self.is_listening)
        return self

    def __exit__(self, *_):
        self.program.end()
        if self.redis:
            self.redis.program.end()

    def is_listening(self):
        self.program.log.seek(0)
        return "Ready to process requests" in self.program.log.read()

    def watched(self):
        watched = {"server": self.program.pid}
        if self.redis:
            watched["redis"] = self.redis.program.pid
        return watched
