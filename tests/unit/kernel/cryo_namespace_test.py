"""What of a namespace is stored, and what a reload makes of the one that is there: names, modes, folder, history, versions, missing packages."""
import unittest

from cryo_case import CryoCase, write


class Namespace(CryoCase):
    preload = ("numpy",)

    def test_include_and_exclude(self):
        self.run_cell("x1 = 1; x2 = 2; y = 3; _mine = 4; n = None")
        self.assertEqual(set(self.store()[0]), {"x1", "x2", "y", "_mine", "n"})
        self.assertEqual(set(self.store(include=["x*", "y"], exclude=["x2"])[0]), {"x1", "y"})
        stored, left = self.store(include=["y", "nope"])
        self.assertEqual((set(stored), left), ({"y"}, {"nope": "there is no variable of this name"}))
        self.store()
        _, done = self.reload(include=["x*", "zz"], exclude=["x1"])
        self.assertEqual((done["loaded"], done["failed"]), (["x2"], [{"name": "zz", "reason": "the file has no variable of this name"}]))
        self.assertEqual(self.kernel.request("store", path=self.path, include="x").error["name"], "BadRequest")
        self.assertEqual(self.reload(exclude=[1])[1]["error"]["name"], "BadRequest")

    def test_replace_and_merge(self):
        self.run_cell("a = 1; b = 2")
        self.store()
        for mode, result in (("merge", "(1, 2, 9, 7)"), ("replace", "(1, 2, None, None)")):
            kernel = self.start()
            kernel.execute("b = 8; c = 9; _own = 7")
            done = self.reload(kernel, mode=mode)[1]
            self.assertEqual((done["status"], sorted(done["loaded"]), done["mode"]), ("ok", ["a", "b"], mode))
            self.assertEqual(kernel.execute("a, b, globals().get('c'), globals().get('_own')").result, result)
            self.assertAlive(kernel)
        self.assertEqual(self.reload(mode="other")[1]["error"]["name"], "BadRequest")

    def test_again_into_the_same_kernel(self):
        self.run_cell("class A:\n    def m(self): return 1\na = A(); f = lambda: a.m()")
        self.store()
        self.run_cell("A.m = lambda self: 2\nclass A:\n    def m(self): return 3\na = A()")
        self.assertEqual(self.reload(self.kernel)[1]["failed"], [])
        self.assertEqual(self.run_cell("f(), type(a) is A, A().m()").result, "(1, True, 1)")

    def test_place_and_history(self):
        self.kernel = self.start(cwd=self.folder)
        self.run_cell("import sys, os\nos.mkdir('lib'); open('lib/own_module.py', 'w').write('class Thing:\\n    n = 5\\n')\n"
                      "sys.path.append(os.path.abspath('lib')); os.chdir('lib')")
        self.run_cell("import own_module as om; thing = om.Thing(); [1, 2]")
        self.run_cell("lst = _")
        self.store(history=True)
        other, done = self.reload()
        self.assertEqual(done["failed"], [])
        self.assertEqual(other.execute("om.Thing.n, type(thing) is om.Thing, os.getcwd() == os.path.dirname(om.__file__), "
                                       "In[2][:6], Out[2] is lst, _2, len(In)").result, "(5, True, True, 'import', True, [1, 2], 5)")
        self.assertEqual(other.execute("1").done["execution_count"], 5)
        self.run_cell("import shutil; os.chdir('/'); shutil.rmtree(os.path.dirname(om.__file__))")
        done = self.reload()[1]
        self.assertEqual({one["name"] for one in done["failed"]}, {"om", "thing"})
        self.assertIn("not there any more", done["notes"][0])

    def test_a_folder_that_is_gone_keeps_nothing_from_being_stored(self):
        self.run_cell(f"import os; os.mkdir({self.folder!r} + '/gone'); os.chdir({self.folder!r} + '/gone'); os.rmdir(os.getcwd()); x = 1")
        self.assertIn("x", self.store()[0])
        self.assertIn("not there any more", self.reload()[1]["notes"][0])

    def test_a_name_that_could_not_be_loaded_is_not_stored(self):
        self.run_cell("x = 1; __private = 6; exit = 4")
        stored, left = self.store()
        self.assertEqual(set(stored), {"x"})
        self.assertEqual(left, dict.fromkeys(("exit", "__private"), "the kernel has a use for this name: choose another"))
        self.assertEqual(self.reload(strict=True)[1]["loaded"], ["x"])
        self.assertEqual(self.store(include=["exit"])[1], {"exit": left["exit"]})

    def test_history_is_not_merged_in_silence(self):
        self.run_cell("1")
        self.store(history=True)
        self.assertEqual(self.reload(mode="merge")[1]["notes"], ["In and Out are not merged: this kernel keeps its own"])

    def test_another_python_and_other_versions(self):
        self.run_cell("from berth_kernel import cryo_made; cryo_made.MAGIC = b'else'; del cryo_made\ndef f(x):\n    def g(): return x + 1\n    return g\n"
                      "g = f(1)\nexec('def h(): pass')\nimport numpy; a = numpy.ones(3)")
        self.store()
        other, done = self.reload()
        self.assertEqual(([one["name"] for one in done["failed"]], done["mismatch"]), (["h"], []))
        self.assertIn("another Python", done["failed"][0]["reason"])
        self.assertEqual(other.execute("f(4)(), g()").result, "(5, 2)")
        write(self.path, [], {"python": "3.9.1", "versions": {"numpy": "0.1", "no_such_thing": "1"}, "variables": []})
        found = {one["what"]: (one["stored"], one["now"]) for one in self.reload()[1]["mismatch"]}
        self.assertEqual((found["python"][0], found["numpy"][0], found["no_such_thing"]), ("3.9.1", "0.1", ("1", None)))

    def test_without_the_packages(self):
        self.run_cell("import sys\nfor n in ('cloudpickle', 'dill'): sys.modules[n] = None\nfrom berth_kernel import cryo_file; cryo_file.zstandard = None\n"
                      "del n, sys, cryo_file\nclass A: pass\na = A(); f = lambda: 5; l = [f'{i}' for i in range(9999)]")
        done = self.kernel.request("store", path=self.path).done
        self.assertEqual({one["name"] for one in done["left_out"]}, {"A", "a"})
        self.assertIn("cloudpickle", done["left_out"][0]["reason"])
        self.assertEqual([note.split(":")[0] for note in done["notes"]], ["the package cloudpickle is missing", "the package zstandard is missing"])
        other, done = self.reload()
        self.assertEqual((done["failed"], other.execute("f(), l[77]").result), ([], "(5, '77')"))
        self.run_cell("del A, a")  # what is compressed, or dill's, and cannot be read
        self.start().request("store", path=self.path)
        kernel = self.start()
        kernel.execute("big = [f'{i}' for i in range(9999)]; small = 1")
        self.store(kernel)
        done = self.reload(self.kernel)[1]
        self.assertEqual((done["loaded"], [one["name"] for one in done["failed"]]), (["small"], ["big"]))
        self.assertIn("zstandard", done["failed"][0]["reason"])

    def test_what_dill_alone_can(self):
        code = "import weakref\nclass A: pass\nclass K: pass\na = A(); r = weakref.ref(K)"
        stored, left, other = self.through(code, "type(a) is A")
        if not left:
            self.assertEqual((stored["r"]["how"], other.execute("type(r).__name__").result), ("dill", "'ReferenceType'"))

    def test_look_and_progress(self):
        self.run_cell("import time\nclass Slow:\n    def __reduce__(self): time.sleep(0.4); return Slow, ()\n"
                      "    def __init__(self): self.ran = globals().setdefault('ran', [])\na, b, c = Slow(), Slow(), Slow(); del ran")
        done = self.kernel.request("store", path=self.path)
        self.assertTrue(done.of("progress") and all(0 <= one["done"] <= one["of"] for one in done.of("progress")))
        other = self.start()
        done = other.request("cryo_look", path=self.path).done
        self.assertEqual((done["whole"], done["damaged"], {row[0] for row in done["header"]["variables"]}), (True, [], {"time", "Slow", "a", "b", "c"}))
        self.assertEqual(other.execute("sorted(n for n in globals() if n in ('a', 'Slow', 'ran'))").result, "[]")


if __name__ == "__main__":
    unittest.main()
