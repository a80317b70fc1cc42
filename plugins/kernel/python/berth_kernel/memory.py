"""How much memory there is to be had: of the machine, of the control group, of this process's own limits. A file that says how big it is
is not believed beyond that."""
import resource

# Limit, what is used, and what of that are copies of files, which can be given up.
_GROUPS = (("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat", ("active_file", "inactive_file")),
           ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes", "/sys/fs/cgroup/memory/memory.stat",
            ("total_active_file", "total_inactive_file")))


def _number(path):
    try:
        with open(path, encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):  # there is none, or it is "max"
        return None


def _files(path, names):
    try:
        with open(path, encoding="ascii") as file:
            return sum(int(line.split()[1]) for line in file if line.split()[0] in names)
    except (OSError, ValueError, IndexError):
        return 0


def _machine():
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            return next(int(line.split()[1]) << 10 for line in file if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        return 1 << 62


def _process():
    """Address space, and data of it."""
    with open("/proc/self/statm", encoding="ascii") as file:
        pages = list(map(int, file.read().split()))
    for kind, used in ((resource.RLIMIT_AS, pages[0]), (resource.RLIMIT_DATA, pages[5])):
        most = resource.getrlimit(kind)[0]
        if most != resource.RLIM_INFINITY:
            yield most - used * resource.getpagesize()


def left():
    found = [_machine(), *_process()]
    for most, used, about, names in _GROUPS:
        limits = _number(most), _number(used)
        if None not in limits:
            found.append(limits[0] - limits[1] + _files(about, names))
    return max(0, min(found))
