"""A fresh Debian 12 with a systemd of its own, in a directory of this machine: made by mmdebstrap, started by
systemd-nspawn without a network. What packages depend on is fetched while it is made."""

import os
import shutil
import subprocess
import time
from pathlib import Path

CONTROL_GROUPS = ("/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified")  # of version 2, 1, and both
START_SECONDS_MAX = 120
PACKAGES = ("systemd", "systemd-sysv", "freeradius-utils")
PROGRAMS = ("mmdebstrap", "systemd-nspawn", "nsenter", "apt-get")


class Unable(Exception):
    """This machine cannot have another one inside."""


def debian_sources():
    """This machine's own sources of Debian, without those of others."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(ORIGIN) deb $(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"],
        text=True, capture_output=True, check=True).stdout.splitlines()
    sources = [line.removeprefix("Debian ") for line in listed if line.startswith("Debian ")]
    if not sources:
        raise Unable("apt knows no Debian: apt-get update")
    return "\n".join(sources) + "\n"


def expect_programs():
    for program in PROGRAMS:
        if not shutil.which(program):
            raise Unable(f"there is no {program}")


class ControlGroups:
    """A place of its own for a machine in the hierarchies that its systemd writes to."""

    def __init__(self, name):
        self.paths = [Path(mounted) / name for mounted in CONTROL_GROUPS if (Path(mounted) / "cgroup.procs").exists()]
        for path in self.paths:
            path.mkdir(exist_ok=True)

    def enter(self):
        for path in self.paths:
            (path / "cgroup.procs").write_text("0")

    def remove(self):
        for path in self.paths:
            for folder, _, _ in os.walk(path, topdown=False):
                os.rmdir(folder)


class Machine:
    def __init__(self, directory):
        expect_programs()
        self.root, self.console = directory / "root", directory / "console"
        self.groups = ControlGroups(directory.name)
        self.process = self.leader = None

    def make(self, packages):
        """`packages` are .deb files, which lie in /packages then and can be installed without a network."""
        folder = self.root / "packages"
        names = " ".join(f"/packages/{package.name}" for package in packages)
        made = subprocess.run(
            ["mmdebstrap", "--mode=root", "--variant=apt", "--include=" + ",".join(PACKAGES), "--skip=cleanup/apt",
             '--customize-hook=mkdir "$1/packages"',
             *(f'--customize-hook=cp "{package}" "$1/packages"' for package in packages),
             *(f'--customize-hook=chroot "$1" apt-get install -y --no-install-recommends --download-only {name}'
               for name in names.split()),
             "bookworm", str(self.root), "-"],
            input=debian_sources(), text=True, capture_output=True)
        if made.returncode != 0 or not folder.is_dir():
            raise Unable("mmdebstrap makes no Debian here: " + made.stderr[-2000:])

    def start(self):
        with self.console.open("wb") as console:
            self.process = subprocess.Popen(
                ["systemd-nspawn", f"--directory={self.root}", "--boot", "--private-network", "--register=no", "--keep-unit",
                 "--machine=hourglass-package-test"],
                stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT, preexec_fn=self.groups.enter)
        end = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < end and self.process.poll() is None:
            self.leader = self.leader or self.find_leader()
            state = self.run("systemctl is-system-running", check=False).stdout.strip() if self.leader else ""
            if state in {"running", "degraded"}:
                return
            time.sleep(0.5)
        raise Unable("no systemd starts here: " + self.console.read_text(errors="replace")[-2000:])

    def find_leader(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return children[0] if children else None

    def run(self, command, check=True):
        """A shell's command line inside. What it prints of either kind is its stdout."""
        done = subprocess.run(
            ["nsenter", f"--target={self.leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--",
             "env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8",
             "DEBIAN_FRONTEND=noninteractive", "sh", "-c", command],
            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if check and done.returncode != 0:
            raise AssertionError(f"{command}: status {done.returncode}\n{done.stdout}")
        return done

    def stop(self):
        if self.process is not None:
            self.power_off()
        self.groups.remove()

    def power_off(self):
        if self.leader:
            self.run("systemctl poweroff", check=False)
        else:
            self.process.terminate()
        try:
            self.process.wait(START_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
