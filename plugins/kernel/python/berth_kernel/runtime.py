"""The object `runtime` in the user's namespace: the session's shell, handles that survive a restore, and Berth's own operations."""
from . import bash, resources


class OperationError(Exception):
    """An operation of Berth answered with a problem."""

    def __init__(self, status, code, message, hint=""):
        super().__init__(f"{message} ({code})" + (f"; {hint}" if hint else ""))
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint


class Runtime:
    """runtime.shell.run("ls"), runtime.resource(connect), runtime.call("workspace.list", path="/")"""

    OperationError = OperationError

    def __init__(self):
        self._worker = None
        self.shell = bash.Bash(lambda: self._worker.interrupts)

    def __repr__(self):
        return "<runtime: shell, resource(factory), call(operation, **input)>"

    @property
    def epoch(self):
        """How often this kernel's state was restored."""
        return self._worker.epoch

    def resource(self, factory, **options):
        """A handle for what factory() makes; options: validate, teardown, on_connect, name."""
        return resources.Resource(lambda: self._worker.epoch, factory, **options)

    def call(self, operation, /, **input):  # noqa: A002
        """Berth's operation of that name, with the rights that the session's token has; its answer, or OperationError."""
        if not isinstance(operation, str):
            raise TypeError("the operation is a name, such as \"workspace.list\"")
        answer = self._worker.ask("call", operation=operation, input=input)
        if answer.get("ok"):
            return answer.get("value")
        problem = answer.get("error")
        problem = problem if isinstance(problem, dict) else {}
        raise OperationError(problem.get("status", 500), str(problem.get("code", "unknown")), str(problem.get("message", "no reason given")),
                             str(problem.get("hint", "")))
