"""The real binary with the small demo, started for one run and asked over HTTP."""

import json
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

STARTS_WITHIN_S = 300
# Video is a page of somebody else: its address is enough to have the question answered.
VIDEO = ["--video-player-url", "http://127.0.0.1:9/{gb_id}"]


class Server:
    """A server with a home of its own, which goes away with it."""

    def __init__(self, binary):
        self.folder = Path(tempfile.mkdtemp(prefix="cim-"))
        # PostgreSQL does not run as root and has to pass through.
        self.folder.chmod(0o755)
        self.said = self.folder / "said.txt"
        self.log = self.folder / "log.txt"
        command = [binary, "up", "--demo", "small", "--live-rate", "0", "--listen", "127.0.0.1:0"]
        with self.said.open("w") as said, self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, *VIDEO, "--home", str(self.folder / "home")], stdout=said, stderr=log, stdin=subprocess.DEVNULL
            )
        self.address = self.wait_for(r"(http://127\.0\.0\.1:\d+)")
        self.password = self.wait_for(r"with the password (\S+)")

    def wait_for(self, pattern):
        """What the server says, once it has."""
        begun = time.monotonic()
        while True:
            if found := re.search(pattern, self.said.read_text()):
                return found.group(1)
            if self.process.poll() is not None or time.monotonic() - begun > STARTS_WITHIN_S:
                raise SystemExit(f"the server did not start:\n{self.log.read_text()}")
            time.sleep(0.1)

    def stop(self):
        """Stops it and its database, and forgets both."""
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sign_in(self, name):
        """The cookie of a new session."""
        answer = ask(self.address, "POST", "/v1/session", body={"name": name, "password": self.password})
        return answer.headers["set-cookie"].split(";")[0]


class Answer:
    """An answer, read whole."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        """The body as JSON."""
        return json.loads(self.body)


def ask(address, method, path, cookie=None, body=None, headers=None, expect=None):
    """One request, of JSON where there is a body."""
    headers = dict(headers or {})
    if cookie:
        headers["cookie"] = cookie
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers["content-type"] = "application/json"
    request = urllib.request.Request(address + path, data=data, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            found = Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        found = Answer(error.code, error.headers, error.read())
    if expect is not None and found.status != expect:
        raise SystemExit(f"{method} {path}: {found.status} {found.body.decode(errors='replace')}")
    return found
