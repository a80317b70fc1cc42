"""Berth's own operations, as a cell calls them: for whoever sent it, with the rights that the session's token has."""


class OperationError(Exception):
    """An operation of Berth answered with a problem."""

    def __init__(self, status, code, message, hint=""):
        super().__init__(f"{message} ({code})" + (f"; {hint}" if hint else ""))
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint


def call(worker, operation, given):
    if not isinstance(operation, str):
        raise TypeError("the operation is a name, such as \"workspace.list\"")
    answer = worker.ask("call", operation=operation, input=given)
    if answer.get("ok"):
        return answer.get("value")
    problem = answer.get("error")
    problem = problem if isinstance(problem, dict) else {}
    raise OperationError(problem.get("status", 500), str(problem.get("code", "unknown")), str(problem.get("message", "no reason given")),
                         str(problem.get("hint", "")))
