"""The servers that are compared, and the proof that they answer the same question with the same answer."""
import contextlib
import http.client
import json
import os
import subprocess
import tempfile

from kit import hosts, machine
from kit.processes import BenchError, Server, built

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = "a-name-of-thirty-nine-plain-characters"
TARGET = f"/probe/get/{NAME}?count=3&flag=true&tags=red&tags=green"
EXPECTED = {"count": 3, "flag": True, "name": NAME, "tags": ["red", "green"]}
MISFIT = f"/probe/get/{NAME}?count=three"
PYTHON = "/usr/bin/python3"
ABOUT = {
    "berth": "berth serve: token, schema check, policy, a call into a plugin in its process, audit line; request log off",
    "uvicorn": "FastAPI on uvicorn, one worker: typed parameters; access log off, no token asked for",
    "beast": "bare Boost.Beast, one thread: parameters checked by hand into a JSON value, which is the answer; no log, no "
             "token, no timeouts",
    "beast-text": "the same, but no JSON: the answer is glued together from pieces of the request; what no general server "
                  "can do, for comparison",
}


class Peer:
    def __init__(self, name, server, token):
        self.name, self.server, self.token = name, server, token

    def headers(self):
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, target):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        try:
            connection.request("GET", target, headers=self.headers())
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def prove(self):
        """The right answer to the right question and 422 to a wrong one; how long the body is."""
        status, body = self.get(TARGET)
        if status != 200 or json.loads(body) != EXPECTED:
            raise BenchError(f"{self.name} answers {status} {body[:500]!r} and not {EXPECTED}")
        status, _ = self.get(MISFIT)
        if status != 422:
            raise BenchError(f"{self.name} answers {status} and not 422 to a count that is no number")
        return len(body)


@contextlib.contextmanager
def start(names, cpu):
    """All of them at once: one that is not asked anything costs nothing, and none is measured fresh from its start."""
    with contextlib.ExitStack() as stack:
        peers = []
        for name in names:
            server, token = open_one(name, stack, cpu)
            stack.callback(server.end)
            peers.append(Peer(name, server, token))
        token = next((p.token for p in peers if p.token), "x" * 43)  # the same request to each
        for peer in peers:
            peer.token = token
        yield peers


def open_one(name, stack, cpu):
    if name == "berth":
        host = hosts.Berth(stack.enter_context(tempfile.TemporaryDirectory(prefix="berth-bench-")), cpu=cpu)
        return host, host.token()
    if name.startswith("beast"):
        return Server(name, [built("tests", "bench", f"bench-{name}")], cpu=cpu), None
    return Server(name, [PYTHON, os.path.join(HERE, "uvicorn_app.py")], cpu=cpu), None


def versions(names):
    found = {"wrk": machine.package("wrk")}
    if "berth" in names:
        done = subprocess.run([built("bin", "berth"), "version"], capture_output=True, text=True, check=False)
        found["berth"] = done.stdout.strip().removeprefix("berth ")
    if "uvicorn" in names:
        packages = ("python3-fastapi", "python3-uvicorn", "python3-uvloop", "python3-httptools", "python3-pydantic")
        found.update({p.removeprefix("python3-"): machine.package(p) for p in packages})
    found["boost"] = machine.first_match("/usr/include/boost/version.hpp", r'^#define BOOST_LIB_VERSION "(.*)"')
    return found
