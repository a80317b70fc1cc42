"""The object `runtime` in the user's namespace: the session's shell, handles that survive a restore, and Berth's own operations."""
from . import bash, operations, resources, session_shell


class Runtime:
    """runtime.shell.run("ls"), runtime.resource(connect), runtime.call("workspace.list", path="/")"""

    OperationError = operations.OperationError

    def __init__(self):
        self._worker = None
        self.shell = session_shell.SessionShell(self.call, bash.Bash(lambda: self._worker.interrupts))

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
        return operations.call(self._worker, operation, input)
