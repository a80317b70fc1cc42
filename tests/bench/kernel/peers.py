"""The servers that are compared, behind one face: make, run, reset and remove a kernel; and the proof that each gives the right answers."""
import contextlib
import os
import subprocess
import tempfile

from client import Jupyter
from kit import hosts, machine
from kit.client import Http
from kit.processes import BenchError, Server, built

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3"
TOKEN = "x" * 43
GRANTED = 'process = "host", services = { "process", "workspace", "calls", "jobs", "events" }'  # as for all that comes with Berth
IMPORTS = "import numpy, pandas, matplotlib.pyplot"
ABOUT = {
    "berth": "`berth serve`, POST /exec: token, schema check, policy, audit line, a worker in the session's jail; request log off",
    "fastapi": "FastAPI on uvicorn with uvloop and httptools, POST /exec, jupyter_client's AsyncKernelClient kept at one ipykernel for each "
               "kernel; no token, no log, no jail",
    "jupyter": "jupyter_server, its WebSocket in the binary form, kept open, with TCP_NODELAY and TCP_QUICKACK at the client; one ipykernel "
               "for each kernel; its limits of output off; no jail",
}
CELLS = [  # code, status, result, stdout, name of the error
    ("1+1", "completed", "2", "", None),
    ("print('é' * 3)", "completed", None, "ééé\n", None),
    ("1/0", "failed", None, "", "ZeroDivisionError"),
    ("%%bash\necho $((6 * 7))", "completed", None, "42\n", None),
    (IMPORTS + "\nint(numpy.arange(4).sum())", "completed", "6", "", None),
    ("mine = 1", "completed", None, "", None),
]


class Host(hosts.Berth):
    config = ""

    def config_text(self, probe):
        folder = os.path.dirname(built("lib", "berth", "plugins", "kernel.so"))
        return hosts.QUIET + f'plugins "listed"\nplugin_folder {folder!r}\nplugin "kernel" {{ {GRANTED}{self.config} }}\n'


class Spareless(Host):
    """Has no worker that waits ready: what it is to fork one when it is asked for."""
    config = ", config = { spares = 0 }"


HOSTS = {"berth": Host, "spareless": Spareless}  # the latter is no peer, and measured beside them


class Peer:
    """Over HTTP, as Berth has it and the FastAPI app after it."""
    first, scheme = "default", "Bearer"

    def __init__(self, name, server, token):
        self.name, self.server, self.token = name, server, f"{self.scheme} {token}"
        self.http = Http(server.port, self.token)

    def wake(self):
        """A new connection: the last one may have been left alone for longer than the server likes."""
        self.http.close()
        self.http = Http(self.server.port, self.token)

    def path(self, kernel, what):
        return f"/{what}" if kernel == self.first else f"/kernels/{kernel}/{what}"

    def make(self):
        return self.http.ask("POST", "/kernels", {})["kernel"]

    def run(self, kernel, code, **more):
        return self.http.ask("POST", self.path(kernel, "exec"), {"code": code, **more})

    def reset(self, kernel):
        if self.http.ask("POST", self.path(kernel, "reset"), {})["success"] is not True:
            raise BenchError(f"{self.name} did not reset {kernel}")

    def remove(self, kernel):
        self.http.ask("DELETE", f"/kernels/{kernel}")

    def pids(self, kernels):
        found = {one["kernel"]: one["pid"] for one in self.http.ask("GET", "/kernels")["kernels"]}
        return [found[kernel] for kernel in kernels]

    def prove(self):
        for code, *expected in CELLS:
            self.check(self.first, code, *expected)
        self.reset(self.first)
        self.check(self.first, "'mine' in globals()", "completed", "False", "", None)

    def check(self, kernel, code, *expected):
        right(self.name, self.run(kernel, code), *expected)


class JupyterPeer(Peer):
    """Cells over the WebSocket. One that restarts is connected anew, as notebooks do it."""
    scheme = "token"

    def __init__(self, name, server, token):
        super().__init__(name, server, token)
        self.lines = {}
        self.first = self.make()

    def wake(self):
        super().wake()
        self.connect(self.first)

    def make(self):
        kernel = self.http.ask("POST", "/api/kernels", {"name": "python3"}, good=(201,))["id"]
        self.connect(kernel)
        return kernel

    def connect(self, kernel):
        if kernel in self.lines:
            self.lines.pop(kernel).close()
        self.lines[kernel] = Jupyter(self.server.port, kernel, self.token)

    def run(self, kernel, code):
        return self.lines[kernel].run(code)

    def reset(self, kernel):
        self.http.ask("POST", f"/api/kernels/{kernel}/restart", {})
        self.connect(kernel)

    def remove(self, kernel):
        self.lines.pop(kernel).close()
        self.http.ask("DELETE", f"/api/kernels/{kernel}", good=(204,))

    def pids(self, kernels):
        return [int(self.run(kernel, "__import__('os').getpid()")["result"]) for kernel in kernels]


def right(name, answer, status="completed", result=None, stdout="", error=None):
    found = (answer["status"], answer["result"], answer["stdout"], answer["error"] and answer["error"]["name"])
    if found != (status, result, stdout, error):
        raise BenchError(f"{name} answers {str(found)[:500]} and not {str((status, result, stdout, error))[:500]}")


@contextlib.contextmanager
def start(names):
    """All at once; one that is not asked anything costs nothing. Each has a folder of its own for its home and what it leaves."""
    with contextlib.ExitStack() as stack:
        peers = []
        for name in names:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="berth-bench-", ignore_cleanup_errors=True))
            server = open_one(name, folder)
            stack.callback(server.end)
            token = server.token() if name in HOSTS else TOKEN
            peers.append((JupyterPeer if name == "jupyter" else Peer)(name, server, token))
        yield peers


def open_one(name, folder):
    if name in HOSTS:
        return HOSTS[name](folder, probe=False)
    env = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LANG": "C.UTF-8", "BENCH_TOKEN": TOKEN}
    return Server(name, [PYTHON, os.path.join(HERE, f"{name}_app.py")], env=env, patience=300)


def versions(names):
    done = subprocess.run([built("bin", "berth"), "version"], capture_output=True, text=True, check=False)
    found = {"berth": done.stdout.strip().removeprefix("berth ")}
    packages = {"berth": ("python3", "python3-ipython", "python3-numpy", "python3-pandas", "python3-matplotlib"),
                "fastapi": ("python3-fastapi", "python3-uvicorn", "python3-uvloop", "python3-httptools"), "jupyter": ("jupyter-server",)}
    for name in ("berth", *names):
        found.update({package.removeprefix("python3-"): machine.package(package) for package in packages[name]})
    found.update({package.removeprefix("python3-"): machine.package(package)
                  for package in ("python3-jupyter-client", "python3-ipykernel", "python3-zmq")})
    return found
