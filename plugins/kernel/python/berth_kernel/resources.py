"""Handles for connections and the like, which a restored kernel must not share with the frozen one: they connect anew, when they are next asked for."""
import os
import time

# What was connected before a restore is never closed from here: its goodbye would end the connection of the other side.
_abandoned = []


class Resource:
    def __init__(self, epoch, factory, *, validate=None, teardown=None, on_connect=None, name=None):
        if not callable(factory):
            raise TypeError("factory is a function that makes the resource")
        self._epoch = epoch
        self._factory = factory
        self._validate = validate
        self._teardown = teardown
        self._listeners = [on_connect] if on_connect else []
        self._name = name or getattr(factory, "__name__", "resource")
        self._value = None
        self._mark = None

    def __repr__(self):
        return f"<resource {self._name}: {'connected' if self._current() else 'not connected'}>"

    def _current(self):
        return self._mark is not None and self._mark == (self._epoch(), os.getpid())

    def _abandon(self):
        if self._mark is not None and not self._current():
            _abandoned.append(self._value)
            self._value = self._mark = None

    def get(self):
        """The resource; made now if there is none, or if this kernel was restored since."""
        self._abandon()
        if self._mark is None:
            value = self._factory()
            for listener in self._listeners:
                listener(value)
            self._value, self._mark = value, (self._epoch(), os.getpid())
        return self._value

    def invalidate(self):
        """Forget it; the next get() makes another. It is not torn down."""
        self._abandon()
        self._value = self._mark = None

    def teardown(self):
        """Close it by the teardown function, or its own close(), and forget it."""
        if not self._current():
            self._abandon()
            return
        value, self._value, self._mark = self._value, None, None
        close = self._teardown or (lambda one: getattr(one, "close", lambda: None)())
        close(value)

    def validate(self):
        """Whether it is connected and the validate function, if any, says that it is good."""
        if not self._current():
            return False
        if self._validate is None:
            return True
        try:
            return bool(self._validate(self._value))
        except Exception:
            return False

    def retry(self, function, attempts=3, delay=0.0):
        """function(resource); when that raises, again with a new one."""
        if attempts < 1:
            raise ValueError("attempts is 1 or more")
        for left in range(attempts - 1, -1, -1):
            try:
                if self._current() and not self.validate():
                    self.invalidate()
                return function(self.get())
            except Exception:
                self.invalidate()
                if left == 0:
                    raise
                time.sleep(delay)

    def on_connect(self, function):
        """Called with each new one; can be used as a decorator."""
        self._listeners.append(function)
        return function
