"""runtime.shell: commands for bash whose folder and environment stay, as they would in a terminal. Its state is the kernel's: checkpoints keep it."""
import os
import selectors
import shutil
import subprocess
import time

from .children import finish

MOST = 10 << 20
# What bash knows at its end goes to a file of memory: also when the command says `exit`.
_RUN = 'trap \'{ pwd; env -0; } >&"$BERTH_STATE"\' EXIT\neval "$1"'


class Done:
    """How a command ended, and what it wrote (10 MB of each stream at the most)."""

    def __init__(self, command, returncode, stdout, stderr, truncated, seconds):
        self.command = command
        self.returncode = returncode
        self.stdout = stdout
        self.stderr = stderr
        self.truncated = truncated
        self.seconds = seconds

    def __repr__(self):
        return f"<{self.command!r}: {self.returncode}>"

    def __str__(self):
        return self.stdout

    @property
    def ok(self):
        return self.returncode == 0


class Bash:
    def __init__(self):
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
            process = subprocess.Popen(
                [shutil.which("bash") or "/bin/sh", "-c", _RUN, "bash", command], cwd=self.cwd, env={**self.env(), "BERTH_STATE": str(state)},
                pass_fds=[state], stdin=subprocess.PIPE if input is not None else subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, process_group=0)
            out, err, cut = finish(process, lambda: _collect(process, input, timeout))
            self._learn(state)
        finally:
            os.close(state)
        done = Done(command, process.returncode, out, err, cut, time.monotonic() - started)
        if check and process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command, out, err)
        return done

    def _learn(self, state):
        data = os.pread(state, os.fstat(state).st_size, 0)
        folder, _, rest = data.partition(b"\n")
        if not rest:
            return
        self._cwd = os.fsdecode(folder)
        pairs = (os.fsdecode(one).split("=", 1) for one in rest.split(b"\0") if b"=" in one)
        self._env = {key: value for key, value in pairs if key not in ("BERTH_STATE", "_")}


def _collect(process, text, timeout):
    """Both streams, capped, until bash has ended: what it left in the background may hold them open."""
    end = time.monotonic() + timeout if timeout else None
    parts, cut = {process.stdout: bytearray(), process.stderr: bytearray()}, False
    data = memoryview(text.encode() if isinstance(text, str) else text or b"")
    with selectors.DefaultSelector() as selector:
        for stream in parts:
            os.set_blocking(stream.fileno(), False)
            selector.register(stream, selectors.EVENT_READ)
        if process.stdin:
            os.set_blocking(process.stdin.fileno(), False)
            selector.register(process.stdin, selectors.EVENT_WRITE)
        while True:
            ended = process.poll() is not None
            for key, _ in selector.select(0 if ended else 0.02):
                if key.fileobj is process.stdin:
                    data = _feed(selector, process.stdin, data)
                    continue
                chunk = key.fileobj.read(1 << 16)
                if chunk:
                    room = MOST - len(parts[key.fileobj])
                    cut = cut or len(chunk) > room
                    parts[key.fileobj] += chunk[:room]
                    ended = False
                elif chunk == b"":
                    selector.unregister(key.fileobj)
            if ended:
                break
            if end and time.monotonic() > end:
                raise subprocess.TimeoutExpired(process.args[-1], timeout)
    for stream in (*parts, process.stdin):
        if stream:
            stream.close()
    return *(bytes(one).decode("utf-8", "replace") for one in parts.values()), cut


def _feed(selector, stream, data):
    try:
        data = data[os.write(stream.fileno(), data[:65536]) :]
    except BlockingIOError:
        return data
    except BrokenPipeError:
        data = memoryview(b"")
    if not data:
        selector.unregister(stream)
        stream.close()
    return data
