#!/usr/bin/env python3
"""The unit under a real systemd, in namespaces of its own: as it is installed it starts in its sandbox; a restart and a
crash leave no request without an answer; a worker that hangs is replaced; credentials arrive.

real_systemd.py BUILD_DIRECTORY     exits 77 (skipped) where that takes more than we may do here
"""

import ctypes
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

SYSTEMD = "/usr/lib/systemd/systemd"
SECRET = "a secret of the test"
TARGETS = ("basic", "sysinit", "network-online", "nss-lookup", "time-sync", "shutdown", "test")
STUB = "[Unit]\nDescription=Nothing\nDefaultDependencies=no\n"
SETTINGS = f"""[daemon]
workers = 2
[[radius.client]]
name = "test"
address = "127.0.0.1"
secret = "{SECRET}"
"""
BOOT_LIMIT_S = 20
ANSWER_LIMIT_S = 30
BACK_LIMIT_S = 20
ASKED_DURING_A_RESTART = 30

# In its own mount namespace: nothing that is mounted or written here is seen outside.
PREPARE = r"""
set -e
ip link set lo up
mount --make-rprivate /
mkdir -p "$T/etc" "$T/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$T/etc,workdir=$T/work" /etc
mount -t overlay overlay -o "lowerdir=$T/root/usr/sbin:/usr/sbin" /usr/sbin
mount -t tmpfs tmpfs /var/lib
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd /etc/hourglass
systemd-sysusers "$T/root/usr/lib/sysusers.d/hourglass.conf"
cp "$T/settings.toml" /etc/hourglass/hourglass.toml
chown root:hourglass /etc/hourglass/hourglass.toml
chmod 0640 /etc/hourglass/hourglass.toml
"""
# systemd needs mounts that propagate, and those end with it.
START = r"""
mount --make-rshared /
mount -t proc proc /proc
if [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t tmpfs tmpfs /sys/fs/cgroup
    mkdir /sys/fs/cgroup/systemd
    mount -t cgroup -o none,name=systemd,xattr cgroup /sys/fs/cgroup/systemd
fi
export container=test SYSTEMD_UNIT_PATH="$T/units"
exec /usr/lib/systemd/systemd --system --unit=test.target --log-target=console --show-status=no
"""


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def remove_cgroup(cgroup):
    """Its last processes may still be on their way out."""
    for _ in range(50):
        try:
            for directory, _, _ in os.walk(cgroup, topdown=False):
                os.rmdir(directory)
            return
        except OSError:
            time.sleep(0.1)


def enter_namespaces():
    """Runs this program again in namespaces of its own, and a cgroup that is removed afterwards."""
    if os.geteuid() != 0 or not os.access(SYSTEMD, os.X_OK):
        skip("takes root and systemd")
    v2 = pathlib.Path("/sys/fs/cgroup/cgroup.controllers").exists()
    cgroup = pathlib.Path("/sys/fs/cgroup" if v2 else "/sys/fs/cgroup/systemd") / f"hourglass-test-{os.getpid()}"
    try:
        cgroup.mkdir()
    except OSError as failure:
        skip(f"no cgroup can be made: {failure}")
    try:
        join = lambda: (cgroup / "cgroup.procs").write_text(str(os.getpid()))
        inner = subprocess.run(["unshare", "--mount", "--net", "--uts", "--ipc", "--cgroup", sys.executable, *sys.argv,
                                "inside"], preexec_fn=join, check=False)
        return inner.returncode
    finally:
        remove_cgroup(cgroup)


class Machine:
    """A systemd that knows our unit and little else."""

    def __init__(self, directory, build):
        self.directory = directory
        self.environment = {"T": str(directory), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        root = directory / "root"
        subprocess.run(["cmake", "--install", str(build)], env=self.environment | {"DESTDIR": str(root)}, check=True,
                       capture_output=True)
        units = directory / "units"
        units.mkdir()
        for target in TARGETS:
            (units / f"{target}.target").write_text(STUB)
        shutil.copy(root / "usr/lib/systemd/system/hourglassd.service", units)
        self.tool = root / "usr/bin/hourglass"
        (directory / "settings.toml").write_text(SETTINGS)

    def __enter__(self):
        prepared = subprocess.run(["sh", "-c", PREPARE], env=self.environment, capture_output=True, text=True, check=False)
        if prepared.returncode != 0:
            skip(prepared.stderr)
        self.log = open(self.directory / "log", "w+", encoding="utf-8")
        self.outer = subprocess.Popen(["unshare", "--mount", "--pid", "--fork", "--kill-child",
                                       "sh", "-c", START], env=self.environment, stdin=subprocess.DEVNULL, stdout=self.log,
                                      stderr=self.log)
        limit = time.monotonic() + BOOT_LIMIT_S
        while time.monotonic() < limit and self.outer.poll() is None:
            if self.systemctl("is-system-running").strip() in ("running", "degraded"):
                return self
            time.sleep(0.1)
        self.__exit__()
        skip("systemd does not come up here:\n" + (self.directory / "log").read_text())

    def __exit__(self, *_):
        self.outer.kill()
        self.outer.wait()

    def pid(self):
        children = pathlib.Path(f"/proc/{self.outer.pid}/task/{self.outer.pid}/children").read_text().split()
        return children[0] if children else "0"

    def run(self, *command, **options):
        return subprocess.run(["nsenter", "--target", self.pid(), "--mount", "--pid", "--cgroup", *command],
                              env=self.environment, capture_output=True, text=True, check=False, **options)

    def systemctl(self, *words):
        return self.run("systemctl", "--no-pager", *words).stdout

    def must(self, *words):
        done = self.run("systemctl", *words)
        if done.returncode != 0:
            status = self.systemctl("status", "hourglassd")
            sys.exit(f"systemctl {' '.join(words)}: {done.stderr}{status}")

    def property(self, name):
        return self.systemctl("show", "--value", "--property", name, "hourglassd").strip()

    def daemon_pid(self):
        """Outside of the namespace that systemd counts in."""
        ours = os.readlink(f"/proc/{self.pid()}/ns/pid")
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if (process / "comm").read_text() == "hourglassd\n" and os.readlink(process / "ns/pid") == ours:
                    return process.name
            except OSError:
                continue  # it has ended
        sys.exit("there is no hourglassd")

    def ask(self):
        """One login, sent once; whether it is answered is known when the process ends."""
        process = subprocess.Popen(["radclient", "-q", "-r", "1", "-t", str(ANSWER_LIMIT_S), "127.0.0.1:1812", "auth", SECRET],
                                   stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
        process.stdin.write("User-Name = ann\nUser-Password = hello\n")
        process.stdin.close()
        return process

    def ask_during(self, action):
        asked = []
        process = subprocess.Popen(["nsenter", "--target", self.pid(), "--mount", "--pid", "--cgroup", *action],
                                   env=self.environment, stdout=subprocess.DEVNULL)
        for _ in range(ASKED_DURING_A_RESTART):
            asked.append(self.ask())
            time.sleep(0.03)
        process.wait()
        unanswered = sum(one.wait() != 0 for one in asked)
        if unanswered:
            sys.exit(f"{' '.join(action)}: {unanswered} of {len(asked)} logins were not answered")


def check_start(machine):
    machine.must("start", "hourglassd")
    added = machine.run(str(machine.tool), "user", "add", "ann", "--organization", "1", "--time", "1h", "--password-stdin",
                        input="hello\n")
    if added.returncode != 0:
        sys.exit(added.stdout + added.stderr)
    if machine.ask().wait() != 0:
        sys.exit("a login is not answered")
    if machine.property("NFileDescriptorStore") != "9":
        sys.exit("systemd does not hold the nine sockets: " + machine.property("NFileDescriptorStore"))


def check_restarts(machine):
    machine.ask_during(["systemctl", "restart", "hourglassd"])
    machine.must("kill", "--signal=KILL", "--kill-who=main", "hourglassd")
    machine.ask_during(["true"])


def thread_of(pid, name):
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            return int(task.name)
    sys.exit(f"there is no thread {name}")


def check_watchdog(machine):
    """A tracer stops one thread (ptrace(2)): PTRACE_SEIZE, PTRACE_INTERRUPT."""
    restarts = int(machine.property("NRestarts"))
    thread = thread_of(machine.daemon_pid(), "radius-1")
    ptrace = ctypes.CDLL(None).ptrace
    ptrace.argtypes = [ctypes.c_long] * 4
    if ptrace(0x4206, thread, 0, 0) != 0 or ptrace(0x4207, thread, 0, 0) != 0:
        sys.exit("the thread cannot be stopped")
    os.waitpid(thread, 0x40000000)
    began = time.monotonic()
    os.waitpid(thread, 0x40000000)  # its end
    while int(machine.property("NRestarts")) == restarts or machine.property("SubState") != "running":
        if time.monotonic() - began > BACK_LIMIT_S:
            sys.exit("a worker that hangs is not replaced in time")
        time.sleep(0.1)
    if machine.ask().wait() != 0:
        sys.exit("after the watchdog a login is not answered")


def check_credentials(machine):
    """What was sealed under the key of the state directory opens with the same key as a credential, and only with it."""
    state = pathlib.Path("/var/lib/hourglass")
    handed_over = machine.directory / "secret.key"
    shutil.move(state / "secret.key", handed_over)
    os.chown(handed_over, 0, 0)
    drop_in = machine.directory / "units/hourglassd.service.d/credentials.conf"
    drop_in.parent.mkdir()
    drop_in.write_text(f"[Service]\nLoadCredential=secret.key:{handed_over}\n")
    with open("/etc/hourglass/hourglass.toml", "w", encoding="utf-8") as settings:
        settings.write(SETTINGS.replace("[daemon]", '[daemon]\nsecret_key = "$CREDENTIALS_DIRECTORY/secret.key"'))
    machine.must("daemon-reload")
    machine.must("restart", "hourglassd")
    machine.must("reload", "hourglassd")
    if machine.ask().wait() != 0:
        sys.exit("with the key as a credential a login is not answered")
    if (state / "secret.key").exists():
        sys.exit("the daemon made another key beside the credential")


def main(build):
    with tempfile.TemporaryDirectory() as directory:
        with Machine(pathlib.Path(directory), build) as machine:
            for check in (check_start, check_restarts, check_watchdog, check_credentials):
                check(machine)
                print(check.__name__)
    return 0


if __name__ == "__main__":
    if len(sys.argv) == 2:
        sys.exit(enter_namespaces())
    if len(sys.argv) != 3 or sys.argv[2] != "inside":
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1])))
