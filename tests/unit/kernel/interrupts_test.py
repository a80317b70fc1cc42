"""SIGINT stops what can be stopped, wherever it is, and never the worker."""
import ast
import random
import threading
import time
import unittest

import driver
from case import KernelCase


class Interrupts(KernelCase):
    def interrupted(self, code, wait="on"):
        """Interrupts the cell when it has printed `wait`."""
        self.kernel.begin(code)
        return self.kernel.finish(lambda event: event["event"] == "stdout" and wait.encode() in event["data"] and self.kernel.interrupt())

    def test_what_can_be_stopped(self):
        imports = "import os, sys, time, threading, subprocess, asyncio, re\n"
        start = imports + "print('on')\n"
        # It says so itself: Popen forgets a child if it is interrupted before it knows its number, here as everywhere.
        child = imports + "subprocess.run(['sh', '-c', 'sleep 0.3; echo on; exec sleep 60'])"
        for code in ("time.sleep(60)", "while True: pass", "!sleep 60", "!sleep 60; sleep 60", "%%bash\necho on; sleep 60; sleep 60", "await asyncio.sleep(60)",
                     "t = threading.Thread(target=time.sleep, args=(1,)); t.start(); t.join(60); time.sleep(60)", child,
                     "re.match('(a+)+b', 'a' * 40)", "x = !sleep 60", "runtime.shell.run('sleep 60')", "sum(1 for _ in iter(int, 1))",
                     "for _ in iter(int, 1):\n    try:\n        time.sleep(0.001)\n    finally:\n        pass"):
            done = self.interrupted(code if code.startswith("%%") or code is child else start + code)
            self.assertEqual((done.status, done.error["name"]), ("interrupted", "KeyboardInterrupt"), code)
            self.assertAlive()
        left = self.run_cell("subprocess.run(['ps', '-o', 'stat=,comm=', '--ppid', str(os.getpid())], capture_output=True, text=True).stdout.splitlines()").result
        self.assertFalse([line for line in ast.literal_eval(left) if "sleep" in line and not line.startswith("Z")], left)

    def test_an_interrupted_coroutine_does_not_go_on_later(self):
        self.run_cell("import asyncio; seen = []")
        done = self.interrupted("try:\n    print('on')\n    await asyncio.sleep(1)\n    seen.append('went on')\nfinally:\n    seen.append('finally')")
        self.assertEqual((done.status, done.error["name"]), ("interrupted", "KeyboardInterrupt"))
        self.assertEqual(self.run_cell("await asyncio.sleep(1.2); seen").result, "['finally']")

    def test_in_a_callback_of_the_shell(self):
        for event in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
            self.run_cell(f"import time\ndef slow(*_): print('on'); time.sleep(60 if armed else 0)\narmed = False\nget_ipython().events.register('{event}', slow)")
            self.run_cell("armed = True") if event.startswith("pre") else None
            done = self.interrupted("armed = True\ntime.sleep(0.01)")
            self.assertEqual((done.status, done.error["name"]), ("interrupted", "KeyboardInterrupt"), event)
            self.kernel = self.start()

    def test_one_that_is_swallowed_and_the_next(self):
        self.kernel.begin("import time\nfor word in 'abc':\n    try:\n        print(word)\n        time.sleep(60)\n    except KeyboardInterrupt: pass\n'through'")
        done = self.kernel.finish(lambda event: event["event"] == "stdout" and self.kernel.interrupt())
        self.assertEqual(done.result, "'through'")

    def test_one_that_a_finalizer_swallows_comes_again(self):
        for last in ("del slow", "slow = weakref.finalize(slow, print) and None", "a = [slow]; a.append(a); del slow, a; gc.collect()"):
            done = self.interrupted("import gc, time, weakref\nclass Slow:\n    def __del__(self):\n        print('on')\n        time.sleep(5)\n"
                                    f"slow = Slow()\n{last}\ntime.sleep(5)\n'through'")
            self.assertEqual((done.status, done.error and done.error["name"], done.stderr), ("interrupted", "KeyboardInterrupt", ""), last)
            self.assertAlive()

    def test_one_that_a_finalizer_swallows_is_for_its_own_cell(self):
        slow = "import time\nclass Slow:\n    def __del__(self):\n        print('on')\n        time.sleep(5)\nslow = Slow()\ndel slow"
        for _ in range(5):
            done = self.interrupted(slow)
            self.assertIn(done.status, ("ok", "interrupted"))
            self.assertEqual(self.run_cell("time.sleep(0.02); 'well'").result, "'well'")

    def test_what_a_finalizer_raises_by_itself_is_told(self):
        done = self.run_cell("import time\nclass Odd:\n    def __del__(self): raise KeyboardInterrupt('odd')\nodd = Odd()\ndel odd\ntime.sleep(0.05)\n'through'")
        self.assertEqual(done.result, "'through'")
        self.assertIn("odd", done.stderr)

    def test_a_hook_of_the_users_stays(self):
        self.run_cell("import sys\nsys.unraisablehook = lambda what: print('heard', what.exc_value)")
        bad = "class Bad:\n    def __del__(self): raise ValueError('bad')\nbad = Bad()\ndel bad"
        for _ in range(2):
            self.assertIn("heard bad", self.run_cell(bad).stdout)
        self.run_cell("del sys.unraisablehook")
        self.assertIn("ValueError: bad", self.run_cell(bad).stderr)

    def test_too_late_and_too_early(self):
        for _ in range(50):
            self.run_cell("1")
            self.kernel.interrupt()
        self.assertEqual(self.run_cell("import time; time.sleep(0.01); 5").result, "5")
        for _ in range(30):
            self.kernel.begin("import time; time.sleep(60)")
            self.kernel.interrupt()
            self.assertEqual(self.kernel.finish().status, "interrupted")
        self.assertAlive()

    def test_while_it_asks(self):
        self.kernel.begin("input('?')", allow_stdin=True)
        questions = []

        def react(event):
            if event["event"] == "input_request":
                questions.append(event["question"])
                self.kernel.interrupt()

        self.assertEqual(self.kernel.finish(react).status, "interrupted")
        # The answer comes after all: nobody waits for it any more.
        self.kernel.send({"answer": questions[0], "value": "late"})
        self.assertAlive()

    def test_while_it_tells_an_error(self):
        for name in ("__str__", "__repr__", "__class__"):
            stop = threading.Event()

            def disturb(stop=stop):
                while not stop.wait(0.1):
                    self.kernel.interrupt()

            thread = threading.Thread(target=disturb)
            thread.start()
            try:
                decorator = "@property\n    " if name == "__class__" else ""
                done = self.run_cell(f"class E(Exception):\n    {decorator}def {name}(s):\n        while True: pass\nraise E(1)")
            finally:
                stop.set()
                thread.join()
            self.assertIn(done.status, ("error", "interrupted"), name)
            self.assertAlive()

    def test_while_it_completes(self):
        self.run_cell("import time\nclass Slow:\n    def __dir__(self): print('on', flush=True); time.sleep(60)\ns = Slow()")
        done = self.kernel.request("complete", lambda event: event["event"] == "stdout" and self.kernel.interrupt(), code="s.")
        self.assertIn(done.status, ("interrupted", "ok"))
        self.assertAlive()


class Chaos(KernelCase):
    CELLS = ("1 + 1", "print('x' * 5000)", "import time; time.sleep(0.003)", "for i in range(3000): i * i", "display('d'); print('p')", "1/0", "!true",
             "import asyncio; await asyncio.sleep(0.002)", "raise KeyboardInterrupt", "import sys; sys.exit(1)", "len?", "x = [i for i in range(2000)]; x[-1]",
             "try:\n    for i in range(2000): pass\nfinally:\n    y = 1", "%%time\nsum(range(1000))")

    def test_interrupts_at_random_moments(self):
        chance = random.Random(20261125)
        stop = threading.Event()

        def disturb():
            while not stop.is_set():
                time.sleep(chance.random() * 0.006)
                try:
                    self.kernel.interrupt()
                except ProcessLookupError:
                    return

        thread = threading.Thread(target=disturb)
        thread.start()
        try:
            for number in range(300):
                done = self.kernel.execute(chance.choice(self.CELLS))
                self.assertIn(done.status, ("ok", "error", "interrupted"), number)
                self.assertNotEqual((done.error or {}).get("name"), "KernelError", done.error)
        finally:
            stop.set()
            thread.join()
        self.run_cell("pass")
        self.assertAlive()

    def test_kills_at_random_moments(self):
        chance = random.Random(20261126)
        for _ in range(20):
            kernel = self.start()
            timer = threading.Timer(chance.random() * 0.05, kernel.kill)
            timer.start()
            answered = 0
            with self.assertRaises(driver.Gone):
                for _ in range(100000):
                    answered += kernel.execute(chance.choice(self.CELLS)).done["id"] > 0
            timer.join()
            self.assertEqual(answered, kernel.serial - 1)
            self.assertEqual(self.zygote.death(kernel.pid)["signal"], 9)
        self.assertAlive()


if __name__ == "__main__":
    unittest.main()
