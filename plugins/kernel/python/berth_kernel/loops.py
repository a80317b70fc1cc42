"""Top-level await: one asyncio loop, kept between cells. IPython's own runner leaves a cell that was interrupted in the loop, to go on
in the next one; this one ends it. After a fork the loop gets a selector of its own: an epoll descriptor is shared with the other side."""
import asyncio
import contextlib
import os
import selectors

_Loop = asyncio.SelectorEventLoop  # whatever policy the user sets: a fork has to give it another selector


class Loop:
    def __init__(self):
        self.loop = None
        self.files = {}
        self.lost = []
        self.cancelling = False

    def __str__(self):
        return "asyncio"

    def __call__(self, coroutine):
        if self.loop is None or self.loop.is_closed() or not self._sound():
            self.loop = _Loop()
            self._note()
        with contextlib.suppress(Exception):  # a policy of the user's
            asyncio.set_event_loop(self.loop)
        task = self.loop.create_task(coroutine)
        try:
            return self.loop.run_until_complete(task)
        except BaseException:
            self._end(task)
            raise

    def _note(self):
        self.files = {fd: os.fstat(fd)[:3] for fd in self.descriptors()}

    def _sound(self):
        """Whether its descriptors are still its own: a cell may have closed them all. One that lost them is kept unclosed, for their numbers are others' now."""
        try:
            if all(os.fstat(fd)[:3] == was for fd, was in self.files.items()):
                return True
        except OSError:
            pass
        self.lost.append(self.loop)
        return False

    def _end(self, task):
        """The cell's coroutine gets its finally blocks, for a second; then it is left."""
        self.cancelling = True
        try:
            for _ in range(3):
                if task.done() or self.loop.is_running():
                    break
                task.cancel()
                self.loop.run_until_complete(asyncio.wait([task], timeout=0.3))
        except BaseException:  # interrupted again: enough
            pass
        finally:
            self.cancelling = False
            if task.done() and not task.cancelled():
                task.exception()

    def close(self):
        if self.loop is not None:
            self.loop.close()
            self.loop = None

    def tasks(self):
        return [] if self.loop is None or self.loop.is_closed() else [task for task in asyncio.all_tasks(self.loop) if not task.done()]

    def descriptors(self):
        """Its own, which are no business of anybody's."""
        if self.loop is None or self.loop.is_closed():
            return set()
        found = {self.loop._ssock.fileno(), self.loop._csock.fileno()}
        if hasattr(self.loop._selector, "fileno"):
            found.add(self.loop._selector.fileno())
        return found

    def after_fork(self):
        if self.loop is None or self.loop.is_closed() or not self._sound():
            self.loop = None
            return
        loop, old = self.loop, self.loop._selector
        keys = [key for key in old.get_map().values() if key.fd != loop._ssock.fileno()]
        old.close()
        loop._selector = selectors.DefaultSelector()
        loop._ssock.close()
        loop._csock.close()
        loop._internal_fds -= 1
        loop._make_self_pipe()
        for key in keys:
            loop._selector.register(key.fileobj, key.events, key.data)
        self._note()
