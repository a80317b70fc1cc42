"""runtime.shell: the session's own shell, the one that POST /shell reaches, so what a command does to folder and variables is seen there, and
outlives the kernel. Where no plugin has such a shell, it is one of the kernel's own."""
import subprocess

from .bash import Done
from .operations import OperationError

SHORTEST, LONGEST = 0.01, 1800  # seconds that the operation takes; no cell has more


class SessionShell:
    def __init__(self, call, own):
        self._call = call
        self._own = own

    def __repr__(self):
        return "<runtime.shell: run(command), cd(path), env(key, value), cwd>"

    @property
    def cwd(self):
        answer = self._reach("shell.cwd")
        return answer["cwd"] if answer else self._own.cwd

    def cd(self, path):
        """The folder of the next commands; answers it."""
        try:
            answer = self._reach("shell.cd", path=str(path))
        except OperationError as no:
            if no.code != "no_such_folder":
                raise
            raise NotADirectoryError(no.message) from None
        return answer["cwd"] if answer else self._own.cd(path)

    def env(self, key=None, value=None):
        """All variables, one, or sets one. They are the shell's: os.environ has those of the kernel."""
        if key is not None and value is not None:
            answer = self._reach("shell.env", key=str(key), value=str(value))
            return answer["value"] if answer else self._own.env(key, value)
        answer = self._reach("shell.variables")
        if not answer:
            return self._own.env(key)
        return answer["env"] if key is None else answer["env"].get(key)

    def run(self, command, timeout=None, check=False, input=None):  # noqa: A002
        """Runs it; what it does to folder and environment stays."""
        answer = self._reach("shell.run", **_asked(command, timeout, input))
        if not answer:
            return self._own.run(command, timeout, check, input)
        done = Done(command, answer["returncode"], answer["stdout"], answer["stderr"], answer["truncated"], answer["timing_ms"] / 1000, answer.get("reason", ""))
        if answer["timed_out"]:
            raise subprocess.TimeoutExpired(command, timeout or LONGEST, done.stdout, done.stderr)
        if check and done.returncode:
            raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
        return done

    def _reach(self, operation, **given):
        """What the session's shell answers; None: there is none. Each time anew, for plugins come and go."""
        try:
            return self._call(operation, **given)
        except OperationError as no:
            if (no.status, no.code) != (404, "not_found"):
                raise
            return None


def _asked(command, timeout, text):
    given = {"command": command, "timeout": min(max(timeout or LONGEST, SHORTEST), LONGEST)}
    if text is not None:
        given["stdin"] = text if isinstance(text, str) else bytes(text).decode()  # an operation's input is text
    return given
