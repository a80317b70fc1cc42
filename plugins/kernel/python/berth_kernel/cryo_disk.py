"""A file that is there whole or not at all: written under a hidden name beside it, then on the disk, then in its place. What a killed store left
is known by nobody holding its lock, and taken away by the next."""
import contextlib
import errno
import fcntl
import os
import re
import secrets
import stat

_DRAFT = re.compile(r"\.cryo-draft-[0-9a-f]{16}\Z")


class BadPath(Exception):
    """A place where no file can be."""


class DiskFull(Exception):
    """No room where it was to be written."""


class CannotWrite(Exception):
    """The disk, or the folder, refuses."""


def explained(no, path):
    """An error of the disk, in words; what was there before is there still."""
    kept = "what was stored there before is still there" if os.path.exists(path) else "nothing was stored"
    folder = os.path.dirname(path)
    if no.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        what = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the quota is used up", errno.EFBIG: "no file may be as long"}[no.errno]
        return DiskFull(f"{what} at {folder} ({free(folder)}); {kept}")
    if no.errno == errno.EROFS:
        return CannotWrite(f"{folder} is on a disk that is read-only; {kept}")
    return CannotWrite(f"{path}: {no.strerror or no}; {kept}")


def free(folder):
    try:
        about = os.statvfs(folder)
        return f"{about.f_bavail * about.f_frsize >> 10} KiB are free"
    except OSError:
        return "its room is not known"


def place(path):
    """Where it is to be: links are followed, a folder or a device is refused."""
    if not isinstance(path, str) or not path or "\0" in path:
        raise BadPath("path is a text")
    path = os.path.realpath(path)
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = None
    except OSError as no:
        raise BadPath(f"{path}: {no.strerror}") from None
    if mode is not None and not stat.S_ISREG(mode):
        raise BadPath(f"{path} is no regular file")
    if not os.path.isdir(os.path.dirname(path)):
        raise BadPath(f"there is no folder {os.path.dirname(path)}")
    return path


class Draft:
    """As long as it is written it bears a hidden name; keep() puts it into its place, and whatever else happens takes it away."""

    def __init__(self, path):
        self.path = path
        self.folder = os.path.dirname(path)
        for _ in range(10):
            self.draft = os.path.join(self.folder, ".cryo-draft-" + secrets.token_hex(8))
            self.fd = os.open(self.draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
            if self._own():
                return
            os.close(self.fd)
        raise CannotWrite(f"{self.folder}: somebody takes away what is written there")

    def _own(self):
        """Locks it; False: a sweep was quicker, and took it for one of the dead."""
        try:
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a disk without locks: nobody sweeps there either
            return True
        return os.fstat(self.fd).st_nlink == 1

    def check(self):
        """Code of the user's has run since it was opened."""
        try:
            same = os.path.samestat(os.fstat(self.fd), os.lstat(self.draft))
        except OSError:
            same = False
        if not same:
            raise CannotWrite(f"{self.folder}: what was to be written there was closed or taken away meanwhile")

    def keep(self):
        """On the disk, then in its place, then the folder on the disk: who is told that it is stored may pull the plug."""
        with contextlib.suppress(FileNotFoundError):
            os.fchmod(self.fd, stat.S_IMODE(os.stat(self.path).st_mode))
        os.fsync(self.fd)
        os.rename(self.draft, self.path)
        self.draft = None
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def close(self):
        if self.draft is not None:
            with contextlib.suppress(OSError):
                os.unlink(self.draft)
        with contextlib.suppress(OSError):  # the user's code has closed it
            os.close(self.fd)


def sweep(folder):
    """Drafts whose writer is dead; one that is still written is locked."""
    for entry in os.listdir(folder):
        if _DRAFT.match(entry):
            with contextlib.suppress(OSError):
                _end(os.path.join(folder, entry))


def _end(path):
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(fd), os.lstat(path)):
            os.unlink(path)
    finally:
        os.close(fd)
