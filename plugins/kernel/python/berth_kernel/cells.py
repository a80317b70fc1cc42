"""The request `execute`: one cell, with what IPython makes of it, and an answer that says how it ended."""
import re
import traceback
from time import monotonic

from IPython.core.error import StdinNotImplementedError

from .shell import LONGEST, bounded, text_of, type_name
from .wire import clean, shorten, size

_ANSI = re.compile(r"\x1b\[[0-9;:?]*[ -/]*[@-~]")


def execute(worker, frame, _fds):
    shell, sink = worker.shell, worker.sink
    code = frame.get("code")
    if not isinstance(code, str):
        raise TypeError("code is a text")
    silent = bool(frame.get("silent", False))
    store = bool(frame.get("store_history", not silent)) and not silent
    worker.allow_stdin = bool(frame.get("allow_stdin", False))
    sink.count = sink.left_out = 0
    shell.last_traceback = []
    count = shell.execution_count
    started = monotonic()
    error = _run(worker, code, silent, store)
    if store and code.strip() and shell.execution_count <= count:
        shell.execution_count = count + 1
    reply = {"status": "ok", "error": None, "user_expressions": {}}
    if error is not None:
        reply["status"] = "interrupted" if issubclass(type(error), KeyboardInterrupt) else "error"
        reply["error"] = _inside(worker, bare(error, shell.last_traceback), describe, error, shell.last_traceback)
    else:
        reply["user_expressions"] = _expressions(worker, frame.get("user_expressions"))
    reply["stop"] = error is not None and bool(frame.get("stop_on_error", True))
    reply["execution_count"] = shell.execution_count - 1
    payload = shell.payload_manager.read_payload()
    reply["payload"] = _inside(worker, [], lambda: [short(one) for one in clean(payload)]) if payload else []
    if payload:
        shell.payload_manager.clear_payload()
    reply["figures_left_out"] = sink.left_out
    reply["ms"] = round((monotonic() - started) * 1000, 3)
    return reply


def _run(worker, code, silent, store):
    try:
        result = worker.interrupts.call(worker.shell.run_cell, code, store, silent)
        return result.error_before_exec or result.error_in_exec
    except BaseException as no:
        worker.interrupts.hold()
        _untangle(worker)
        return no
    finally:
        worker.interrupts.hold()


def _untangle(worker):
    """What left IPython by an exception left its traps half open."""
    for trap, undo in ((worker.shell.builtin_trap, "deactivate"), (worker.shell.display_trap, "unset")):
        if getattr(trap, "_nested_level", 0):
            trap._nested_level = 0
            try:
                getattr(trap, undo)()
            except Exception:
                pass
    if not worker.channel.stray:
        worker._mend()


def _expressions(worker, wanted):
    if not isinstance(wanted, dict) or not wanted:
        return {}
    failed = {key: {"status": "error", "ename": "KernelError", "evalue": "not evaluated", "traceback": []} for key in wanted}
    most = worker.sink.figures["bundle"] // len(wanted)

    def evaluate():
        found = clean(worker.shell.user_expressions(wanted))
        return {key: one if (takes := size(one)) <= most else too_long(takes, most) for key, one in found.items()}

    return _inside(worker, failed, evaluate)


def too_long(takes, most):
    return {"status": "error", "ename": "TooLong", "evalue": f"{takes} bytes: {most} is the most", "traceback": []}


def short(entry):
    """An entry of the payload, with the middle of a long text left out."""
    if size(entry) <= LONGEST or not isinstance(entry, dict):
        return entry
    texts = {key: shorten(value, LONGEST) for key, value in entry.items() if isinstance(value, str)}
    if isinstance(entry.get("data"), dict):
        texts["data"] = {"text/plain": shorten(str(entry["data"].get("text/plain")), LONGEST)}
    return texts


def _inside(worker, otherwise, function, *arguments):
    """What may run the user's code once more (a __str__ that never returns) can be interrupted like the cell."""
    try:
        return worker.interrupts.call(function, *arguments)
    except BaseException:
        return otherwise
    finally:
        worker.interrupts.hold()


def bare(error, lines):
    return {"name": type_name(type(error)), "value": "", "traceback": list(lines), "plain": [_ANSI.sub("", line) for line in lines]}


def describe(error, lines):
    """Name, value and both tracebacks: with colours, and plain."""
    if not lines:
        try:
            lines = traceback.format_exception(type(error), error, error.__traceback__)
        except BaseException:
            lines = [type_name(type(error))]
    return {**bare(error, bounded(lines)), "value": text_of(error)}


def make_input(worker, password):
    """What stands for input() and getpass.getpass()."""

    def ask(prompt="", *_more, **_named):
        if not worker.allow_stdin:
            what = "getpass()" if password else "input()"
            raise StdinNotImplementedError(
                f"{what} has nobody to ask here: this cell runs without a user at the keyboard (allow_stdin is false); put the value into the code")
        answer = worker.ask("input_request", prompt=text_of(prompt), password=password)
        if answer.get("eof"):
            raise EOFError("the answer was: end of input")
        return str(answer.get("value", ""))

    ask.__name__ = "getpass" if password else "input"
    ask.__doc__ = "Asks the user, where there is one."
    return ask
