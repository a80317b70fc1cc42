"""What is compared: servers of MCP's own on npm, in node, and Berth in each of its ways; and what each is asked, and must answer."""
import contextlib
import http.client
import json
import os
import socket
import subprocess
import tempfile
import time

from kit import hosts, machine
from kit.processes import BenchError, before_exec, built, free_port, memory_of

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = os.environ.get("NODE_PATH") or os.path.join(HERE, "../../../build/npm/node_modules")
NODE = os.path.join(MODULES, "node-22/bin/node")
TEXT = "".join(f"Line {i} of a note that somebody left here.\n" for i in range(20))
SESSIONS, ALONE = "2025-11-25", "2026-07-28"
META = {"_meta": {"io.modelcontextprotocol/protocolVersion": ALONE, "io.modelcontextprotocol/clientCapabilities": {},
                  "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"}}}
ABOUT = {
    "berth": "`berth serve`, its own plugins in its process: token, schema check, policy, audit line; request log off. A session of revision 2025-11-25",
    "berth-2026": "the same, each request by itself (2026-07-28)",
    "everything": "@modelcontextprotocol/server-everything over Streamable HTTP, in node 22; no token; its own log to /dev/null",
    "berth mcp": "`berth mcp --group filesystem`, a program for each client, and one host for all",
    "filesystem": "@modelcontextprotocol/server-filesystem over stdio, in node 22, a program for each client",
}


class Host(hosts.Berth):
    """With the plugin mcp, or, to know what that one costs, without."""

    def __init__(self, folder, mcp=True):
        self.mcp = mcp
        super().__init__(folder, probe=False)

    def config_text(self, probe):
        names = ["echo_c", "workspace"] + (["mcp"] if self.mcp else [])
        for name in names:
            built("lib", "berth", "plugins", name + ".so")
        more = {"mcp": 'services = { "events", "calls" }, scopes = { "admin" }'}
        return super().config_text(probe) + "".join(f'plugin "{name}" {{ process = "host"; {more.get(name, "")} }}\n' for name in names)

    def put(self, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("PUT", path, json.dumps(body), {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/json"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise BenchError(f"PUT {path}: {answer.status} {answer.read()[:300]!r}")
        connection.close()


class Everything:
    """In node, on a port of its own."""

    def __init__(self):
        self.port = free_port()
        env = {"PATH": os.environ.get("PATH", ""), "PORT": str(self.port), "NODE_ENV": "production"}
        self.process = subprocess.Popen([NODE, os.path.join(MODULES, "mcp-everything/dist/index.js"), "streamableHttp"], env=env,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=before_exec(None))
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        self.end()
        raise BenchError("server-everything does not listen")

    def memory(self):
        return memory_of(self.process.pid)

    def end(self):
        self.process.kill()
        self.process.wait()


class Peer:
    """How bench-mcp is to ask it, and what must come of it."""

    def __init__(self, name, words, version, call, answer):
        self.name, self.words, self.version, self.answer = name, words, version, answer
        more = META if version == ALONE else {}
        self.asked = [("tools/call", json.dumps({**call, **more}, separators=(",", ":"))),
                      ("tools/list", json.dumps(more, separators=(",", ":")))]

    def measure(self, clients, seconds):
        words = [built("tests", "bench", "bench-mcp"), "--clients", str(clients), "--seconds", str(seconds), "--version", self.version]
        for method, params in self.asked:
            words += ["--ask", method, params]
        done = subprocess.run(words + self.words, capture_output=True, text=True, timeout=600, check=False, preexec_fn=before_exec(None))
        if done.returncode:
            raise BenchError(f"{self.name}: {done.stderr}")
        found = {}
        for line in done.stdout.splitlines():
            one = json.loads(line)
            result = one.pop("answer")["result"]
            self.prove(one["method"], result)
            one["bytes"] = len(json.dumps(result, separators=(",", ":")))
            one["tools"] = len(result.get("tools", []))
            found[one.pop("method")] = one
        return found

    def prove(self, method, result):
        if method == "tools/call" and (result.get("isError") or self.answer not in result["content"][0]["text"]):
            raise BenchError(f"{self.name} answers {result} and not {self.answer!r}")
        if method == "tools/list" and not result["tools"]:
            raise BenchError(f"{self.name} has no tools")


@contextlib.contextmanager
def start():
    """The host, what it is without the plugin, server-everything, and the peers of either way."""
    if not os.path.exists(NODE) or not all(os.path.isdir(os.path.join(MODULES, one)) for one in ("mcp-everything", "mcp-filesystem")):
        raise BenchError("the peers are not here: scripts/setup --with bench,test installs them from npm")
    with contextlib.ExitStack() as stack:
        folder = lambda: stack.enter_context(tempfile.TemporaryDirectory(prefix="berth-bench-", ignore_cleanup_errors=True))  # noqa: E731
        host, without = Host(folder()), Host(folder(), mcp=False)
        everything = Everything()
        for one in (host, without, everything):
            stack.callback(one.end)
        notes = folder()
        with open(os.path.join(notes, "note.txt"), "w", encoding="ascii") as file:
            file.write(TEXT)
        for one in (host, without):
            one.put("/workspace/file", {"path": "output/note.txt", "content": TEXT})
        yield host, without, everything, http_peers(host, everything), stdio_peers(host, notes)


def http_peers(host, everything):
    echo = lambda name, key: {"name": name, "arguments": {key: "hello"}}  # noqa: E731
    ours = ["--port", str(host.port), "--path", "/mcp?tools=echo_c,workspace", "--token", host.token()]
    return [Peer("berth", ours, SESSIONS, echo("echo_c_echo", "text"), "hello"), Peer("berth-2026", ours, ALONE, echo("echo_c_echo", "text"), "hello"),
            Peer("everything", ["--port", str(everything.port), "--path", "/mcp"], SESSIONS, echo("echo", "message"), "Echo: hello")]


def stdio_peers(host, notes):
    read = lambda path: {"name": "read_text_file", "arguments": {"path": path}}  # noqa: E731
    ours = ["--program", built("bin", "berth"), "mcp", "--group", "filesystem", "--url", f"http://127.0.0.1:{host.port}", "--token-file", host.token_file]
    theirs = ["--program", NODE, os.path.join(MODULES, "mcp-filesystem/dist/index.js"), notes]
    return [Peer("berth mcp", ours, SESSIONS, read("/workspace/output/note.txt"), TEXT),
            Peer("filesystem", theirs, SESSIONS, read(os.path.join(notes, "note.txt")), TEXT)]


def versions():
    done = subprocess.run([built("bin", "berth"), "version"], capture_output=True, text=True, check=False)
    found = {"berth": done.stdout.strip().removeprefix("berth "),
             "node": subprocess.run([NODE, "--version"], capture_output=True, text=True, check=False).stdout.strip()}
    for name in ("mcp-everything", "mcp-filesystem"):
        found[name.replace("mcp-", "server-")] = machine.first_match(os.path.join(MODULES, name, "package.json"), r'"version": "(.*)"')
    return found
