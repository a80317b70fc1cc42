"""Cells that take away what the worker stands on: limits, hooks of the interpreter, the shell's parts, files of the event loop, streams."""
import unittest

import driver
from case import KernelCase


class Hostile(KernelCase):
    def break_and_look(self, *cells, config=None):
        for code in cells:
            with self.subTest(code):
                self.kernel = self.start(**(config or {}))
                self.kernel.execute(code)
                self.assertAlive()

    def test_the_interpreter(self):
        self.break_and_look("import sys; sys.modules.clear()", "import sys; sys.path.clear(); sys.meta_path.clear(); sys.path_hooks.clear()",
                            "import sys; sys.settrace(lambda *a: 1 / 0)", "import sys\ndef t(*_): raise SystemExit\nsys.setprofile(t)",
                            "import sys; sys.setrecursionlimit(70)", "import sys; sys.displayhook = sys.excepthook = sys.unraisablehook = None",
                            "class D:\n    def __del__(s): raise SystemExit\nd = D(); d.d = d; del d", "import gc, warnings; gc.disable(); warnings.warn = None",
                            "import builtins; builtins.__import__ = None", "__builtins__ = {}", "__builtins__ = 5", "import time; time.monotonic = time.sleep = None",
                            "import os; os.listdir = os.getpid = os.close = os.fork = os.pidfd_open = None")
        self.run_cell("import sys; sys.setrecursionlimit(5000)")
        self.assertEqual(self.kernel.execute("sys.getrecursionlimit()").result, "5000")

    def test_limits_of_ones_own(self):
        self.break_and_look("import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))", "import resource; resource.setrlimit(resource.RLIMIT_AS, (1, 1))",
                            "import resource, os; resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3)); os.close(1)")
        self.kernel = self.start()
        self.run_cell("import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))")
        self.kernel.begin("while True: pass")
        self.kernel.interrupt()
        self.assertEqual(self.kernel.finish().status, "interrupted")

    def test_the_shells_parts(self):
        self.break_and_look("get_ipython().history_manager = None", "del get_ipython().user_ns", "get_ipython().display_pub = get_ipython().displayhook = None",
                            "get_ipython().user_ns = {}", "get_ipython().payload_manager = None", "get_ipython().events = get_ipython().compile = None")
        for code in ("get_ipython().run_cell = None", "import builtins; builtins.compile = builtins.exec = None"):
            self.kernel = self.start()
            self.run_cell(code)
            self.run_cell("1")  # this one finds it broken, and says so
            self.assertAlive()

    def test_all_descriptors(self):
        for code in ("os.closerange(3, 65536)", "os.closerange(0, 65536)", "threading.Thread(target=lambda: (time.sleep(0.1), os.closerange(3, 65536))).start()"):
            kernel = self.start()
            kernel.begin("import os, threading, time; " + code)
            with self.assertRaises(driver.Gone):
                kernel.finish()
                kernel.execute("time.sleep(0.5)")
            self.assertIn(self.zygote.death(kernel.pid)["code"], (71, 72), code)
        self.assertAlive()

    def test_standard_input(self):
        for code in ("import os; os.close(0)", "import os; os.dup2(os.open('/etc/passwd', os.O_RDONLY), 0)", "import sys; sys.stdin.close()", "import sys; sys.stdin = None"):
            self.run_cell(code)
            self.assertEqual(self.run_cell("import sys; open('/etc/passwd').fileno() > 2, sys.stdin.read()").result, "(True, '')", code)
            self.assertEqual(self.run_cell("!cat").stdout, "", code)

    def test_streams_that_were_altered(self):
        for code in ("sys.stdout.write = lambda s: 1 / 0", "sys.stdout.buffer.write = None", "sys.stdout.buffer.raw.write = None",
                     "sys.stdout.reconfigure(newline='\\r\\n', errors='strict', write_through=True, line_buffering=False)"):
            self.run_cell("import sys; " + code)
            self.assertEqual(self.run_cell("print('\\udc80')\nprint(2)").stdout, "\\udc80\n2\n", code)

    def test_the_event_loop(self):
        self.run_cell("import asyncio, os; await asyncio.sleep(0)")
        self.run_cell("os.closerange(3, 256); f = [open('/etc/passwd') for _ in range(3)]")
        self.assertEqual(self.run_cell("await asyncio.sleep(0, 5)").result, "5")
        self.assertEqual(self.run_cell("len(f[0].read()) > 10, f[2].closed").result, "(True, False)")
        self.run_cell("class P(asyncio.DefaultEventLoopPolicy):\n    def new_event_loop(s): 1 / 0\n    set_event_loop = new_event_loop\nasyncio.set_event_loop_policy(P())")
        self.assertEqual(self.run_cell("await asyncio.sleep(0, 6)").result, "6")
        self.assertEqual(self.run_cell("asyncio.get_running_loop().stop(); await asyncio.sleep(9)").error["name"], "RuntimeError")
        point, result = self.kernel.freeze(force=True)
        self.addCleanup(point.close)
        self.assertEqual(self.start(point).execute("await asyncio.sleep(0, 7)").result, "7")

    def test_signal_handlers(self):
        self.run_cell("import signal, os\ndef h(*_): raise ZeroDivisionError\nfor n in (signal.SIGCHLD, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1): "
                      "signal.signal(n, h)\nos.system('true')")
        self.assertEqual(self.run_cell("!true\n[signal.getsignal(n) is signal.SIG_DFL for n in (signal.SIGCHLD, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM)]").result,
                         "[True, True, True, True]")
        self.assertEqual(self.run_cell("os.kill(os.getpid(), signal.SIGUSR1); 1").error["name"], "ZeroDivisionError")
        self.assertEqual(self.run_cell("signal.signal(signal.SIGCHLD, signal.SIG_IGN)").status, "ok")
        self.assertEqual(self.run_cell("!exit 3\n_exit_code").result, "3")
        for number in ("SIGHUP", "SIGQUIT", "SIGTERM"):
            kernel = self.start()
            kernel.execute(f"import signal, os; signal.signal(signal.{number}, signal.SIG_IGN)")
            kernel.begin(f"os.kill(os.getpid(), signal.{number}); import time; time.sleep(60)")
            self.assertRaises(driver.Gone, kernel.finish)

    def test_no_line_twice(self):
        """Exceptions out of signal handlers in the midst of printing, to a reader that is slower."""
        done = self.run_cell("import signal\nclass Stop(Exception): pass\ndef ring(*_):\n    global busy, stopped\n    if busy:\n        busy = False\n"
                             "        stopped += 1\n        raise Stop\nbusy = False\nn = stopped = 0\nsignal.signal(signal.SIGALRM, ring)\n"
                             "signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)\nwhile n < 3000:\n    n += 1\n    try:\n        busy = True\n"
                             "        print(f'<{n}>', 'x' * 9000)\n        busy = False\n    except Stop: pass\nsignal.setitimer(signal.ITIMER_REAL, 0)\nstopped > 0")
        self.assertEqual(done.result, "True", done.error)
        seen = [part.split(">")[0] for part in done.stdout.split("<")[1:]]
        self.assertEqual(len(seen), len(set(seen)))
        self.assertGreater(len(seen), 2000)

    def test_a_pipe_that_does_not_wait(self):
        done = self.run_cell("import os; os.set_blocking(1, False)\nfor n in range(300): print(f'<{n}>', 'x' * 9000)")
        self.assertEqual([part.split(">")[0] for part in done.stdout.split("<")[1:]], [str(n) for n in range(300)])

    def test_threads_that_go_on(self):
        self.run_cell("import threading, time\ndef go():\n    for n in range(100): display(n); print(n); time.sleep(0.002)\nt = threading.Thread(target=go); t.start()")
        self.run_cell("1")
        late = self.run_cell("t.join()\n'end'")
        self.assertEqual(late.result, "'end'")
        code = ("def go(n):\n    for i in range(100): display('x' * 20000); print(n, i)\nts = [threading.Thread(target=go, args=(n,)) for n in range(6)]\n"
                "[t.start() for t in ts]; [t.join() for t in ts]; None")
        done = self.run_cell(code)
        self.assertEqual((len(done.of("display")), len(done.stdout.splitlines())), (600, 600))
        kernel = self.start()
        kernel.execute("import threading; threading.Thread(target=threading.Event().wait).start()")
        self.assertEqual(kernel.request("shutdown").status, "ok")
        self.assertEqual(self.zygote.death(kernel.pid)["code"], 0)

    def test_nothing_of_the_warm_up_is_seen(self):
        self.assertIn("No traceback", self.run_cell("%debug").stderr)
        self.assertEqual(self.run_cell("import sys; hasattr(sys, 'last_value'), __name__, __spec__").result, "(False, '__main__', None)")
        self.run_cell("%reset -f")
        self.assertEqual(self.run_cell("import multiprocessing as m\nwith m.get_context('spawn').Pool(1) as p: r = p.map(abs, [-1])\nr").result, "[1]")


if __name__ == "__main__":
    unittest.main()
