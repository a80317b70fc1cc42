"""libberth-confine.so through ctypes: a worker puts itself into the session's jail. The order is that of confine.h."""
import ctypes
import os


class Refused(Exception):
    """The jail would not have us, or we cannot fork again."""


class Confine:
    def __init__(self, path):
        self.library = ctypes.CDLL(path, use_errno=True) if path else None
        if self.library is not None and self.library.berth_confine_version() != 1:
            raise Refused(f"{path} is of another version")

    def ticket(self, fds):
        """The descriptors that came, with -1 where the sheet says that none was sent."""
        if not fds:
            return None
        if self.library is None:
            raise Refused("a ticket came, but the zygote was started without the library for it")
        shape = self.library.berth_confine_shape(fds[0])
        if shape < 0:
            raise Refused("the first descriptor of the ticket is no sheet")
        rest = list(fds[1:])
        if len(rest) < (shape & 1) + (shape >> 1 & 1):
            raise Refused("the ticket is too short")
        keeper = rest.pop(0) if shape & 1 else -1
        rules = rest.pop(0) if shape & 2 else -1
        numbers = [fds[0], keeper, rules, *rest]
        return (ctypes.c_int * len(numbers))(*numbers)

    def aim(self, ticket):
        """True: the next child is born in the jail's process namespace, and come_back must follow. False: it has to fork once more."""
        done = self.library.berth_confine_aim(ticket, len(ticket))
        if done < 0:
            raise Refused("aim: " + os.strerror(ctypes.get_errno()))
        return done == 0

    def come_back(self):
        if self.library.berth_confine_return() != 0:
            raise SystemExit("the zygote cannot return to its own process namespace")

    def _step(self, name, ticket):
        why = ctypes.create_string_buffer(200)
        done = getattr(self.library, name)(ticket, len(ticket), why, len(why))
        if done < 0:
            raise Refused(f"{why.value.decode('utf-8', 'replace')}: {os.strerror(ctypes.get_errno())}")
        return done

    def enter(self, ticket, tell):
        """Returns in the confined process. Where that is a child of this one, `tell` sends its pid, and this one ends."""
        if self._step("berth_confine_enter", ticket) == 0:
            return
        child = os.fork()
        if child:
            tell(child)
            os._exit(0)
        self._step("berth_confine_seal", ticket)
