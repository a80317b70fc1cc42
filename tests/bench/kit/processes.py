"""Servers and clients of a bench: started on loopback, ended by their own process id, whatever happens to the bench."""
import contextlib
import ctypes
import json
import os
import re
import resource
import select
import signal
import socket
import subprocess
import tempfile
import time

PR_SET_PDEATHSIG = 1
OPEN_FILES = 20000
LIBC = ctypes.CDLL(None, use_errno=True)


class BenchError(Exception):
    """Something that ends a bench, said in words."""


def build_folder():
    folder = os.environ.get("BERTH_BUILD")
    if not folder or not os.path.isdir(folder):
        raise BenchError("BERTH_BUILD names no build folder; start a bench by `scripts/bench NAME`")
    return os.path.abspath(folder)


def built(*parts):
    path = os.path.join(build_folder(), *parts)
    if not os.path.exists(path):
        raise BenchError(f"{os.path.join(*parts)} is not built")
    return path


def raise_file_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    want = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (want, hard))


def end_on_signals():
    """SIGTERM and SIGHUP unwind like Ctrl-C does, so that every server is ended."""
    def leave(number, _frame):
        raise SystemExit(128 + number)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


def before_exec(cpu):
    """In the child: it dies with the bench, and stays on one CPU if it was told to."""
    def prepare():
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if cpu is not None:
            os.sched_setaffinity(0, {cpu})
    return prepare


def memory_of(pid, what="VmRSS"):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(what + r":\s+(\d+) kB", file.read())[1]) << 10


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that writes {"listen": [...], "pid": ...} to --ready-fd once it listens."""

    def __init__(self, name, words, cpu=None, env=None, patience=30):
        self.name, self.seconds_to_ready = name, None
        self.log = tempfile.TemporaryFile()
        reader, writer = os.pipe()
        words = words + ["--ready-fd", str(writer)]
        began = time.perf_counter()
        try:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=env,
                                            pass_fds=(writer,), preexec_fn=before_exec(cpu))
        finally:
            os.close(writer)
        self.pid = self.process.pid
        try:
            ready = self.read_ready(reader, began + patience)
        except BaseException:
            self.end()
            raise
        finally:
            os.close(reader)
        self.seconds_to_ready = self.ready_at - began
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", json.dumps(ready["listen"]))[1])

    def read_ready(self, reader, until):
        text = b""
        while b"\n" not in text:
            heard, _, _ = select.select([reader], [], [], max(0.0, until - time.perf_counter()))
            piece = os.read(reader, 4096) if heard else b""
            if not piece:
                raise BenchError(f"{self.name} did not get ready\n{self.log_tail()}")
            text += piece
        self.ready_at = time.perf_counter()
        return json.loads(text)

    def log_tail(self):
        self.log.seek(0)
        return self.log.read()[-4000:].decode("utf-8", "replace")

    def running(self):
        return self.process.poll() is None

    def cpu_seconds(self):
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, what="VmRSS"):
        return memory_of(self.pid, what)

    def end(self):
        if self.running():
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()


@contextlib.contextmanager
def server(*args, **more):
    it = Server(*args, **more)
    try:
        yield it
    finally:
        it.end()


def run(words, cpu=None, patience=600):
    """Runs a client to its end and returns what it printed."""
    done = subprocess.run(words, capture_output=True, text=True, timeout=patience, check=False,
                          preexec_fn=before_exec(cpu))
    if done.returncode:
        raise BenchError(f"{os.path.basename(words[0])} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout
