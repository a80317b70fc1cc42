"""What the tests of the kernel's Python side share: one zygote for all of them, a fresh worker for each test."""
import atexit
import unittest

import driver

_zygotes = {}


def zygote(*preload):
    if preload not in _zygotes:
        _zygotes[preload] = driver.Zygote(preload=list(preload))
        atexit.register(_zygotes[preload].close)
    return _zygotes[preload]


class KernelCase(unittest.TestCase):
    preload = ()
    maxDiff = None

    def setUp(self):
        self.zygote = zygote(*self.preload)
        self.kernel = self.start()

    def start(self, orders=None, **config):
        kernel = (orders or self.zygote).fork(**config)
        self.addCleanup(kernel.close)
        return kernel

    def run_cell(self, code, **fields):
        return self.kernel.execute(code, **fields)

    def assertAlive(self, kernel=None):
        done = (kernel or self.kernel).execute("20 + 22")
        self.assertEqual((done.status, done.result), ("ok", "42"), done.error)
        self.assertEqual((kernel or self.kernel).execute("print('here')").stdout, "here\n")
