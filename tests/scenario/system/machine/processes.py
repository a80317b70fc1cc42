"""Processes that come, are told of without their secrets, and go; also one whose name is made to mislead."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

from asking import ask, check

folder = tempfile.mkdtemp()
strange = os.path.join(folder, "a) R 1 (b")
shutil.copy(shutil.which("sleep"), strange)
process = subprocess.Popen([strange, "600.0123"])
others = [subprocess.Popen([strange, "600.0123"]) for _ in range(2)]
zombie = subprocess.Popen([sys.executable, "-c", "pass"])
try:
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    found = ask("processes", name="a) R 1 (b")
    check(found["total"] == 3, found)
    one = next(each for each in found["processes"] if each["pid"] == process.pid)
    check(one["parent"] == os.getpid() and one["state"] == "sleeping", one)
    check("600.0123" not in str(found), "the arguments are told", found)
    one = ask(f"processes/{process.pid}")
    check(one["name"] == "a) R 1 (b" and one["threads"] == 1 and len(one["thread_list"]) == 1, one)
    check("600.0123" not in str(one) and "command" not in one and "program" not in one, "the arguments are told", one)
    files = [each for each in one["limits"] if each["name"] == "open files"]
    check(len(files) == 1 and files[0]["soft"] > 0, one)
    check(ask(f"processes/{zombie.pid}")["state"] == "zombie", "zombie")
    mine = ask(f"processes/{os.getpid()}")
    if os.getuid() == 0 or "open_files" in mine:
        extra = os.open("/dev/null", os.O_RDONLY)
        check(ask(f"processes/{os.getpid()}")["open_files"] == mine["open_files"] + 1, mine)
        os.close(extra)
    pages = []
    for following in (1, 2, None):
        page = ask("processes", sort="pid", name="a) R 1 (b", limit=1, skip=len(pages), sample_ms=0)
        check(len(page["processes"]) == 1 and page["total"] == 3 and page.get("next") == following, page)
        pages += [each["pid"] for each in page["processes"]]
    check(pages == sorted([process.pid] + [each.pid for each in others]), pages)
finally:
    for each in [process, *others]:
        each.send_signal(signal.SIGKILL)
        each.wait()
    zombie.wait()
    shutil.rmtree(folder)
gone = ask(f"processes/{process.pid}")
check(gone.get("code") == "no_such_process", gone)
busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
try:
    for _ in range(50):
        first = ask("processes", sort="cpu", sample_ms=300)["processes"]
        if any(each["pid"] == busy.pid and each["cpu_percent"] > 5 for each in first):
            break
    else:
        check(False, "the busy one is not seen", first)
finally:
    busy.kill()
    busy.wait()
print("all told")
