"""Child processes: none is lost to an interrupt, and none outlives what it belongs to, but who has left by a session of its own."""
import os
import random
import signal
import tempfile
import time
import unittest

from case import KernelCase

NUMBERS = iter(range(1000))

BOMB = """
import fcntl, os, signal
def bomb(file):
    while True:
        for slot in range(60):
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, slot)
                break
            except OSError:
                pass
        else:
            os._exit(0)
        while os.fork():
            os.utime({sign!r})
if os.fork() == 0:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    bomb(open({sign!r}, "r+b"))
"""


def alive(mark):
    """Pids of the processes `sleep MARK`."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                if file.read().split(b"\0")[:2] == [b"sleep", mark.encode()]:
                    found.append(int(entry))
        except OSError:
            pass
    return found


class Children(KernelCase):
    def setUp(self):
        super().setUp()
        self.mark = f"3600.{os.getpid()}{next(NUMBERS):03}"
        self.addCleanup(lambda: [os.kill(pid, signal.SIGKILL) for pid in alive(self.mark)])

    def assertGone(self):
        """In its own time."""
        for _ in range(1000):
            if not alive(self.mark):
                return
            time.sleep(0.01)
        self.fail(f"left over: {alive(self.mark)}")

    def wait_until_there(self):
        for _ in range(1000):
            if alive(self.mark):
                return
            time.sleep(0.01)
        self.fail("never started")

    def interrupt_when_there(self, code):
        self.kernel.begin(code)
        self.wait_until_there()
        self.kernel.interrupt()
        return self.kernel.finish()

    def test_an_interrupt_ends_the_whole_group(self):
        stubborn = f"(trap '' INT TERM; sleep {self.mark}) & sleep {self.mark} & wait"
        for code in ("!" + stubborn, f"x = !{stubborn}", f"%%bash\n{stubborn}", f"runtime.shell._own.run({stubborn!r})"):
            self.assertEqual(self.interrupt_when_there(code).status, "interrupted", code)
            self.assertGone()
        self.assertEqual(self.run_cell(f"runtime.shell.run({stubborn!r}, timeout=0.2)").error["name"], "TimeoutExpired")
        self.assertGone()
        self.assertAlive()

    def test_interrupts_while_they_start(self):
        chance = random.Random(20261127)
        cells = (f"!sleep {self.mark}", f"x = !sleep {self.mark}", f"%%bash\nsleep {self.mark}", f"runtime.shell._own.run('sleep {self.mark}')")
        for number in range(48):
            self.kernel.begin(cells[number % 4])
            time.sleep(chance.random() * 0.008)
            self.kernel.interrupt()
            self.assertEqual(self.kernel.finish().status, "interrupted")
            self.assertGone()
        self.assertAlive()

    def test_the_workers_end_ends_them(self):
        point, _ = self.kernel.freeze()
        self.addCleanup(point.close)
        for kernel in (self.kernel, self.start(point)):
            kernel.execute(f"import subprocess; p = subprocess.Popen('sleep {self.mark} & sleep {self.mark}', shell=True, process_group=0)")
            kernel.begin(f"!sleep {self.mark}")
            self.wait_until_there()
            kernel.kill()
            self.assertGone()
        self.assertAlive(self.start(point))

    def test_a_fork_bomb_ends_with_its_worker(self):
        """Sixty at a time, each of which puts another in the place of one that is gone: quicker than any sweep."""
        with tempfile.NamedTemporaryFile() as sign:
            self.kernel.execute(BOMB.format(sign=sign.name))
            self.assertTrue(self.changes(sign.name, 300))
            self.kernel.kill()
            self.zygote.death(self.kernel.pid)
            time.sleep(1)
            self.assertFalse(self.changes(sign.name, 30))

    @staticmethod
    def changes(path, patience):
        began = os.stat(path).st_mtime_ns
        for _ in range(patience):
            if os.stat(path).st_mtime_ns != began:
                return True
            time.sleep(0.01)
        return False

    def test_a_daemon_lives_on(self):
        self.run_cell(f"import subprocess; p = subprocess.Popen(['sleep', '{self.mark}'], start_new_session=True)")
        self.wait_until_there()
        self.kernel.kill()
        self.zygote.death(self.kernel.pid)
        for _ in range(3):
            self.zygote.order("ping")
        self.assertEqual(len(alive(self.mark)), 1)

    def test_signals_to_the_own_group_stay_there(self):
        other = self.start()
        point, _ = other.freeze()
        self.addCleanup(point.close)
        for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGHUP, signal.SIGQUIT):
            kernel = self.start(point)
            kernel.begin(f"import os; os.kill(0, {int(number)})")
            self.assertEqual(point.death(kernel.pid)["signal"], number)
        self.assertAlive(other)
        self.assertTrue(self.zygote.order("ping")[0]["ok"])

    def test_programs_in_the_background(self):
        self.run_cell(f"%%bash --bg --proc p\nsleep {self.mark}")
        self.wait_until_there()
        self.assertEqual(self.run_cell("import threading; threading.active_count(), p.poll()").result, "(1, None)")
        self.run_cell("%killbgscripts")
        self.assertEqual(self.run_cell("p.returncode is None").result, "False")
        self.assertGone()
        self.assertEqual(self.run_cell("%%bash --bg --out o\ncat <<< $((6 * 7))").status, "ok")
        self.assertEqual(self.run_cell("o.read()").result, "b'42\\n'")

    def test_what_goes_on_in_the_background_holds_nobody_up(self):
        done = self.run_cell("r = runtime.shell.run('yes & echo pid=$! >&2')\nimport contextlib, os, signal\n"
                             "with contextlib.suppress(ProcessLookupError):  # nobody reads it any more, which may have ended it\n"
                             "    os.kill(int(r.stderr[4:]), signal.SIGKILL)\nr.returncode")
        self.assertEqual(done.result, "0", done.error)
        self.assertEqual(self.run_cell("runtime.shell.run('export PATH=; cd /'); runtime.shell.cwd").result, "'/'")


if __name__ == "__main__":
    unittest.main()
