"""Is a write in force at the next login? Logins of others as fast as they are served, and beside them one write after
another to users whom the workers remember, each followed at once by a login that must obey it."""
import hashlib
import hmac
import http.client
import json
import os
import socket
import subprocess
import time

from processes import SECRET

WRITTEN_USERS = 100  # the last ones; the load has the others
ANSWER_LIMIT_S = 5
ACCEPT, REJECT = 2, 3


class Login:
    """A NAS that asks one login at a time."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.socket.settimeout(1)
        self.identifier = 0

    def ask(self, user, password):
        """The code of the answer."""
        self.identifier = (self.identifier + 1) % 256
        authenticator = os.urandom(16)
        padded = password.encode().ljust(16, b"\0")
        key = hashlib.md5(SECRET.encode() + authenticator).digest()
        hidden = bytes(octet ^ pad for octet, pad in zip(padded, key))
        name = user.encode()
        attributes = bytes([1, 2 + len(name)]) + name + bytes([2, 2 + len(hidden)]) + hidden
        attributes += bytes([32, 7]) + b"bench"
        unsigned = bytes([80, 18]) + bytes(16)
        length = 20 + len(attributes) + len(unsigned)
        head = bytes([1, self.identifier]) + length.to_bytes(2, "big") + authenticator
        signature = hmac.new(SECRET.encode(), head + attributes + unsigned, "md5").digest()
        request = head + attributes + bytes([80, 18]) + signature

        limit = time.monotonic() + ANSWER_LIMIT_S
        self.socket.send(request)
        while time.monotonic() < limit:
            try:
                answer = self.socket.recv(4096)
            except socket.timeout:
                self.socket.send(request)
                continue
            if answer[1] == self.identifier:
                return answer[0]
        raise RuntimeError("no answer to a login")


class Administrator:
    def __init__(self, daemon):
        self.connection = http.client.HTTPConnection("127.0.0.1", daemon.api, timeout=30)
        self.headers = {"Authorization": f"Bearer {daemon.token()}", "Content-Type": "application/json"}

    def ask(self, method, path, body=None):
        self.connection.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None, self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: status {answer.status}: {text[:200]!r}")
        return json.loads(text) if text else None


def writes_to(user, password):
    """(what is written, then who logs in with what and must be answered how), back to the beginning at the end."""
    return (
        ({"is_active": False}, user, password, REJECT),
        ({"is_active": True}, user, password, ACCEPT),
        ({"password": "changed"}, user, password, REJECT),
        ({"password": password}, user, password, ACCEPT),
        ({"user_time": 0}, user, password, REJECT),
        ({"user_time": 10**9}, user, password, ACCEPT),
        ({"username": user + "-renamed"}, user, password, REJECT),
        ({"username": user}, user, password, ACCEPT),
        ({"expiration": "2001-01-01T00:00:00Z"}, user, password, REJECT),
        ({"expiration": None}, user, password, ACCEPT),
    )


def measure_obedience(options, daemon, users):
    seconds = options.seconds
    load_command = [options.bin / "load_generator", "--mode", "pap", "--auth-port", daemon.auth, "--secret", SECRET,
                    "--users", users - WRITTEN_USERS, "--duration", seconds, "--window", 128]
    report = {"writes": 0, "disobeyed": 0}
    nas, administrator = Login(daemon.auth), Administrator(daemon)
    names = [f"bench{index:07}" for index in range(users - WRITTEN_USERS, users)]
    ids = {}
    for name in names:
        ids[name] = administrator.ask("GET", f"/user_token/?username={name}")["results"][0]["id"]
    with subprocess.Popen([str(word) for word in load_command], stdout=subprocess.PIPE, text=True) as load:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            for name in names:
                for _ in range(2):
                    if nas.ask(name, name) != ACCEPT:
                        raise RuntimeError(f"{name} is not let in")
                for fields, user, password, expected in writes_to(name, name):
                    administrator.ask("PATCH", f"/user_token/{ids[name]}/", fields)
                    report["writes"] += 1
                    report["disobeyed"] += nas.ask(user, password) != expected
                    # Remembered again before the next write.
                    if expected == ACCEPT:
                        nas.ask(user, password)
                if time.monotonic() >= limit:
                    break
        report["load"] = json.loads(load.communicate()[0])
    report["is_good"] = report["writes"] > 0 and report["disobeyed"] == 0
    print(f"obedience: {report['writes']:,} writes beside {report['load']['requests_per_second']:,.0f} logins a second, disobeyed "
          f"{report['disobeyed']}: {'good' if report['is_good'] else 'BAD'}")
    return report
