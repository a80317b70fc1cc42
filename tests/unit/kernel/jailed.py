"""Runs with a jail's ticket in BERTH_TICKET (see jail-run): a zygote outside, its workers and their checkpoints inside. usage: jailed.py LIBRARY"""
import os
import sys

sys.dont_write_bytecode = True
import driver  # noqa: E402


def main(library):
    ticket = [int(one) for one in os.environ["BERTH_TICKET"].split(",")]
    ticket = [fd for fd in ticket if fd >= 0]
    zygote = driver.Zygote(preload=["numpy"], confine=library)
    for _ in range(2):
        kernel = zygote.fork(ticket, cwd="/tmp", env={"PATH": "/usr/bin:/bin", "HOME": "/tmp"})
        assert kernel.ready["confined"], kernel.ready
        assert kernel.execute("import os, asyncio; await asyncio.sleep(0, 6)").result == "6"
        for code in ("os.listdir('/root')", "open('/usr/mine', 'w')", "import socket; socket.create_connection(('127.0.0.1', 9), 2)"):
            assert kernel.execute(code).error["name"] in ("PermissionError", "OSError", "FileNotFoundError", "ConnectionRefusedError"), code
        assert kernel.execute("!echo in; id -u").stdout.startswith("in\n")
        assert kernel.execute("import numpy; numpy.arange(3).sum()").result == "3"
        kernel.execute("a = 5")
        point, result = kernel.freeze()
        assert point, result.done
        other = point.fork()
        assert other.execute("a").result == "5"
        assert other.execute("open('/usr/mine', 'w')").error, "a thawed worker has left the jail"
        kernel.begin("while True: pass")
        kernel.interrupt()
        assert kernel.finish().status == "interrupted"
        kernel.begin("os._exit(4)")
        try:
            kernel.finish()
        except driver.Gone:
            pass
        assert zygote.death(kernel.pid)["code"] == 4
        assert other.execute("a").result == "5"
    # A ticket that is none: the order is refused, and the next is not.
    nothing = os.open("/dev/null", os.O_RDONLY)
    try:
        zygote.fork([nothing])
        raise AssertionError("a worker without a jail")
    except driver.Gone as no:
        assert "sheet" in str(no), no
    assert zygote.fork(ticket).execute("1 + 1").result == "2"


if __name__ == "__main__":
    main(sys.argv[1])
