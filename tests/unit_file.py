#!/usr/bin/env python3
"""What is installed: every file in its place, the operator's settings left alone, and a unit in which systemd finds
nothing wrong and little exposed.

unit_file.py BUILD_DIRECTORY     exits 77 (skipped) where there is no systemd-analyze
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXPOSURE_TENTHS_MAX = 12
SYSTEM_UNITS = Path("/usr/lib/systemd/system")
INSTALLED = (
    "usr/sbin/hourglassd",
    "usr/bin/hourglass",
    "usr/lib/systemd/system/hourglassd.service",
    "usr/lib/systemd/system/hourglass-backup.service",
    "usr/lib/systemd/system/hourglass-backup.timer",
    "etc/hourglass/hourglass.toml",
    "usr/lib/sysusers.d/hourglass.conf",
    "usr/lib/tmpfiles.d/hourglass.conf",
    "usr/share/doc/hourglass/installing.md",
    "usr/share/man/man1/hourglass.1",
    "usr/share/man/man5/hourglass.toml.5",
    "usr/share/man/man8/hourglassd.8",
    "usr/share/bash-completion/completions/hourglass",
    "usr/share/zsh/vendor-completions/_hourglass",
    "usr/lib/sysctl.d/60-hourglass.conf",
)


def run(*command, **options):
    return subprocess.run(command, text=True, capture_output=True, **options)


def install(root, build):
    installed = run("cmake", "--install", str(build), env={"DESTDIR": str(root), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
    if installed.returncode != 0:
        sys.exit(installed.stderr)
    for name in INSTALLED:
        if not (root / name).is_file():
            sys.exit(f"not installed: /{name}")


def check_upgrade(root, build):
    settings = root / "etc/hourglass/hourglass.toml"
    settings.write_text("# mine\n")
    install(root, build)
    if settings.read_text() != "# mine\n":
        sys.exit("an upgrade replaces the operator's settings")


def make_root(root, build):
    """A root with what we install, the units it leans on, and the program that reloads it."""
    install(root, build)
    units = root / "usr/lib/systemd/system"
    for pattern in ("*.target", "*.slice", "*.socket"):
        for unit in SYSTEM_UNITS.glob(pattern):
            if unit.is_file():
                shutil.copy(unit, units)
    (root / "bin").mkdir(exist_ok=True)
    shutil.copy("/bin/kill", root / "bin/kill")
    return units / "hourglassd.service"


def main(build):
    with tempfile.TemporaryDirectory() as directory:
        install(Path(directory), build)
        check_upgrade(Path(directory), build)
    if not shutil.which("systemd-analyze"):
        return 77
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        unit = make_root(root, build)
        verified = run("systemd-analyze", "verify", "--man=no", f"--root={root}", "hourglassd.service")
        complaints = [line for line in verified.stderr.splitlines() if "hourglassd" in line]
        exposed = run("systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_TENTHS_MAX}", str(unit))
    print("\n".join(complaints))
    print(exposed.stdout.splitlines()[-1])
    return 1 if complaints or exposed.returncode != 0 else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
