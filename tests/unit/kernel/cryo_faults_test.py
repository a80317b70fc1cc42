"""A store that is killed, interrupted, or finds no room; files that were cut and broken; the user's code in the midst of it. What was stored before
is there afterwards, and so is the namespace."""
import ast
import os
import pickle
import random
import time
import unittest

import driver
from cryo_case import CryoCase, write

ENCLOSE = """
import ctypes, os
_c, _user = ctypes.CDLL(None, use_errno=True), os.geteuid()
def _done(code):
    if code:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
_done(_c.unshare(0x20000 | (0x10000000 if _user else 0)))
if _user:
    open("/proc/self/uid_map", "w").write(f"0 {{_user}} 1")
_done(_c.mount(b"none", b"/", None, 0x4000 | 1 << 18, None))
_done(_c.mount(b"none", {folder!r}.encode(), b"tmpfs", 0, b"size=300k"))
"""


class Faults(CryoCase):
    preload = ("numpy",)

    def stored_state(self):
        """One that must survive whatever comes next."""
        kernel = self.start()
        kernel.execute("state = 'old'")
        self.store(kernel)

    def assertOld(self):
        self.assertEqual(self.reload()[0].execute("state").result, "'old'")
        self.assertEqual([name for name in self.files() if "draft" in name], [])

    def test_killed_at_any_time(self):
        numbers, seen = random.Random(5), set()
        self.run_cell("data, serial = [0] * 1000, 0")
        self.store()
        for serial in range(1, 16):
            kernel = self.start()
            kernel.execute(f"serial = {serial}; data = [serial] * 200_000; blocks = [bytes([serial]) * 1_000_000 for _ in range(20)]")
            self.begin("store", kernel, path=self.path)
            time.sleep(numbers.random() * 0.15)
            kernel.kill()
            other, done = self.reload()
            self.assertEqual((done["status"], done["failed"], done["whole"]), ("ok", [], True))
            found = other.execute("serial if set(data) == {serial} and set(map(len, globals().get('blocks', []))) <= {1_000_000} else 'mixed'").result
            self.assertIn(found, {str(one) for one in range(serial + 1)})
            seen.add(found)
        self.store()
        self.assertEqual(self.files(), ["state.cryo"])  # what the killed left behind is gone

    def test_no_room(self):
        self.stored_state()
        kernel = self.start(limits={"fsize": 200_000})
        kernel.execute("import os; big = os.urandom(1_000_000)")
        error = kernel.request("store", path=self.path).error
        self.assertEqual(error["name"], "DiskFull")
        self.assertIn("what was stored there before is still there", error["value"])
        self.assertAlive(kernel)
        self.assertOld()

    def test_a_full_disk_and_one_that_is_read_only(self):
        kernel = self.start()
        done = kernel.execute(ENCLOSE.format(folder=self.folder))
        if done.error:
            self.skipTest("no mounts here: " + done.error["value"])
        kernel.execute("a = 1")
        self.store(kernel)
        kernel.execute("big = os.urandom(1_000_000)")
        error = kernel.request("store", path=self.path).error
        self.assertEqual(error["name"], "DiskFull")
        self.assertIn(f"the disk is full at {os.path.realpath(self.folder)}", error["value"])
        self.assertEqual(kernel.execute(f"os.listdir({self.folder!r})").result, "['state.cryo']")
        self.assertEqual(kernel.execute(f"_c.mount(b'none', {self.folder!r}.encode(), None, 32 | 1, None)").result, "0")
        error = kernel.request("store", path=self.path, include=["a"]).error
        self.assertEqual(error["name"], "CannotWrite")
        self.assertIn("read-only", error["value"])
        self.assertEqual(self.reload(kernel)[1]["loaded"][-1], "a")

    def test_places_that_are_none(self):
        os.mkfifo(os.path.join(self.folder, "fifo"))
        os.symlink(self.path, os.path.join(self.folder, "link"))
        for path in (None, "", "a\0b", self.folder, self.folder + "/fifo", "/dev/null", self.folder + "/no/such", self.folder + "/" + "x" * 300):
            self.assertEqual(self.kernel.request("store", path=path).error["name"], "BadPath", path)
        for path in (None, "", "a\0b", self.folder, self.folder + "/fifo", "/dev/null", self.path):
            for request in ("reload", "cryo_look"):
                self.assertEqual(self.kernel.request(request, path=path).error["name"], "NoSuchFile", path)
        self.run_cell("a = 1")
        self.assertEqual(self.kernel.request("store", path=self.folder + "/link").done["path"], os.path.realpath(self.path))
        os.chmod(self.path, 0o640)
        self.store()
        self.assertEqual((os.stat(self.path).st_mode & 0o777, os.path.islink(self.folder + "/link")), (0o640, True))

    def test_interrupted(self):
        self.stored_state()
        self.run_cell("import time\nclass Never:\n    def __reduce__(self): print('begun'); time.sleep(60); return Never, ()\nstate = 'new'; never = Never()")
        self.begin("store", path=self.path)
        done = self.kernel.finish(lambda event: event["event"] == "stdout" and self.kernel.interrupt())
        self.assertEqual(done.status, "interrupted")
        self.assertOld()
        self.run_cell("class Never:\n    def __getstate__(self): return 1\n    def __setstate__(self, s): print('begun'); time.sleep(60)\nnever = Never()")
        self.store()
        for mode in ("replace", "merge"):
            kernel = self.start()
            kernel.execute("state = 'mine'; other = 1")
            self.begin("reload", kernel, path=self.path, mode=mode)
            done = kernel.finish(lambda event: event["event"] == "stdout" and kernel.interrupt())
            self.assertEqual(done.status, "interrupted")
            self.assertEqual(kernel.execute("state, other, 'never' in globals(), 'time' in globals()").result, "('mine', 1, False, False)")
        self.assertAlive()

    def test_user_code_that_ends_or_forks(self):
        self.stored_state()
        self.run_cell("import os\nclass Ends:\n    def __reduce__(self): os._exit(3)\ne = Ends()")
        self.begin("store", path=self.path)
        self.assertRaises(driver.Gone, self.kernel.finish)
        self.kernel = self.start()
        self.run_cell("import os\nclass Forks:\n    def __reduce__(self):\n        if os.fork() == 0: self.child = True\n        return Forks, ()\n"
                      "f = Forks(); state = 'old'")
        self.store()
        self.assertOld()
        self.run_cell("class Closes:\n    def __reduce__(self): os.closerange(3, 256); return Closes, ()\nc = Closes()")
        self.assertEqual(self.kernel.request("store", path=self.path).error["name"], "CannotWrite")
        self.assertAlive()
        self.assertEqual(self.reload()[0].execute("state").result, "'old'")

    def test_two_at_once(self):
        self.run_cell("big = list(range(300_000)); a = 1")
        self.store()
        kernels = [self.start() for _ in range(3)]
        for kernel in kernels:
            self.begin("reload", kernel, path=self.path)
        self.begin("store", path=self.path)
        self.assertEqual(self.kernel.finish().status, "ok")
        for kernel in kernels:
            self.assertEqual(kernel.finish().done["failed"], [])
            self.assertEqual(kernel.execute("sum(big)").result, str(sum(range(300_000))))
        writers = [self.start() for _ in range(3)]
        for number, kernel in enumerate(writers):
            kernel.execute(f"who = {number}; data = [{number}] * 100_000")
            self.begin("store", kernel, path=self.path)
        for kernel in writers:
            self.assertEqual(kernel.finish().done["error"], None)
        self.assertEqual(self.reload()[0].execute("set(data) == {who}").result, "True")
        self.assertEqual(self.files(), ["state.cryo"])

    def test_cut_at_any_byte(self):
        self.run_cell("def f(): return 5\na = [1]; b = {'x': a}; c = 'c'; import os as o")
        self.store()
        with open(self.path, "rb") as file:
            whole = file.read()
        kernel = self.start()
        expected = {"f": "5", "a": "[1]", "b": "{'x': [1]}", "c": "'c'", "o": "True"}
        counts = set()
        for cut in [*range(0, len(whole), 37), len(whole) - 1]:
            with open(self.path, "wb") as file:
                file.write(whole[:cut])
            kernel.execute("%reset -f")
            done = self.reload(kernel)[1]
            if done["status"] == "error":
                self.assertEqual(done["error"]["name"], "NotACryoFile", cut)
                continue
            self.assertFalse(done["whole"], cut)
            self.assertEqual(set(done["loaded"]) | {one["name"] for one in done["failed"]}, set(expected), cut)
            look = {"f": "f()", "o": "o is __import__('os')"}
            found = kernel.execute("[" + ", ".join(f"repr({look.get(name, name)})" for name in done["loaded"]) + "]").result
            self.assertEqual(ast.literal_eval(found), [expected[name] for name in done["loaded"]], cut)
            counts.add(len(done["loaded"]))
            self.assertEqual(self.reload(kernel, strict=True)[1]["error"]["name"], "Damaged")
        self.assertGreater(len(counts), 3)
        self.assertAlive(kernel)

    def test_a_flipped_bit_costs_one_record(self):
        self.run_cell("a, b, c = [1, 'aaaa'], [2, 'bbbb'], [3, 'cccc']")
        self.store()
        with open(self.path, "rb") as file:
            whole = bytearray(file.read())
        whole[whole.index(b"bbbb")] ^= 4
        with open(self.path, "wb") as file:
            file.write(whole)
        kernel = self.start()
        kernel.execute("b = 'mine'")
        done = self.reload(kernel, mode="merge")[1]
        self.assertEqual((done["loaded"], done["failed"]), (["a", "c"], [{"name": "b", "reason": "its checksum is another"}]))
        self.assertEqual(kernel.execute("a[0], b, c[0]").result, "(1, 'mine', 3)")
        kernel.execute("a = 0")
        self.assertEqual(self.reload(kernel, mode="merge", strict=True)[1]["error"]["name"], "Damaged")
        self.assertEqual(kernel.execute("a, b").result, "(0, 'mine')")

    def test_files_of_others(self):
        """Their pickles run, as is said; whatever these do, the kernel answers and goes on."""
        good, bad = pickle.dumps(7), {"raises": b"cbuiltins\nexec\n(V1/0\ntR.", "leaves": b"csys\nexit\n(I3\ntR.", "cut": pickle.dumps(7)[:-1]}
        names = (["good"], ["a b"], ["get_ipython"], ["__builtins__"], [5, None], [], ["two", "one"], ["last"])
        records = [({"kind": "values", "names": one}, [good]) for one in names] + [({"kind": "values", "names": [one]}, [data]) for one, data in bad.items()]
        records += [({"kind": "new"}, []), ({"kind": "values", "names": ["empty"]}, []), ({"names": "x"}, [b""]), ({"kind": ["values"]}, [good]),
                    ({"kind": "modules", "names": ["m"], "modules": [5]}, []), ({"kind": "sources"}, [b"[" * 100_000]), ({"kind": "classes"}, [good]),
                    ({"kind": "history"}, [b"{}"])]
        write(self.path, records, {"variables": {"a": 5}, "cwd": 5, "execution_count": "x", "path": 7, "versions": []})
        kernel, done = self.reload()
        self.assertEqual((done["status"], sorted(done["loaded"])), ("ok", ["good", "last"]), done["error"])
        self.assertLessEqual({"raises", "leaves", "cut", "a b", "get_ipython", "__builtins__", "two", "empty", "m"}, {one["name"] for one in done["failed"]})
        self.assertEqual(kernel.execute("good, last").result, "(7, 7)")
        self.assertAlive(kernel)

    def test_more_than_there_is_memory(self):
        self.run_cell("zeros = bytes(300_000_000); small = 1")
        self.store()
        self.assertLess(os.path.getsize(self.path), 1_000_000)
        kernel = self.start(limits={"data": 200_000_000})
        done = self.reload(kernel)[1]
        self.assertEqual(done["loaded"], ["small"])
        self.assertIn("memory left", done["failed"][0]["reason"])
        self.assertAlive(kernel)

    def test_big_arrays_are_not_copied(self):
        self.run_cell("import numpy as np, resource\na = np.random.default_rng(1).random(25_000_000)")
        before = int(self.run_cell("resource.getrusage(resource.RUSAGE_SELF).ru_maxrss").result)
        self.store()
        after = int(self.run_cell("resource.getrusage(resource.RUSAGE_SELF).ru_maxrss").result)
        self.assertLess(after - before, 60_000)  # of 200 MB
        for mapped in (False, True):
            kernel, done = self.reload(map=mapped)
            self.assertEqual(done["failed"], [])
            look = "import numpy as np\na[5] = 3; a.flags.writeable, a[5], bool((a[6:] == np.random.default_rng(1).random(25_000_000)[6:]).all())"
            self.assertEqual(kernel.execute(look).result, "(True, 3.0, True)")
            self.assertEqual("state.cryo" in kernel.execute("open('/proc/self/maps').read()").result, mapped)
        self.assertNotEqual(self.reload()[0].execute("a[5]").result, "3.0")


if __name__ == "__main__":
    unittest.main()
