"""Starts the zygote: python3 start.py FD, where FD is its end of the order socket. Nothing of this folder stays on sys.path for users to import by chance."""
import os
import sys

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != here]
    sys.path.insert(0, here)
    from berth_kernel import zygote

    sys.path.remove(here)
    sys.argv = [""]
    zygote.main(int(sys.orig_argv[-1]))
