"""The shell of runtime.shell where the session has none: commands for bash whose folder and environment stay, as they would in a terminal.
Its state is the kernel's: checkpoints keep it."""
import os
import selectors
import shutil
import subprocess
import time

from .children import run

MOST = 1 << 20  # bytes of each stream: as of the session's shell
# What bash knows at its end goes to a file of memory: also when the command says `exit`.
_RUN = 'trap \'{ pwd; /usr/bin/env -0; } >&"$BERTH_STATE"\' EXIT\neval "$1"'


class Done:
    """How a command ended, and what it wrote, as far as it is kept."""

    def __init__(self, command, returncode, stdout, stderr, truncated, seconds, reason=""):
        self.command = command
        self.returncode = returncode
        self.stdout = stdout
        self.stderr = stderr
        self.truncated = truncated
        self.seconds = seconds
        self.reason = reason  # of an end that was not its own

    def __repr__(self):
        return f"<{self.command!r}: {self.returncode}>"

    def __str__(self):
        return self.stdout

    @property
    def ok(self):
        return self.returncode == 0


class Bash:
    def __init__(self, interrupts):
        self._interrupts = interrupts
        self._cwd = None
        self._env = None

    @property
    def cwd(self):
        return self._cwd or os.getcwd()

    def cd(self, path):
        """The folder of the next commands; answers it."""
        target = os.path.normpath(os.path.join(self.cwd, os.path.expanduser(path)))
        if not os.path.isdir(target):
            raise NotADirectoryError(f"{target} is no folder")
        self._cwd = target
        return target

    def env(self, key=None, value=None):
        """All variables, one, or sets one."""
        if self._env is None:
            self._env = dict(os.environ)
        if key is None:
            return dict(self._env)
        if value is None:
            return self._env.get(key)
        self._env[str(key)] = str(value)
        return self._env[str(key)]

    def run(self, command, timeout=None, check=False, input=None):  # noqa: A002
        """Runs it; what it does to folder and environment stays."""
        state = os.memfd_create("shell")
        started = time.monotonic()
        try:
            process, *rest = run(self._interrupts(), lambda: self._start(command, state, input is not None), lambda it: (it, *_collect(it, input, timeout)))
            self._learn(state)
        finally:
            os.close(state)
        done = Done(command, process.returncode, *rest, time.monotonic() - started)
        if check and process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command, done.stdout, done.stderr)
        return done

    def _start(self, command, state, fed):
        return subprocess.Popen(
            [shutil.which("bash") or "/bin/sh", "-c", _RUN, "bash", command], cwd=self.cwd, env={**self.env(), "BERTH_STATE": str(state)},
            pass_fds=[state], stdin=subprocess.PIPE if fed else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0)

    def _learn(self, state):
        data = os.pread(state, os.fstat(state).st_size, 0)
        folder, _, rest = data.partition(b"\n")
        if not rest:
            return
        self._cwd = os.fsdecode(folder)
        pairs = (os.fsdecode(one).split("=", 1) for one in rest.split(b"\0") if b"=" in one)
        self._env = {key: value for key, value in pairs if key not in ("BERTH_STATE", "_")}


class Pipes:
    """What goes in and what comes out, capped. Nothing is waited for here."""

    def __init__(self, process, data):
        self.parts = {process.stdout: bytearray(), process.stderr: bytearray()}
        self.input = process.stdin
        self.data = memoryview(data)
        self.cut = False
        for stream in filter(None, (*self.parts, self.input)):
            os.set_blocking(stream.fileno(), False)

    def read(self, stream):
        """False: there is no more of it."""
        chunk = b"" if stream.closed else stream.read(1 << 16)
        if chunk:
            room = MOST - len(self.parts[stream])
            self.cut = self.cut or len(chunk) > room
            self.parts[stream] += chunk[:room]
        return chunk != b""

    def feed(self):
        try:
            self.data = self.data[os.write(self.input.fileno(), self.data[:65536]) :]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self.data = memoryview(b"")
        return bool(self.data)

    def drain(self):
        """The rest, when bash has ended: what it left in the background may write for ever."""
        for stream, part in self.parts.items():
            for _ in range(MOST >> 16):
                before = len(part)
                if not self.read(stream) or len(part) == before:
                    break

    def close(self):
        for stream in filter(None, (*self.parts, self.input)):
            stream.close()

    def texts(self):
        return *(bytes(one).decode("utf-8", "replace") for one in self.parts.values()), self.cut


def _collect(process, text, timeout):
    """Both streams, until bash has ended: what it left in the background may hold them open."""
    pipes = Pipes(process, text.encode() if isinstance(text, str) else text or b"")
    handle = os.pidfd_open(process.pid)
    end = time.monotonic() + timeout if timeout else None
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(handle, selectors.EVENT_READ)
            for stream in pipes.parts:
                selector.register(stream, selectors.EVENT_READ)
            if pipes.input:
                selector.register(pipes.input, selectors.EVENT_WRITE)
            while not _ended(selector, handle, pipes, end):
                if end and time.monotonic() > end:
                    raise subprocess.TimeoutExpired(process.args[-1], timeout)
        process.wait()
        pipes.drain()
        return pipes.texts()
    finally:
        os.close(handle)
        pipes.close()


def _ended(selector, handle, pipes, end):
    """One turn. What has nothing more to say or to hear is not asked again."""
    ended = False
    for key, _ in selector.select(max(0, end - time.monotonic()) if end else None):
        if key.fileobj == handle:
            ended = True
        elif not (pipes.feed() if key.fileobj is pipes.input else pipes.read(key.fileobj)):
            selector.unregister(key.fileobj)
            key.fileobj.close()
    return ended
