"""Freezing a worker and thawing it: what was there is there again, what cannot be kept is named, and nobody is in anybody's way."""
import ast
import os
import signal
import unittest

import driver
from case import KernelCase


class Checkpoints(KernelCase):
    preload = ("numpy",)

    def freeze(self, kernel=None, **fields):
        orders, result = (kernel or self.kernel).freeze(**fields)
        if orders:
            self.addCleanup(orders.close)
        return orders, result

    def test_state_comes_back(self):
        self.run_cell("a = [1]; runtime.shell.run('cd /tmp; export K=v'); import asyncio; await asyncio.sleep(0)\na")
        point, result = self.freeze()
        self.assertEqual((result.done["warnings"], result.done["pid"] != self.kernel.pid), ([], True))
        self.run_cell("a.append(2); b = 3")
        for _ in range(2):  # a branch, and another
            other = self.start(point)
            self.assertEqual((other.ready["thawed"], other.ready["epoch"]), (True, 1))
            self.assertEqual(other.execute("a, 'b' in globals(), runtime.shell.cwd, runtime.shell.env('K')").result, "([1], False, '/tmp', 'v')")
            self.assertEqual(other.execute("a.append(9); await asyncio.sleep(0, 'still')").result, "'still'")
            self.assertAlive(other)
        self.assertEqual(self.run_cell("a, b").result, "([1, 2], 3)")
        self.assertEqual(self.kernel.execute("_ih[1][:7]").result, "'a = [1]'")

    def test_reset_is_checkpoint_zero(self):
        self.run_cell("base = [1]")
        zero, _ = self.freeze()
        pids = [self.kernel.ready["pid"]]
        kernel = self.kernel
        for _ in range(2):
            kernel.execute("base.append(2); a = 1; import os; os.chdir('/'); runtime.shell.cd('/usr')")
            kernel.kill()
            kernel = self.start(zero)
            pids.append(kernel.ready["pid"])
            self.assertEqual(kernel.execute("base, 'a' in globals(), os.getcwd() if 'os' in globals() else 'as it was', runtime.shell.cwd == '/usr'").result,
                             "([1], False, 'as it was', False)")
            self.assertEqual((kernel.execute("a").error["name"], kernel.execute("1").done["execution_count"]), ("NameError", 4))
        self.assertEqual(len(set(pids)), 3)

    def test_a_chain(self):
        kernel, points = self.kernel, []
        for number in range(8):
            kernel.execute(f"x{number} = {number}")
            point, _ = self.freeze(kernel)
            points.append(point)
            kernel = self.start(point)
        self.assertEqual(kernel.execute("x0, x7, runtime.epoch").result, "(0, 7, 8)")
        early = self.start(points[2])
        self.assertEqual(early.execute("x2, 'x3' in globals()").result, "(2, False)")
        # Its own end does not end what was thawed from it, nor what it was frozen from.
        self.assertTrue(points[2].order("end")[0]["ok"])
        self.assertAlive(early)
        self.assertAlive(kernel)
        self.assertAlive()

    def test_each_outlives_the_others(self):
        self.run_cell("a = 1")
        point, _ = self.freeze()
        self.kernel.kill()
        other = self.start(point)
        self.assertEqual(other.execute("a").result, "1")
        other.kill()
        self.assertEqual(point.death(other.pid)["signal"], 9)
        self.assertEqual(self.start(point).execute("a").result, "1")

    def test_what_cannot_be_kept_is_named(self):
        path = f"/tmp/berth-kernel-{os.getpid()}"
        self.addCleanup(lambda: [os.path.exists(one) and os.unlink(one) for one in (path, path + ".db", path + ".db-journal")])
        self.run_cell("import threading, time, subprocess, socket, sqlite3, asyncio\n"
                      "t = threading.Thread(target=time.sleep, args=(600,), daemon=True, name='sleeper'); t.start()\np = subprocess.Popen(['sleep', '600'])\n"
                      f"s = socket.socket()\nf = open('{path}', 'w')\nr = open('/etc/passwd')\n"
                      f"db = sqlite3.connect('{path}.db'); db.execute('create table x(y)'); db.execute('insert into x values (1)')\n"
                      "async def later(): await asyncio.sleep(600)\nk = asyncio.create_task(later(), name='long'); await asyncio.sleep(0)")
        point, result = self.freeze()
        self.assertIsNone(point)
        self.assertEqual(result.status, "refused")
        text = {}
        for one in result.done["warnings"]:
            text.setdefault(one["kind"], []).append(one["what"])
        self.assertEqual(set(text), {"thread", "child", "socket", "file", "transaction", "task"}, text)
        self.assertIn("sleeper", text["thread"][0])
        self.assertIn("sleep", text["child"][0])
        self.assertEqual(len(text["file"]), 3, text["file"])  # the file, the database, its journal
        self.assertEqual(len(text["socket"]), 1, text["socket"])
        self.assertTrue(text["transaction"][0].startswith("db "))
        self.assertIn("long", text["task"][0])
        self.assertEqual(self.kernel.request("check").done["warnings"], result.done["warnings"])
        point, result = self.freeze(force=True)
        self.assertEqual((result.status, len(result.done["warnings"])), ("ok", 8))
        self.assertAlive(self.start(point))
        self.run_cell("p.kill(); p.wait()")
        self.assertAlive()

    def test_nothing_is_written_twice(self):
        self.run_cell("import sys; sys.stdout.write('x'); import ctypes; libc = ctypes.CDLL(None); libc.printf(b'y')")
        point, _ = self.freeze()
        self.assertEqual(self.start(point).execute("libc.fflush(None)").stdout, "")

    def test_random_numbers(self):
        code = "import random, numpy\nrandom.random(), numpy.random.rand(), rng.random(), numpy.random.default_rng().random()"
        self.run_cell("import numpy; rng = numpy.random.default_rng(1)")
        point, _ = self.freeze()
        anew = [eval(self.start(point).execute(code).result) for _ in range(2)]
        self.assertTrue(all(one != other for one, other in zip(*anew)), anew)
        kept = [eval(self.start(point, random="kept").execute(code).result) for _ in range(2)]
        self.assertEqual(kept[0][:3], kept[1][:3])
        fresh = [eval(self.start().execute(code.replace("rng.random(), ", "")).result) for _ in range(2)]
        self.assertTrue(all(one != other for one, other in zip(*fresh)), fresh)

    def test_a_fork_that_fails(self):
        self.run_cell("import os; real = os.fork\ndef no(): raise BlockingIOError(11, 'no more')\nos.fork = no")
        point, result = self.freeze()
        self.assertEqual((point, result.error["name"]), (None, "BlockingIOError"))
        # A fork of the user's is still one: it holds nothing of ours.
        code = "os.fork = real; r, w = os.pipe()\nif os.fork() == 0:\n    os.write(w, str([f for f in os.listdir('/proc/self/fd') if int(f) >= 700]).encode())\n    os._exit(0)\n"
        self.assertEqual(self.run_cell(code + "os.wait(); os.close(w); os.read(r, 1000)").result, "b'[]'")
        point, _ = self.freeze()
        self.assertAlive(self.start(point))
        self.assertAlive()

    def test_a_thawed_worker_holds_what_the_first_held(self):
        count = "import os; sorted(int(f) for f in os.listdir('/proc/self/fd'))"
        before, kernel = self.run_cell(count).result, self.kernel
        for _ in range(4):
            point, _ = self.freeze(kernel)
            kernel = self.start(point)
        self.assertEqual(len(ast.literal_eval(kernel.execute(count).result)), len(ast.literal_eval(before)))

    def test_signals_end_no_checkpoint(self):
        point, result = self.freeze()
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD):
            signal.pidfd_send_signal(result.done["fds"][0], number)
            self.assertTrue(point.order("ping")[0]["ok"], number)
            size = point.order("ping", size=True)[0]
            self.assertLess(0, size["own"])
            self.assertLess(size["own"], size["whole"])
        self.assertAlive(self.start(point))

    def test_many_and_no_leftovers(self):
        points = [self.freeze()[0] for _ in range(30)]
        self.assertEqual(self.run_cell("import os; len(os.listdir('/proc/self/fd')) < 16").result, "True")
        self.assertAlive(self.start(points[17]))
        for point in points:
            point.order("end")
        code = "import subprocess; subprocess.run(['pgrep', '-P', str(os.getpid())], capture_output=True).stdout.count(b'\\n')"
        for _ in range(500):  # they end in their own time
            if self.run_cell(code).result == "0":
                break
        else:
            self.fail("checkpoints that have ended are still there")

    def test_bad_requests(self):
        self.assertEqual(self.kernel.request("freeze").error["name"], "ValueError")
        point, _ = self.freeze()
        for data in (b"", b"{", b"[]", b'{"order": "fly"}', b'{"order": "fork", "config": {}}', b"\xff" * 1000):
            point.send(data)
            self.assertFalse(point.receive()[0]["ok"], data)
        self.assertRaisesRegex(driver.Gone, "takes no ticket", point.fork, [0])
        self.assertAlive(self.start(point))


if __name__ == "__main__":
    unittest.main()
