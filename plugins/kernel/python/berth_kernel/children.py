"""Child process groups: started so that no interrupt loses them, waited for, and ended as a whole when the wait is interrupted."""
import os
import select
import signal

from . import process as processes


def run(interrupts, start, step):
    """start() makes the process, step(process) waits for it; whatever interrupts that ends its group."""
    made = []
    try:
        interrupts.calmly(lambda: made.append(start()))
        interrupts.check()
        return step(made[0])
    except BaseException:
        for one in made:
            interrupts.calmly(end_group, one)
        raise


def end_group(process):
    """Asks, then tells: half a second for each. Who leads the group is not waited for before the rest of it is ended: it holds the group's number."""
    if process.returncode is not None:
        return
    handle = os.pidfd_open(process.pid)
    try:
        ended = select.poll()
        ended.register(handle, select.POLLIN)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            os.killpg(process.pid, number)
            if ended.poll(500):
                break
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    finally:
        os.close(handle)
    process.poll()


def end_leaderless(pid):
    """The rest of a group whose leader has ended."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def sweep(sessions, keep):
    """Ends what processes that have ended left to us: all that is still in a session of theirs. A daemon has a session of its own."""
    for pid in set(processes.children()) - keep:
        try:
            if os.getsid(pid) in sessions:
                os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
