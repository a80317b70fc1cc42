#!/usr/bin/python3
"""Runs the tests of the kernel plugin's Python side: run.py [NAME …]; 77 and the reason where they cannot run."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import driver  # noqa: E402

if __name__ == "__main__":
    reason = driver.why_not()
    if reason:
        print("SKIP: " + reason)
        sys.exit(77)
    loader = unittest.defaultTestLoader
    names = sys.argv[1:]
    suite = loader.loadTestsFromNames(names) if names else loader.discover(os.path.dirname(os.path.abspath(__file__)), "*_test.py")
    sys.exit(not unittest.TextTestRunner(verbosity=1).run(suite).wasSuccessful())
