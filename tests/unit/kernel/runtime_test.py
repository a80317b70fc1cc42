"""The object `runtime` of the user's namespace."""
import unittest

from case import KernelCase


class Runtime(KernelCase):
    def test_shell(self):
        for code, result in (("runtime.shell.run('cd /usr; export A=\"x y\"; echo out; echo err >&2; exit 3')", "<'cd /usr; export A=\"x y\"; echo out; echo err >&2; exit 3': 3>"),
                             ("r = _; r.stdout, r.stderr, r.returncode, r.ok", "('out\\n', 'err\\n', 3, False)"),
                             ("runtime.shell.run('pwd; echo $A').stdout", "'/usr\\nx y\\n'"), ("runtime.shell.cd('../tmp'), runtime.shell.cwd", "('/tmp', '/tmp')"),
                             ("runtime.shell.env('B', 1), runtime.shell.run('echo $B').stdout, runtime.shell.env('B')", "('1', '1\\n', '1')"),
                             ("runtime.shell.run('cat', input='in').stdout", "'in'"), ("runtime.shell.run('sleep 50 & echo x').stdout", "'x\\n'"),
                             ("r = runtime.shell.run('head -c 1200000 /dev/zero'); len(r.stdout), r.truncated", "(1048576, True)"),
                             ("r = runtime.shell.run('wc -c', input='x' * 3000000); r.stdout.strip()", "'3000000'"), ("import os; os.getcwd() == runtime.shell.cwd, runtime.shell.cwd", "(False, '/tmp')")):
            done = self.run_cell(code)
            self.assertEqual((done.error, done.result), (None, result), code)
        self.assertEqual(self.run_cell("runtime.shell.cd('/no/such')").error["name"], "NotADirectoryError")
        self.assertEqual(self.run_cell("runtime.shell.run('exit 2', check=True)").error["name"], "CalledProcessError")
        self.assertEqual(self.run_cell("runtime.shell.run('sleep 50', timeout=0.1)").error["name"], "TimeoutExpired")

    def test_the_sessions_shell(self):
        asked = []
        ended = {"status": "failed", "stdout": "out", "stderr": "err", "returncode": 3, "timing_ms": 1500, "timed_out": False, "truncated": True, "cwd": "/"}
        problem = {"status": 404, "code": "no_such_folder", "message": "cd: /no/such: No such file", "hint": ""}

        def answer(operation, value):
            self.kernel.shell[operation] = lambda given: asked.append((operation, given)) or value

        answer("shell.run", {"ok": True, "value": ended})
        answer("shell.cwd", {"ok": True, "value": {"cwd": "/usr"}})
        answer("shell.cd", {"ok": False, "error": problem})
        answer("shell.env", {"ok": True, "value": {"key": "A", "value": "1"}})
        answer("shell.variables", {"ok": True, "value": {"env": {"A": "1"}}})
        for code, result, question in (
                ("r = runtime.shell.run('ls', timeout=5, input='in'); r.stdout, r.stderr, r.returncode, r.truncated, r.seconds, r.ok", "('out', 'err', 3, True, 1.5, False)",
                 ("shell.run", {"command": "ls", "timeout": 5, "stdin": "in"})),
                ("runtime.shell.run('ls').reason", "''", ("shell.run", {"command": "ls", "timeout": 1800})),
                ("runtime.shell.cwd", "'/usr'", ("shell.cwd", {})), ("runtime.shell.env('A', 1)", "'1'", ("shell.env", {"key": "A", "value": "1"})),
                ("runtime.shell.env('A'), runtime.shell.env('B'), runtime.shell.env()", "('1', None, {'A': '1'})", ("shell.variables", {}))):
            done = self.run_cell(code)
            self.assertEqual((done.error, done.result, asked[-1]), (None, result, question), code)
        for code, error in (("runtime.shell.cd('/no/such')", "NotADirectoryError"), ("runtime.shell.run('ls', check=True)", "CalledProcessError"),
                            ("runtime.shell.run('cat', input=b'\\xff')", "UnicodeDecodeError")):
            self.assertEqual(self.run_cell(code).error["name"], error, code)
        answer("shell.run", {"ok": True, "value": {**ended, "status": "timeout", "timed_out": True, "returncode": -15}})
        self.assertEqual(self.run_cell("runtime.shell.run('sleep 9', timeout=1)").error["name"], "TimeoutExpired")
        # One that is refused is no reason to run it elsewhere.
        answer("shell.run", {"ok": False, "error": {"status": 403, "code": "denied", "message": "not now", "hint": ""}})
        self.assertEqual(self.run_cell("runtime.shell.run('ls')").error["name"], "OperationError")

    def test_an_interrupt_withdraws_the_question(self):
        code = "try: runtime.call('slow')\nexcept KeyboardInterrupt: print('broken off')\n6 * 7"
        self.kernel.begin(code)
        done = self.kernel.finish(lambda event: event["event"] == "call" and self.kernel.interrupt())
        self.assertEqual((done.status, done.result, done.stdout), ("ok", "42", "broken off\n"))
        self.assertEqual([one["question"] for one in done.of("withdrawn")], [done.of("call")[0]["question"]])
        self.assertAlive()

    def test_call(self):
        asked = []

        def react(event):
            if event["event"] == "call":
                asked.append((event["operation"], event["input"]))
                good = event["operation"] == "good"
                problem = {"status": 404, "code": "not_found", "message": "there is none", "hint": "look first"}
                self.kernel.send({"answer": event["question"], "ok": good, **({"value": {"n": 1}} if good else {"error": problem})})

        self.assertEqual(self.kernel.execute("runtime.call('good', path='/', operation=2)['n']", react).result, "1")
        self.assertEqual(asked, [("good", {"path": "/", "operation": 2})])
        done = self.kernel.execute("runtime.call('bad')", react)
        self.assertEqual((done.error["name"], done.error["value"]), ("OperationError", "there is none (not_found); look first"))
        done = self.kernel.execute("try: runtime.call('bad')\nexcept runtime.OperationError as e: x = e.status, e.code, e.hint\nx", react)
        self.assertEqual(done.result, "(404, 'not_found', 'look first')")
        done = self.kernel.execute("import threading\nerrors = []\ndef go():\n    try: runtime.call('good')\n    except RuntimeError as e: errors.append(str(e))\n"
                                   "t = threading.Thread(target=go); t.start(); t.join(); errors")
        self.assertIn("main thread", done.result)

    def test_resources(self):
        self.run_cell("made, ended, told = [], [], []\nclass Thing:\n    good = True\n    def close(self): ended.append(self)\n"
                      "def make():\n    made.append(Thing())\n    return made[-1]\nh = runtime.resource(make, validate=lambda t: t.good)\nh.on_connect(told.append)")
        self.assertEqual(self.run_cell("repr(h), h.get() is h.get(), len(made), told == made, h.validate()").result,
                         "('<resource make: not connected>', True, 1, True, True)")
        self.assertEqual(self.run_cell("h.get().good = False; h.validate(), h.retry(lambda t: len(made))").result, "(False, 2)")
        self.assertEqual(self.run_cell("tries = []\ndef work(t):\n    tries.append(t)\n    if len(tries) < 3: raise OSError('x')\n    return 'done'\n"
                                       "h.retry(work), len(set(tries))").result, "('done', 3)")
        self.assertEqual(self.run_cell("h.retry(lambda t: 1 / 0, attempts=2)").error["name"], "ZeroDivisionError")
        self.assertEqual(self.run_cell("t = h.get(); h.teardown(); ended == [t], h.validate()").result, "(True, False)")
        self.assertEqual(self.run_cell("n = len(made); h.invalidate(); h.get(); len(made) - n").result, "1")
        point, _ = self.kernel.freeze()
        self.addCleanup(point.close)
        other = self.start(point)
        self.assertEqual(other.execute("old = h._value; before = len(ended); repr(h), h.get() is old, h.get() is h.get(), len(ended) - before").result,
                         "('<resource make: not connected>', False, True, 0)")
        self.assertEqual(self.run_cell("h.get() is made[-1]").result, "True")
        self.assertEqual(self.run_cell("runtime.resource(5)").error["name"], "TypeError")


if __name__ == "__main__":
    unittest.main()
