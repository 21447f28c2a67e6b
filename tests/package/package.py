#!/usr/bin/env python3
"""The life of the package on a fresh Debian 12 under a real systemd: it is installed, serves, is upgraded, refuses settings
that are wrong, is removed, purged and installed again; users, balances and sessions are there all the time.

package.py PACKAGE.deb     exits 77 (skipped) where no such machine can be had; as root
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import Machine, Unable

SECRET = "testing123"
OLD_VERSION = "0.0.0-1"
CLIENT = f'[[radius.client]]\nname = "lobby"\naddress = "127.0.0.1"\nsecret = "{SECRET}"\n'
SETTINGS = "/etc/hourglass/hourglass.toml"
READY_SECONDS_MAX = 30


def expect(claim, what=""):
    if not claim:
        raise AssertionError(what)


def package_before(package, directory):
    """The same package with an older version, and with other words in the settings that it brings."""
    content = directory / "before"
    subprocess.run(["dpkg-deb", "--raw-extract", str(package), str(content)], check=True)
    control = content / "DEBIAN/control"
    control.write_text(re.sub(r"(?m)^Version: .*$", f"Version: {OLD_VERSION}", control.read_text()))
    with (content / SETTINGS.lstrip("/")).open("a") as settings:
        settings.write("# Of the version before.\n")
    before = directory / "hourglass_before.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", str(content), str(before)], check=True, stdout=subprocess.DEVNULL)
    return before


class Story:
    def __init__(self, machine, before, package):
        self.machine, self.before, self.package = machine, before, package
        self.run = machine.run

    def apt(self, command, check=True):
        return self.run(f"apt-get -y --no-install-recommends -o Dpkg::Options::=--force-confold {command}", check)

    def is_active(self):
        return self.run("systemctl is-active hourglassd", check=False).stdout.strip() == "active"

    def daemon(self):
        return self.run("systemctl show --value --property MainPID hourglassd").stdout.strip()

    def expect_ready(self):
        end = time.monotonic() + READY_SECONDS_MAX
        while self.run("hourglass status", check=False).returncode != 0:
            expect(time.monotonic() < end, "not ready:\n" + self.run("journalctl -u hourglassd -n 30", check=False).stdout)
            time.sleep(0.2)

    def expect_settings_kept_close(self):
        expect(self.run(f"stat -c '%a %U %G' {SETTINGS}").stdout == "640 root hourglass\n", "who may read the settings")

    def radius(self, port, code, *attributes):
        packet = "\\n".join(attributes)
        return self.run(f"printf '{packet}\\n' | radclient -x -r 1 -t 10 127.0.0.1:{port} {code} {SECRET}").stdout

    def expect_login(self, seconds):
        answer = self.radius(1812, "auth", "User-Name=ann", "User-Password=hello", "Message-Authenticator=0x00")
        expect("Received Access-Accept" in answer and f"Session-Timeout = {seconds}\n" in answer, answer)

    def report(self, status, seconds):
        answer = self.radius(1813, "acct", "User-Name=ann", "Acct-Session-Id=s1", f"Acct-Status-Type={status}",
                             f"Acct-Session-Time={seconds}", "NAS-IP-Address=127.0.0.1")
        expect("Received Accounting-Response" in answer, answer)

    def expect_charged(self, seconds):
        """Of the hour: what is left goes on shrinking while the session runs."""
        ledger = json.loads(self.run("hourglass --json ledger ann").stdout)
        expect((ledger["credited"], ledger["consumed"]) == (3600, seconds), f"not {seconds} s of 3600 are charged: {ledger}")

    def tell(self, title):
        print(f"{title} ({time.monotonic() - self.began:.0f} s)", flush=True)

    def whole(self):
        self.began = time.monotonic()
        for chapter in (self.installs, self.serves, self.is_upgraded, self.keeps_serving_with_wrong_settings, self.is_removed,
                        self.is_purged, self.adds_up):
            chapter()
            self.tell(chapter.__name__.replace("_", " "))

    def installs(self):
        self.apt(f"install {self.before}")
        self.expect_ready()
        self.expect_settings_kept_close()
        verified = self.run("systemd-analyze verify --man=no hourglassd.service", check=False).stdout
        expect("hourglass" not in verified, verified)
        status = self.run(f"cat /proc/{self.daemon()}/status").stdout
        user = self.run("id -u hourglass").stdout.strip()
        for line in (rf"Uid:\t{user}\t{user}\t", r"CapEff:\t0+$", r"CapBnd:\t0+$", r"NoNewPrivs:\t1$", r"Seccomp:\t2$"):
            expect(re.search(f"(?m)^{line}", status), f"the sandbox: no {line} in\n{status}")
        for page in ("man1/hourglass.1.gz", "man5/hourglass.toml.5.gz", "man8/hourglassd.8.gz"):
            self.run(f"test -s /usr/share/man/{page}")

    def serves(self):
        self.run(f"cat >>{SETTINGS} <<'TOML'\n{CLIENT}TOML\nsystemctl reload hourglassd")
        self.run("echo hello | hourglass user add ann --organization 1 --time 1h --password-stdin")
        self.expect_login(3600)
        self.report("Start", 0)
        self.report("Interim-Update", 600)
        self.expect_charged(600)

    def is_upgraded(self):
        process = self.daemon()
        self.apt(f"install {self.package}")
        self.expect_ready()
        expect(self.daemon() != process, "the upgrade started no new daemon")
        self.run(f"grep -q lobby {SETTINGS}")
        self.expect_settings_kept_close()
        self.report("Interim-Update", 900)
        self.expect_charged(900)

    def keeps_serving_with_wrong_settings(self):
        process = self.daemon()
        self.run(f"cp -p {SETTINGS} /root/good && echo 'nonsense = 1' >>{SETTINGS}")
        upgrade = self.apt(f"install --reinstall {self.package}", check=False)
        expect(upgrade.returncode != 0 and "does not accept the settings" in upgrade.stdout, upgrade.stdout)
        expect(self.daemon() == process and self.is_active(), "the old daemon has been ended")
        self.report("Interim-Update", 1000)
        self.run(f"cp -p /root/good {SETTINGS} && dpkg --configure hourglass")
        self.expect_ready()
        expect(self.daemon() != process, "the upgrade that was finished started no new daemon")
        self.expect_charged(1000)

    def is_removed(self):
        self.apt("remove hourglass")
        expect(not self.is_active(), "removed, and it runs")
        expect(self.run("pgrep -c -u hourglass", check=False).stdout.strip() == "0", "removed, and its Redis runs")
        self.apt(f"install {self.package}")
        self.expect_ready()
        self.report("Interim-Update", 1200)
        self.expect_charged(1200)

    def is_purged(self):
        purge = self.apt("purge hourglass").stdout
        expect("kept, in /var/lib/hourglass" in purge, purge)
        self.run("test ! -e /etc/hourglass && test -d /var/lib/hourglass")
        self.apt(f"install {self.package}")
        self.expect_ready()
        self.expect_settings_kept_close()
        self.expect_charged(1200)

    def adds_up(self):
        self.run(f"cat >>{SETTINGS} <<'TOML'\n{CLIENT}TOML\nsystemctl reload hourglassd")
        self.report("Stop", 1500)
        self.expect_charged(1500)
        audit = self.run("hourglass audit").stdout
        expect("0 violations" in audit, audit)


def main(package):
    if os.geteuid() != 0:
        raise Unable("only root can make a machine")
    directory = Path(tempfile.mkdtemp(prefix="hourglass-package."))
    machine = Machine(directory)
    try:
        before = package_before(package, directory)
        machine.make([before, package])
        machine.start()
        Story(machine, f"/packages/{before.name}", f"/packages/{package.name}").whole()
    finally:
        machine.stop()
        shutil.rmtree(directory)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        main(Path(sys.argv[1]).resolve())
    except Unable as reason:
        print(f"Skipped: {reason}")
        sys.exit(77)
    except AssertionError as failure:
        sys.exit(f"Failed: {failure}")
