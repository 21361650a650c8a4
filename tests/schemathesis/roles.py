"""Runs schemathesis against the real binary as each role and as nobody, and tells what it found.

EXAMPLES (3) is the number of drawn requests for each operation that the role may ask, beside those at the edges of what
the document allows; SEED draws others, and AS names the roles to run as, where not all are wanted.
"""

import collections
import concurrent.futures
import http.client
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import city
from server import Server, ask

HERE = Path(__file__).parent
ROLES = ["viewer", "operator", "officer", "planner", "commander", "sysadmin", "secadmin", "auditor"]
NOBODY = "nobody"
# What a role may not ask is refused at the door, whatever it is: two requests show it.
EXAMPLES_WHERE_DENIED = 2
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "ignored_auth",
]
# A stream does not end, so that no answer of it can be read whole; `events_open` asks for it.
STREAMS = ["events"]
# The session of a role has to last: nobody's run signs in and out.
SESSIONS = ["sign_in", "sign_out"]
# Operations that nobody got a success of, with the reason.
NEVER_ANSWERED = {
    "openapi": "the document itself, which every run begins with",
    "events": "a stream, asked for by events_open",
    "revert_revision": "the one revision of the demo is what there is to begin with",
    "sign_in_elsewhere": "needs an identity provider: tests/tests/oidc",
    "come_back": "needs an identity provider: tests/tests/oidc",
    "set_up": "needs a server without accounts: tests/tests/administration.rs",
    "take_invitation": "needs a link that somebody was given: tests/tests/administration.rs",
}


def main():
    """Exit status 1 when anything was found."""
    binary = sys.argv[1]
    examples = int(os.environ.get("EXAMPLES", "3"))
    server = Server(binary)
    begun = time.monotonic()
    try:
        document = ask(server.address, "GET", "/api/openapi.json", expect=200).json()
        cookies = {role: server.sign_in(role) for role in ROLES}
        things = city.read(server.address, cookies["commander"])
        things["fonts"] = [one.removeprefix("/fonts/") for one in ask(server.address, "GET", "/fonts").json()["fonts"]]
        everybody = [*ROLES, NOBODY]
        wanted = os.environ.get("AS", "").split() or everybody
        runs = [Run(server, document, role, cookies, things, examples) for role in wanted]
        found = [problem for run in runs for problem in run.events_open()]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(Run.start, runs))
        for run, result in zip(runs, results):
            print(run.told(result))
            found += [f"{run.role}: schemathesis ended with {result.returncode}"] if result.returncode else []
        found += unanswered(document, runs) if wanted == everybody else []
        asked = sum(sum(by.values()) for run in runs for by in run.counts().values())
        loud = [line for line in server.log.read_text().splitlines() if re.search(r" ERROR |panicked", line)]
        found += [f"the server's log: {line}" for line in loud[:10]]
    finally:
        server.stop()
    print(f"schemathesis: {asked} requests by {len(runs)} in {time.monotonic() - begun:.0f} s, {len(found)} faults")
    sys.exit("\n".join(found) if found else 0)


class Run:
    """One role's."""

    def __init__(self, server, document, role, cookies, things, examples):
        self.server, self.document, self.role, self.examples = server, document, role, examples
        self.cookie = cookies.get(role)
        self.folder = server.folder / role
        self.folder.mkdir()
        actions = ask(server.address, "GET", "/v1/me", self.cookie).json()["actions"] if self.cookie else []
        self.denied = [
            operation["operationId"]
            for operation in operations(document)
            if operation.get("x-cim-action") and operation["x-cim-action"] not in actions
        ]
        run = {
            "address": server.address,
            "password": server.password,
            "cookie": self.cookie,
            "planner": cookies["planner"],
            "commander": cookies["commander"],
            "things": things,
            "counts": str(self.folder / "counts.json"),
        }
        (self.folder / "run.json").write_text(json.dumps(run))
        (self.folder / "schemathesis.toml").write_text(self.settings())

    def settings(self):
        """What differs between roles."""
        return f"""
hooks = "hooks"

[generation]
# Drawn credentials would only ever be refused; `ignored_auth` sends wrong ones where right ones are let in.
with-security-parameters = false

[checks.missing_required_header]
expected-statuses = [400, 401, 403, 404, 415, 428]

[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 428, 429, 503]

[[operations]]
include-operation-id = {json.dumps(self.denied or ["none"])}
generation = {{ max-examples = {min(EXAMPLES_WHERE_DENIED, self.examples)} }}
phases = {{ coverage.enabled = false }}
"""

    def start(self):
        """Runs it to its end."""
        excluded = STREAMS + ([] if self.role == NOBODY else SESSIONS)
        seed = os.environ.get("SEED")
        command = [
            str(Path(sys.executable).parent / "schemathesis"),
            *["--config-file", str(self.folder / "schemathesis.toml")],
            *["run", f"{self.server.address}/api/openapi.json"],
            *["--checks", ",".join(CHECKS)],
            *["--phases", "examples,coverage,fuzzing"],
            *["--max-examples", str(self.examples)],
            *(["--seed", seed, "--generation-database", "none"] if seed else ["--generation-deterministic"]),
            *["--request-timeout", "30"],
            *["--suppress-health-check", "all"],
            *["--warnings", "off", "--continue-on-failure", "--no-color"],
            *[part for name in excluded for part in ("--exclude-operation-id", name)],
            *(["--header", f"Cookie: {self.cookie}"] if self.cookie else []),
        ]
        environment = {
            **os.environ,
            "CIM_SCHEMATHESIS_RUN": str(self.folder / "run.json"),
            "PYTHONPATH": str(HERE),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)

    def counts(self):
        """How often each operation was answered with which status."""
        file = self.folder / "counts.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def told(self, result):
        """One line, or everything when something was found."""
        by_class = collections.Counter()
        for answered in self.counts().values():
            for status, times in answered.items():
                by_class[f"{status[0]}xx"] += times
        line = f"  {self.role}: " + ", ".join(f"{times} answered {one}" for one, times in sorted(by_class.items()))
        return line if result.returncode == 0 else f"{line}\n{result.stdout}\n{result.stderr}"

    def events_open(self):
        """Whether the stream of changes opens for whom it is meant, and only for them."""
        allowed = "events" not in self.denied
        wanted = 200 if allowed else 403 if self.cookie else 401
        headers = {"cookie": self.cookie} if self.cookie else {}
        connection = http.client.HTTPConnection(self.server.address.removeprefix("http://"), timeout=10)
        connection.request("GET", "/v1/events", headers=headers)
        answer = connection.getresponse()
        said = (answer.status, answer.headers["content-type"])
        connection.close()
        expected = "text/event-stream" if allowed else "application/problem+json"
        return [] if said == (wanted, expected) else [f"GET /v1/events as {self.role}: {said}"]


def operations(document):
    """All of them."""
    return [operation for methods in document["paths"].values() for operation in methods.values()]


def unanswered(document, runs):
    """Operations of which no role ever got a success: their answers were not checked."""
    succeeded = {
        label for run in runs for label, answered in run.counts().items() if any(status < "4" for status in answered)
    }
    return [
        f"{method.upper()} {path}: nobody was answered with a success"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if f"{method.upper()} {path}" not in succeeded and operation["operationId"] not in NEVER_ANSWERED
    ]


if __name__ == "__main__":
    main()
