"""One case: its connections and variables while its steps run, and the checks that follow every case."""
import glob
import time

from . import answers, checks, tls
from .text import Failure
from .wire import Wire

ALWAYS = {"x-content-type-options": "nosniff"}
MEMBERS = ("type", "title", "status", "detail", "instance", "code")


class Case:
    def __init__(self, host, variables, asan):
        self.host, self.asan, self.notes = host, asan, []
        self.timeout = 60.0 if asan else 20.0
        self.connection, self.wires, self.choices = "main", {}, {}
        self.token = "root"
        self.scratch = None      # collects bytes inside `together`
        self.ran = None          # the last command's result
        self.log_start = len(host.log_text().encode()) if host else 0
        self.expects_end = False
        self.variables = dict(variables)
        self.variables.update({"port": lambda: self.address().rpartition(":")[2], "address": self.address,
                               "pid": lambda: self.host.process.pid, "sent.size": 0, "sent.sha256": ""})
        if host:
            self.variables.update({f"token.{s}": lambda s=s: host.token(s) for s in ("root", "read", "run", "admin")})
            self.variables.update({f"address.{i}": lambda i=i: self.address(i) for i in (2, 3)})

    def run_step(self, step):
        try:
            step.run(self)
        except Failure as failure:
            if not hasattr(failure, "line"):
                failure.line = step.line
                failure.connection = step.connection or self.connection
            raise

    # ---- connections ----

    def address(self, index=1):
        if not self.host or not self.host.running():
            raise Failure("no host is running")
        if index > len(self.host.listens):
            raise Failure(f"the host has {len(self.host.listens)} listeners, not {index}")
        return self.host.listens[index - 1]

    def wire(self, fresh=False):
        """The current connection; opened if there is none, or none that still serves."""
        wire = self.wires.get(self.connection)
        if wire is None or fresh or wire.ended:
            if wire:
                wire.hang_up()
            wire = self.open(**self.choices.get(self.connection, {}))
            self.wires[self.connection] = wire
        wire.deadline = time.monotonic() + self.timeout
        return wire

    def open(self, index=1, secure=False, certificate=None, receive_buffer=None):
        context = tls.client_context(self.variables["tls"], certificate) if secure else None
        return Wire(self.address(index), context, receive_buffer, self.timeout)

    def known_wire(self):
        wire = self.wires.get(self.connection)
        if wire is None:
            raise Failure(f"there is no connection \"{self.connection}\" yet")
        wire.deadline = time.monotonic() + self.timeout
        return wire

    def answer(self):
        answer = self.known_wire().answer
        if answer is None:
            raise Failure("no answer was read yet; `expect 200` reads one")
        return answer

    def close_all(self):
        for wire in self.wires.values():
            wire.socket.close()
        self.wires.clear()

    # ---- requests ----

    def secret(self):
        if self.token in ("root", "read", "run", "admin"):
            return self.host.token(self.token)
        return None if self.token == "none" else self.token

    def request(self, method, target, headers=(), body=b""):
        """A request beside the case's own, on its own connection; for waiting and for the checks that always run."""
        wire = Wire(self.address(), timeout=self.timeout)
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost", "Connection: close",
                 f"Authorization: Bearer {self.host.token('root')}", *headers, f"Content-Length: {len(body)}", "", ""]
        wire.asked.append(method)
        try:
            wire.send(["\r\n".join(lines).encode() + body], self.timeout)
            answer = answers.read_head(wire)
            answers.read_body(answer)
            return answer
        finally:
            wire.socket.close()

    # ---- waiting ----

    def eventually(self, attempt, seconds=5.0):
        """Tries until it holds; the last failure counts."""
        until = time.monotonic() + seconds * (3 if self.asan else 1)
        while True:
            try:
                return attempt()
            except Failure:
                if time.monotonic() > until:
                    raise
            time.sleep(0.02)

    def check_alive(self):
        def livez():
            """False: the host is dead, and nobody waits for it to come back."""
            if not self.host.running():
                return False
            answer = self.request("GET", "/livez")
            if answer.status != 200:
                raise Failure(f"GET /livez answered {answer.status}", answer.shown())
            return True
        if not self.eventually(livez):
            raise Failure("the host is dead", self.host.log_tail())


def check_answer(answer):
    """What holds for every answer of the host."""
    for name, value in ALWAYS.items():
        if answer.get(name) != value:
            raise Failure(f"every answer has {name}: {value}", answer.shown())
    if not answer.get("X-Request-Id"):
        raise Failure("every answer has an X-Request-Id", answer.shown())
    for name in ("Content-Type", "X-Request-Id", "Date", "ETag", "Location"):
        if len(answer.all(name)) > 1:
            raise Failure(f"the answer has {name} twice", answer.shown())


def check_problem(answer, code):
    if answer.method == "HEAD":
        return
    kind = answer.get("Content-Type")
    if kind != "application/problem+json":
        raise Failure(f"a problem's Content-Type is application/problem+json, not {kind}", answer.shown())
    problem = answer.json()
    missing = [name for name in MEMBERS if name not in problem]
    if missing:
        raise Failure(f"the problem lacks {', '.join(missing)}", answer.shown())
    if problem["status"] != answer.status or problem["type"] != f"urn:berth:problem:{problem['code']}":
        raise Failure("the problem's status or type does not match its answer", answer.shown())
    if code and problem["code"] not in code.split("|"):
        raise Failure(f"expected the problem {code}, got {problem['code']}", answer.shown())


def check_operations(document):
    """The table as GET /operations shows it."""
    rows = document.get("operations", []) if isinstance(document, dict) else document
    if not rows:
        raise Failure("GET /operations lists none")
    for row in rows:
        for name in ("name", "method", "path", "kind", "scope"):
            if not isinstance(checks.at_pointer(row, f"/{name}"), str):
                raise Failure(f"an operation without {name}", str(row))
    return rows


def files_like(pattern):
    return sorted(glob.glob(pattern))
