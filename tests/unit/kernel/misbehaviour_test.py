"""Cells that break what they stand on: the next cell finds everything in order, or the death is told."""
import os
import unittest

import driver
from case import KernelCase


class Misbehaviour(KernelCase):
    def test_descriptors_closed_and_replaced(self):
        self.run_cell("import os; os.close(1)")
        self.assertAlive()
        self.run_cell("import os; os.close(1); os.close(2); os.closerange(3, 256)\nprint('lost or not')")
        self.assertAlive()
        done = self.run_cell("fd = os.open('/dev/null', os.O_WRONLY); os.dup2(fd, 1); os.dup2(fd, 2); print('nowhere')")
        self.assertEqual(done.stdout, "")
        self.assertAlive()
        self.run_cell("os.set_blocking(1, False)\nprint('x' * 3_000_000)")
        self.assertAlive()

    def test_streams_replaced_and_closed(self):
        for code in ("import io, sys; sys.stdout = io.StringIO(); print('kept')", "import sys; sys.stdout.close()", "import sys; del sys.stdout, sys.stderr",
                     "import sys; sys.stdout = None; sys.stderr = 3", "sys.stdout.detach()", "sys.stdout.reconfigure(line_buffering=False, encoding='ascii')",
                     "class W:\n    def write(s, x): raise BaseException('w')\n    def flush(s): raise BaseException('f')\nsys.stdout = W(); print(1)"):
            self.run_cell(code)
            self.assertAlive()

    def test_builtins_and_modules_broken(self):
        for code in ("import builtins; del builtins.len, builtins.print, builtins.isinstance", "import builtins; builtins.__dict__.clear()",
                     "import builtins\nbuiltins.len = builtins.getattr = builtins.isinstance = None",
                     "import json, socket, os\njson.dumps = json.loads = json.encoder = None\nsocket.socket = socket.SOL_SOCKET = None\nos.write = os.read = os.dup2 = None",
                     "import select, signal, sys\nselect.poll = None\nsignal.pthread_sigmask = signal.signal = None"):
            done = self.run_cell(code)
            self.assertNotEqual((done.error or {}).get("name"), "KernelError", code)  # IPython may fall over it, we do not
            self.assertAlive()
        done = self.run_cell("import builtins; del builtins.float")  # which nothing but the answer's own JSON needs
        self.assertEqual(done.status, "ok", done.error)
        self.assertAlive()

    def test_namespace_emptied(self):
        for code in ("del In", "del Out", "del _oh, _ih, _dh", "get_ipython().user_ns.clear()", "globals().clear()", "%reset -f"):
            self.run_cell(code)
            self.assertAlive()
        self.run_cell("%reset -f")
        self.assertIn("runtime", self.run_cell("runtime").result)

    def test_signals(self):
        done = self.run_cell("import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])")
        self.assertEqual(done.status, "ok")
        self.kernel.begin("print('on', flush=True)\nwhile True: time.sleep(10)")
        done = self.kernel.finish(lambda event: event["event"] == "stdout" and self.kernel.interrupt())
        self.assertEqual(done.status, "interrupted")
        # Alarms end with their cell, also those that ring while it ends.
        self.run_cell("class Bell(Exception): pass\ndef ring(*_): raise Bell\nsignal.signal(signal.SIGALRM, ring); signal.setitimer(signal.ITIMER_REAL, 0.001)")
        names = [(self.run_cell("time.sleep(0.05)").error or {}).get("name") for _ in range(3)]
        self.assertLessEqual(set(names), {None, "Bell"})
        self.assertAlive()
        self.run_cell("signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)")
        for _ in range(50):
            self.run_cell("signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)\nprint(1)")
        self.assertAlive()

    def test_hostile_representations(self):
        self.run_cell("class B(BaseException): pass\nclass R:\n    def __init__(s, e): s.e = e\n    def __repr__(s): raise s.e\n    _repr_html_ = __repr__")
        for error in ("B()", "SystemExit(4)", "KeyboardInterrupt()", "ValueError()", "RecursionError()", "MemoryError()", "GeneratorExit()"):
            self.run_cell(f"R({error})")
            self.assertAlive()
        done = self.run_cell("class E(Exception):\n    def __str__(s): raise s\nraise E")
        self.assertEqual(done.error["name"], "E")
        done = self.run_cell("class M(type):\n    __name__ = property(lambda c: 1 / 0)\nclass F(BaseException, metaclass=M): pass\nraise F")
        self.assertIn(done.status, ("error", "interrupted"))
        self.assertAlive()

    def test_deep_and_wide(self):
        self.assertEqual(self.run_cell("def f(): f()\nf()").error["name"], "RecursionError")
        self.assertEqual(self.run_cell("x = 'a' * (1 << 60)").error["name"], "MemoryError")
        self.assertEqual(self.run_cell("(" * 500 + ")" * 500).status, "error")
        self.assertEqual(self.run_cell("x = []\nfor _ in range(100000): x = [x]\ndisplay({'application/json': x, 'text/plain': 'deep'}, raw=True)").status, "ok")
        self.assertAlive()

    def test_limits(self):
        kernel = self.start(limits={"as": 3 << 30, "nofile": 256})
        self.assertEqual(kernel.execute("x = bytearray(4 << 30)").error["name"], "MemoryError")
        self.assertAlive(kernel)
        self.assertEqual(kernel.execute("import resource; resource.getrlimit(resource.RLIMIT_NOFILE)[0]").result, "256")

    def test_forks(self):
        done = self.run_cell("import os\npid = os.fork()\nif pid: os.waitpid(pid, 0)\nprint('parent' if pid else 'child')\npid > 0")
        self.assertEqual((done.result, sorted(done.stdout.split())), ("True", ["child", "parent"]))
        self.assertAlive()
        done = self.run_cell("import multiprocessing as mp\nwith mp.get_context('fork').Pool(2) as p: r = p.map(abs, [-1, -2])\nr")
        self.assertEqual(done.result, "[1, 2]")
        code = ("if os.fork() == 0:\n    os.setsid()\n    if os.fork(): os._exit(0)\n    os.closerange(3, 600)\n    import time; time.sleep(60); os._exit(0)\n"
                "os.wait()[1]")
        self.assertEqual(self.run_cell(code).result, "0")
        # The daemon lives, and holds the pipes, but not the socket: that the worker has ended is seen.
        self.kernel.begin("os._exit(5)")
        self.assertRaises(driver.Gone, self.kernel.finish)
        self.assertEqual(self.zygote.death(self.kernel.pid)["code"], 5)

    def test_deaths_are_told_with_what_was_printed(self):
        for code, ending in (("os._exit(3)", {"code": 3, "signal": None}), ("os.kill(os.getpid(), 9)", {"code": None, "signal": 9}),
                             ("import ctypes; ctypes.string_at(0)", {"code": None, "signal": 11})):
            kernel = self.start()
            kernel.begin("import os; print('last words'); " + code)
            seen = []
            self.assertRaises(driver.Gone, kernel.finish, seen.append)
            self.assertEqual(seen, [{"event": "stdout", "data": b"last words\n"}])
            death = self.zygote.death(kernel.pid)
            self.assertEqual({key: death[key] for key in ending}, ending)

    def test_threads_left_running(self):
        self.run_cell("import threading, time\ndef go():\n    while True: time.sleep(0.001); print('t', end='')\nthreading.Thread(target=go, daemon=True).start()")
        self.assertEqual(self.run_cell("1 + 1").result, "2")
        self.kernel.begin("time.sleep(60)")
        self.kernel.interrupt()
        self.assertEqual(self.kernel.finish().status, "interrupted")
        self.assertEqual(self.run_cell("class B(BaseException): pass\nraise B('x')").error["value"], "x")

    def test_the_folder_goes_away(self):
        self.run_cell("import os, tempfile\nd = tempfile.mkdtemp(); os.chdir(d); os.rmdir(d)")
        self.assertAlive()

    def test_the_workers_socket_is_out_of_the_way(self):
        low = "[int(f) for f in os.listdir('/proc/self/fd') if 2 < int(f) < 600]"
        self.assertEqual(self.run_cell(f"import os; x = {low}; [f for f in x if os.path.exists(f'/proc/self/fd/{{f}}')]").result, "[]")
        self.assertEqual(self.run_cell("import subprocess\nsubprocess.run('ls /proc/self/fd', shell=True, capture_output=True, text=True, close_fds=False)"
                                       ".stdout.split()").result, "['0', '1', '2', '3']")

    def test_config(self):
        kernel = self.start(cwd="/tmp", env={"A": "1", "PATH": os.environ["PATH"]})
        self.assertEqual(kernel.execute("import os; os.getcwd(), os.environ['A'], 'HOME' in os.environ, os.popen('echo $A').read()").result,
                         "('/tmp', '1', False, '1\\n')")
        for wrong in ({"cwd": "/no/such"}, {"limits": {"nonsense": 1}}, {"token": "short"}):
            self.assertRaises(driver.Gone, self.start, **wrong)


if __name__ == "__main__":
    unittest.main()
