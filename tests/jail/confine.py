#!/usr/bin/python3
"""libberth-confine.so through ctypes: a Python process forks, and its child puts itself into an open jail. usage: confine.py JAIL_RUN
LIBRARY; runs itself again with a ticket, as root and as a user, with namespaces and without."""
import ctypes
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile

NOBODY = 65534


class Confine:
    def __init__(self, path):
        self.library = ctypes.CDLL(path, use_errno=True)
        numbers = [int(one) for one in os.environ["BERTH_TICKET"].split(",")]
        self.ticket, self.count = (ctypes.c_int * len(numbers))(*numbers), len(numbers)

    def aim(self):
        done = self.library.berth_confine_aim(self.ticket, self.count)
        assert done in (0, 1), os.strerror(ctypes.get_errno())
        return done == 0

    def back(self):
        assert self.library.berth_confine_return() == 0

    def call(self, name):
        why = ctypes.create_string_buffer(200)
        done = getattr(self.library, name)(self.ticket, self.count, why, len(why))
        if done < 0:
            raise OSError(ctypes.get_errno(), why.value.decode())
        return done


def refused(what):
    try:
        what()
    except OSError as no:
        return no.strerror
    return ""


def look():
    """What a confined process finds."""
    with open("/proc/self/status", encoding="ascii") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    found = {"pid": os.getpid(), "user": os.getuid(), "capabilities": int(status["CapEff"], 16) | int(status["CapBnd"], 16) * (os.getuid() == 0),
             "seccomp": status["Seccomp"], "no_new_privs": status["NoNewPrivs"], "processes": len(list(filter(str.isdigit, os.listdir("/proc")))),
             "root": refused(lambda: os.listdir("/root")), "usr": refused(lambda: open("/usr/mine", "w", encoding="ascii")),
             "connect": refused(lambda: socket.create_connection(("127.0.0.1", 9), 2)), "sum": sum(range(10))}
    return found


def in_jail(confine, reader_end):
    joined = confine.call("berth_confine_enter")
    if joined == 1:
        child = os.fork()
        if child:
            os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        confine.call("berth_confine_seal")
    os.write(reader_end, json.dumps(look()).encode())


def once(confine):
    reader, writer = os.pipe()
    confine.aim()
    child = os.fork()
    if child == 0:
        try:
            in_jail(confine, writer)
        except BaseException as no:
            os.write(writer, json.dumps({"error": repr(no)}).encode())
        os._exit(0)
    confine.back()
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as file:
        found = json.load(file)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return found


def inner(library):
    confine = Confine(library)
    assert confine.library.berth_confine_version() == 1
    shape = confine.library.berth_confine_shape(confine.ticket[0])
    assert shape == (confine.ticket[1] >= 0) | (confine.ticket[2] >= 0) << 1, shape
    namespaces = shape & 1
    outside = os.getpid()
    for _ in range(3):
        found = once(confine)
        print(json.dumps(found))
        assert "error" not in found, found
        assert found["seccomp"] == "2" and found["no_new_privs"] == "1" and found["capabilities"] == 0, found
        assert found["sum"] == 45 and found["usr"] and found["root"], found
        assert "unreachable" in found["connect"], found
        if namespaces:
            assert found["user"] == 1000 and found["pid"] < 100 and found["processes"] < 10, found
        # The parent stayed where it was, and so do its other children.
        assert os.getpid() == outside
        child = os.fork()
        if child == 0:
            os._exit(0 if os.path.exists(f"/proc/{os.getpid()}") and os.getpid() > 1 and os.getuid() == os.geteuid() else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    # A ticket that is none is refused with a reason, and nothing happens.
    wrong = (ctypes.c_int * 3)(os.open("/dev/null", os.O_RDONLY), -1, -1)
    why = ctypes.create_string_buffer(100)
    assert confine.library.berth_confine_enter(wrong, 3, why, 100) == -1 and why.value == b"read the ticket"
    assert confine.library.berth_confine_enter(wrong, 1, why, 100) == -1
    return 0


def outer(run, library):
    folder = tempfile.mkdtemp(prefix="berth-confine-", dir="/var/tmp")
    try:
        os.chmod(folder, 0o755)
        for path in (run, library, os.path.abspath(__file__)):
            shutil.copy(path, folder)
        own = [folder + "/" + os.path.basename(path) for path in (run, library, __file__)]
        code = 0
        for user in (0, NOBODY) if os.geteuid() == 0 else (os.geteuid(),):
            for options in ([], ["--no-namespaces"]):
                seat = f"{folder}/{user}{'-bare' if options else ''}"
                os.mkdir(seat)
                os.chown(seat, user, user)
                before = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user and os.geteuid() == 0 else []
                done = subprocess.run([*before, own[0], "--ticket", *options, seat, "/usr/bin/python3", own[2], "--inner", own[1]],
                                      capture_output=True, text=True, timeout=60, check=False)
                print(f"user {user} {' '.join(options)}: {'good' if done.returncode == 0 else 'FAILED'}\n{done.stdout}{done.stderr if done.returncode else ''}")
                code = code or done.returncode
        return code
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(inner(sys.argv[2]) if sys.argv[1] == "--inner" else outer(sys.argv[1], sys.argv[2]))
