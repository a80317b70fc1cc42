"""What the tests of cryo share: a folder, a store and a reload into another worker, and the modules that read the container."""
import os
import shutil
import sys
import tempfile

import driver
from case import KernelCase

sys.path.append(os.path.dirname(driver.START))
from berth_kernel import cryo_file, cryo_reader  # noqa: E402, F401


class CryoCase(KernelCase):
    preload = ("numpy", "pandas")

    def setUp(self):
        super().setUp()
        self.folder = tempfile.mkdtemp(prefix="cryo-test-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.path = os.path.join(self.folder, "state.cryo")

    def store(self, kernel=None, **fields):
        done = (kernel or self.kernel).request("store", path=self.path, **fields).done
        self.assertEqual(done["error"], None)
        return {one["name"]: one for one in done["stored"]}, {one["name"]: one["reason"] for one in done["left_out"]}

    def reload(self, kernel=None, **fields):
        """Into another worker, unless one is named; answers it and what was said."""
        kernel = kernel or self.start()
        return kernel, kernel.request("reload", path=self.path, **fields).done

    def through(self, code, *checks, **fields):
        """What a cell makes is stored, and looked at after a reload: each check is True there."""
        done = self.run_cell(code)
        self.assertEqual(done.error, None)
        stored, left = self.store(**fields)
        other, done = self.reload()
        self.assertEqual((done["status"], done["failed"], done["whole"]), ("ok", [], True), done["error"])
        for check in checks:
            found = other.execute(check)
            self.assertEqual((found.error, found.result), (None, "True"), check)
        return stored, left, other

    def begin(self, request, kernel=None, **fields):
        kernel = kernel or self.kernel
        kernel.serial += 1
        kernel.send({"request": request, "id": kernel.serial, **fields})

    def files(self):
        return sorted(os.listdir(self.folder))


def write(path, records, header):
    """A file as anybody may write one: records of (meta, parts)."""
    with open(path, "wb") as file:
        writer = cryo_file.Writer(file.fileno(), header)
        for meta, parts in records:
            writer.record(meta, parts)
        writer.finish()
