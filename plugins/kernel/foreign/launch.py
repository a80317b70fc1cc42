"""Starts a kernel that is not Berth's own, inside a session's jail, and connects to it there: its kernelspec, its connection file and its sockets
are where the session sees them, and nowhere else. Run as: python3 -s -P -c THIS ORDERS; one order comes over that descriptor, and answers go
back: {"spec": …}, then {"lines": […]} with a connected socket for each; or {"failed": CODE, "why": TEXT}. In between, this process becomes
the kernel."""
import array
import difflib
import json
import os
import re
import shutil
import signal
import socket
import string
import sys
import tempfile
import time

CHANNELS = ("shell", "control", "stdin", "iopub")
MOST_SPEC = 1 << 20
PATIENCE = 12_000  # looks, 5 ms apart


class Refusal(Exception):
    """What is told, and ends the start."""


def folders(given):
    """Where kernelspecs are: those of berth.lua, then as Jupyter has it."""
    home = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    data = [one for one in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if one]
    data += [os.environ.get("JUPYTER_DATA_DIR") or os.path.join(home, "jupyter")]
    data += [os.path.join(prefix, "share", "jupyter") for prefix in (sys.prefix, "/usr/local", "/usr")]
    return list(given) + [os.path.join(one, "kernels") for one in data]


def specs(given):
    """Name, in small letters as Jupyter compares them, to its folder; the first of a name counts."""
    found = {}
    for folder in folders(given):
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            continue
        for name in names:
            if os.path.isfile(os.path.join(folder, name, "kernel.json")):
                found.setdefault(name.lower(), os.path.join(folder, name))
    return found


def spec_of(name, given):
    found = specs(given)
    if name.lower() not in found:
        known = ", ".join(sorted(found)[:50]) or "none"
        near = difflib.get_close_matches(name.lower(), found, 1)
        guess = f"; did you mean jupyter:{near[0]}?" if near else ""
        raise Refusal("no_such_engine", f"there is no kernelspec {name}{guess}; found in this session: {known}")
    folder = found[name.lower()]
    try:
        with open(os.path.join(folder, "kernel.json"), encoding="utf-8") as file:
            spec = json.loads(file.read(MOST_SPEC))
        words, more = spec["argv"], spec.get("env") or {}
        if not words or not all(isinstance(one, str) for one in [*words, *more, *more.values()]):
            raise ValueError("argv has to be a list of texts, and env an object of texts")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal("bad_kernelspec", f"the kernelspec {name} in {folder} cannot be used: {error!r}") from error
    return folder, spec


def command_of(spec, folder, connection_file):
    known = {"connection_file": connection_file, "resource_dir": folder, "prefix": sys.prefix}
    words = [re.sub(r"\{(\w+)\}", lambda m: known.get(m[1], m[0]), one) for one in spec["argv"]]
    if words[0] in ("python", "python3", f"python{sys.version_info[0]}.{sys.version_info[1]}"):
        words[0] = sys.executable
    environment = dict(os.environ)
    for name, value in (spec.get("env") or {}).items():
        environment[name] = string.Template(value).safe_substitute(os.environ)
    return words, environment


def write_connection(folder, order):
    facts = {"transport": "ipc", "ip": os.path.join(folder, "k"), "key": order["key"], "signature_scheme": "hmac-sha256", "kernel_name": order["kernel"]}
    facts.update({f"{name}_port": number for number, name in enumerate((*CHANNELS, "hb"), 1)})
    path = os.path.join(folder, "kernel.json")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(facts, file)
    return path


def tell(orders, message, fds=()):
    extra = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
    text = json.dumps(message, ensure_ascii=False)
    orders.sendmsg([text.encode("utf-8", "replace")], extra)  # half a character, as JSON may have it, is none for others


def connected(path):
    one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        one.connect(path)
        return one
    except OSError:
        one.close()
        return None


def nobody_waits(orders):
    try:
        return orders.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False


def connect(orders, folder):
    """In a process of its own, beside the kernel that comes up. Nobody else is to connect: when all are, and the kernel has said that it is up,
    the names go."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lines = {}
    for _ in range(PATIENCE):
        for number, name in enumerate(CHANNELS, 1):
            if name not in lines and (one := connected(os.path.join(folder, f"k-{number}"))):
                lines[name] = one
        if len(lines) == len(CHANNELS):
            tell(orders, {"lines": CHANNELS}, [lines[name].fileno() for name in CHANNELS])
            orders.recv(1)
            break
        if nobody_waits(orders):
            break
        time.sleep(0.005)
    shutil.rmtree(folder, ignore_errors=True)


def beside(work):
    """Runs it in a process that is no child of the kernel's."""
    middle = os.fork()
    if middle:
        os.waitpid(middle, 0)
        return
    if os.fork():
        os._exit(0)
    try:
        work()
    finally:
        os._exit(0)


def become(orders, order):
    folder, spec = spec_of(order["kernel"], order["folders"])
    place = tempfile.mkdtemp(prefix="kernel-")
    words, environment = command_of(spec, folder, write_connection(place, order))
    texts = {name: spec[name][:200] for name in ("display_name", "language", "interrupt_mode") if isinstance(spec.get(name), str)}
    tell(orders, {"spec": {**texts, "folder": folder[:1000], "program": words[0][:1000]}})
    beside(lambda: connect(orders, place))
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvpe(words[0], words, environment)
    except OSError as error:
        raise Refusal("bad_kernelspec", f"{words[0]} cannot be started: {error.strerror}") from error


def main(fd):
    orders = socket.socket(fileno=fd)
    orders.set_inheritable(False)
    try:
        become(orders, json.loads(orders.recv(1 << 20)))
    except Refusal as refusal:
        tell(orders, {"failed": refusal.args[0], "why": refusal.args[1]})
    except Exception as error:  # no room in /tmp, no process to be had
        tell(orders, {"failed": "kernel_down", "why": repr(error)})
    sys.exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
