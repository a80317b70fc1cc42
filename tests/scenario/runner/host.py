"""The host under test: started with a state of its own, watched, and ended in order."""
import json
import os
import re
import resource
import select
import shutil
import signal
import subprocess
import threading
import time

from .text import Failure

REPORT = re.compile(r"ERROR: (Address|Leak|Thread|Memory)Sanitizer|WARNING: ThreadSanitizer|: runtime error: ")
OPEN_FILES = 20000


def raise_file_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    want = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (want, hard))


class Host:
    """One `berth serve`. It may be ended and started again; its state stays."""

    def __init__(self, berth, plugins, tmp, setup):
        self.berth, self.plugins, self.tmp, self.setup = berth, plugins, tmp, setup
        self.state, self.config = f"{tmp}/state", f"{tmp}/berth.lua"
        self.token_file, self.log_file = f"{tmp}/token", f"{tmp}/host.log"
        self.process, self.listens, self.secrets = None, [], {}
        self.memory = None

    # ---- life ----

    def command(self, ready):
        words = [self.berth, "serve", "--config", self.config, "--state", self.state,
                 "--token-file", self.token_file, "--ready-fd", str(ready)]
        if not self.setup.own_listeners:
            words += ["--listen", "127.0.0.1:0"]
        return words + self.setup.arguments

    def environment(self):
        keep = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH")
        env = {name: os.environ[name] for name in keep if name in os.environ}
        env.update(HOME=self.tmp, LANG="C.UTF-8", BERTH_STATE=self.state, **self.setup.environment)
        env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
        # Of a library that was loaded later, AddressSanitizer takes the thread's storage for what it is not, and falls over it.
        env.setdefault("ASAN_OPTIONS", "intercept_tls_get_addr=0")
        return env

    def start(self, timeout):
        reader, writer = os.pipe()
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(self.command(writer), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            pass_fds=(writer,), env=self.environment(), cwd=self.tmp)
        os.close(writer)
        try:
            line = self.read_ready(reader, timeout)
        finally:
            os.close(reader)
        self.listens = line["listen"]

    def read_ready(self, reader, timeout):
        text, until = b"", time.monotonic() + timeout
        while not text.endswith(b"\n"):
            ready, _, _ = select.select([reader], [], [], max(0, until - time.monotonic()))
            piece = os.read(reader, 65536) if ready else b""
            if not piece:
                self.kill()
                raise Failure("the host did not get ready", self.log_tail())
            text += piece
        return json.loads(text)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def wait(self, timeout):
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Failure(f"the host did not end within {timeout:g} s", self.log_tail()) from None

    def kill(self):
        if self.running():
            self.process.kill()
            self.process.wait()

    def stop(self, timeout):
        """Ends the host as an operator would. Returns what went wrong, or None."""
        if not self.running():
            return None
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            return f"SIGTERM did not end the host within {timeout:g} s\n{self.log_tail()}"
        return None if code == 0 else f"after SIGTERM the host ended with {describe(code)}\n{self.log_tail()}"

    # ---- what it says ----

    def log_text(self, start=0):
        try:
            with open(self.log_file, "rb") as file:
                file.seek(start)
                return file.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return ""

    def log_tail(self, lines=25):
        return "the host's log ends with:\n" + "\n".join(self.log_text().splitlines()[-lines:])

    def report(self, start=0):
        """A sanitizer's report, if there is one."""
        text = self.log_text(start)
        match = REPORT.search(text)
        return text[match.start():match.start() + 4000] if match else None

    # ---- its tokens ----

    def token(self, scope):
        """The secret of a token of this scope; made when first asked for."""
        if scope == "root":
            with open(self.token_file, encoding="utf-8") as file:
                return file.read().strip()
        if scope not in self.secrets:
            words = [self.berth, "token", "create", f"scenario-{scope}", "--scope", scope, "--state", self.state]
            done = subprocess.run(words, capture_output=True, text=True, env=self.environment(), timeout=60,
                                  check=False)
            if done.returncode:
                raise Failure(f"`berth token create` ended with {done.returncode}", done.stdout + done.stderr)
            self.secrets[scope] = max(done.stdout.split(), key=len)
        return self.secrets[scope]

    # ---- its memory ----

    def resident(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+) kB", file.read())[1]) << 10


class MemoryWatch(threading.Thread):
    """Samples the host's resident memory; `growth` is its highest rise since the start."""

    def __init__(self, host):
        super().__init__(daemon=True)
        self.host, self.first, self.over = host, host.resident(), threading.Event()
        self.most = self.first
        self.start()

    def run(self):
        while not self.over.wait(0.02) and self.sample():
            pass

    def sample(self):
        """False: there is no host any more."""
        try:
            self.most = max(self.most, self.host.resident())
        except (OSError, TypeError):
            return False
        return True

    def growth(self):
        self.over.set()
        self.join()
        self.sample()  # on a busy machine the thread may have had no turn
        return self.most - self.first


def describe(code):
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def mount_small_disk(path, size):
    """A tmpfs of `size` bytes, for what happens when a disk is full. For root only."""
    os.makedirs(path, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "berth-scenario", path], check=True)


def unmount(path):
    subprocess.run(["umount", "-l", path], check=False)


def remove(path):
    shutil.rmtree(path, ignore_errors=True)
