"""Waiting for a child process group, and ending all of it when the wait is interrupted."""
import os
import signal
import subprocess


def end_group(process):
    """Asks, then tells: half a second for each."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(0.5)
            return
        except (subprocess.TimeoutExpired, ProcessLookupError):
            continue
    process.poll()


def finish(process, step):
    """step(), which waits for it; whatever interrupts that ends the group."""
    try:
        return step()
    except BaseException:
        end_group(process)
        raise


def wait_for(process):
    return finish(process, process.wait)
