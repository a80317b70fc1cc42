"""The zygote: no order ends it, no death escapes it, nothing outlives it that should not."""
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
import unittest


import driver
from case import KernelCase


class Orders(KernelCase):
    def test_broken_orders(self):
        for data in (b"", b"{", b"\xff", b'{"n": "' + b"x" * 100000 + b'"}', b'{"n": 1e400}', b"[]", b"3", b'{"order": "fly"}', b'{"order": ["fork"]}', b'{"order": "fork"}', b'{"order": "fork", "config": 3}', b'{"n": {}}',
                     b'{"order": "fork", "config": {}}', b"[" * 100000):
            self.zygote.send(data)
            answer, fds = self.zygote.answer()
            self.assertEqual((answer["ok"], fds), (False, []), data[:40])
        with open("/dev/null", "rb") as nothing:
            answer, _ = self.zygote.order("fork", [nothing.fileno()] * 5, config={"token": "x" * 32})
            self.assertIn("ticket", answer["error"])
            for _ in range(100):
                self.zygote.order("ping", [nothing.fileno()] * 8)
        # Descriptors of the wrong kind: the worker ends, the zygote does not.
        with open("/dev/null", "rb") as nothing:
            answer, _ = self.zygote.order("fork", [nothing.fileno()] * 4, config={"token": "x" * 32})
            self.assertNotEqual(self.zygote.death(answer["pid"])["code"], 0)
        self.assertAlive(self.start())
        self.assertLess(len(os.listdir(f"/proc/{self.zygote.process.pid}/fd")), 16)

    def test_signals_end_no_zygote(self):
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD):
            self.zygote.process.send_signal(number)
            self.assertTrue(self.zygote.order("ping")[0]["ok"], number)
        # And no worker is born deaf.
        self.kernel = self.start()
        self.assertEqual(self.run_cell("import signal; [signal.getsignal(n).name for n in (signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD, signal.SIGTERM)], "
                                       "signal.pthread_sigmask(signal.SIG_BLOCK, [])").result, "(['SIG_DFL', 'SIG_DFL', 'SIG_DFL', 'SIG_DFL'], set())")

    def test_many_workers_at_once(self):
        kernels = [self.start() for _ in range(20)]
        for number, kernel in enumerate(kernels):
            kernel.begin(f"x = {number}; x")
        self.assertEqual([kernel.finish().result for kernel in kernels], [str(number) for number in range(20)])

    def test_deaths_of_many(self):
        kernels = [self.start() for _ in range(10)]
        for kernel in kernels:
            kernel.kill()
        self.assertEqual({self.zygote.death(kernel.pid)["signal"] for kernel in kernels}, {9})
        self.assertTrue(self.zygote.order("ping")[0]["ok"])

    def test_shutdown_runs_exit_handlers(self):
        self.run_cell("import atexit; atexit.register(print, 'bye')")
        done = self.kernel.request("shutdown")
        self.assertEqual(done.status, "ok")
        self.assertEqual(self.zygote.death(self.kernel.pid)["code"], 0)
        late = self.kernel.queue  # may have come with the answer
        try:
            late = late + self.kernel.pump()
        except driver.Gone:
            pass
        self.assertEqual(b"".join(event["data"] for event in late if event["event"] == "stdout"), b"bye\n")

    def test_it_has_one_thread_and_says_what_it_has(self):
        self.assertEqual(len(os.listdir(f"/proc/{self.zygote.process.pid}/task")), 1)
        with tempfile.TemporaryDirectory(prefix="berth-kernel-") as folder:
            for name, text in (("ends_it", "raise SystemExit(3)"), ("starts_a_thread", "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()")):
                with open(f"{folder}/{name}.py", "w", encoding="ascii") as file:
                    file.write(text)
            about = driver.Zygote(preload=["json", "no_such_package", "ends_it", "starts_a_thread"], env={**os.environ, "PYTHONPATH": folder})
            self.addCleanup(about.close)
        self.assertIn("missing", about.about["preloaded"]["no_such_package"])
        self.assertIn("SystemExit", about.about["preloaded"]["ends_it"]["missing"])
        self.assertEqual((bool(about.about["ipython"]), about.about["threads"], self.zygote.about["threads"]), (True, 2, 1))

    def test_torch_is_imported_by_who_asks_for_it(self):
        """It is large, and starts threads, whose locks forks would find locked for ever."""
        with tempfile.TemporaryDirectory(prefix="berth-kernel-") as folder:
            with open(folder + "/torch.py", "w", encoding="ascii") as file:
                file.write("__version__ = 'ours'\ndef seed(): pass")
            for config, there in (({}, False), ({"preload": ["torch"]}, True)):
                about = driver.Zygote(env={**os.environ, "PYTHONPATH": folder}, **config)
                self.addCleanup(about.close)
                self.assertEqual("torch" in about.about["preloaded"], there)
                kernel = about.fork()
                self.addCleanup(kernel.close)
                self.assertEqual(kernel.execute("import sys; before = 'torch' in sys.modules; import torch; before, torch.__version__").result, f"({there}, 'ours')")

    def test_a_wrong_start(self):
        for order in (b"{", b'{"order": "fork"}', b'{"order": "start", "config": {"confine": "/no/such.so"}}',
                      b'{"order": "start", "config": {"confine": "libc.so.6"}}', b'{"order": "start", "config": {"preload": 5}}'):
            mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with mine, theirs:
                process = subprocess.Popen(["/usr/bin/python3", driver.START, str(theirs.fileno())], pass_fds=[theirs.fileno()])
                mine.send(order)
                orders = driver.Orders(mine)
                self.assertFalse(orders.receive()[0]["ok"])
                self.assertEqual(process.wait(driver.PATIENCE), 1)


class Ends(unittest.TestCase):
    """With a zygote of its own, which does not live long."""

    def setUp(self):
        self.zygote = driver.Zygote(preload=[])
        self.addCleanup(self.zygote.process.kill)
        self.kernel = self.zygote.fork()

    def assertEnds(self, pidfd):
        self.assertTrue(select.select([pidfd], [], [], driver.PATIENCE)[0])

    def test_workers_survive_the_zygote(self):
        self.zygote.process.kill()
        self.zygote.process.wait()
        self.assertEqual(self.kernel.execute("1 + 1").result, "2")
        point, _ = self.kernel.freeze()
        self.assertEqual(point.fork().execute("2 + 2").result, "4")
        self.kernel.close()

    def test_nothing_survives_the_plugin(self):
        other = self.zygote.fork()
        point, result = other.freeze()
        checkpoint = result.done["fds"][0]
        swallow = "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except BaseException: pass"
        self.kernel.begin(swallow)
        third = self.zygote.fork()
        third.begin("while True: pass")
        handles = [os.dup(kernel.pidfd) for kernel in (self.kernel, other, third)]
        time.sleep(0.2)
        for kernel in (self.kernel, other, third):  # as the kernel closes what a dead process held
            os.close(kernel.life)
            kernel.socket.close()
        point.close()
        self.zygote.socket.close()
        for handle in (*handles, checkpoint):
            self.assertEnds(handle)
        self.assertEqual(self.zygote.process.wait(driver.PATIENCE), 0)


class Jail(unittest.TestCase):
    def test_workers_in_a_jail(self):
        run, library = os.environ.get("BERTH_JAIL_RUN"), os.environ.get("BERTH_CONFINE")
        if not run or not library:
            self.skipTest("BERTH_JAIL_RUN and BERTH_CONFINE do not say where jail-run and libberth-confine.so are")
        inner = os.path.join(os.path.dirname(os.path.abspath(__file__)), "jailed.py")
        for options in ([], ["--no-namespaces"]):
            with tempfile.TemporaryDirectory(prefix="berth-kernel-", dir="/var/tmp") as folder:
                os.chmod(folder, 0o755)
                done = subprocess.run([run, "--ticket", *options, folder, "/usr/bin/python3", inner, library], capture_output=True, text=True, timeout=120, check=False)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
