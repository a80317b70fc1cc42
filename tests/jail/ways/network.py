"""Ways over the network, and into the kernel."""
import ctypes
import fcntl
import os
import socket
import struct
import time

from .kit import FACTS, Refused, call, way


# ---- the network

@way("connect to a TCP server of the host")
def host_tcp():
    with socket.socket() as one:
        one.settimeout(5)
        one.connect(("127.0.0.1", FACTS["port"]))
        return "connected"


@way("send UDP to the world")
def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        return one.sendto(b"x", ("192.0.2.1", 53))


@way("resolve a name")
def resolve():
    try:
        return socket.getaddrinfo("example.org", 80)
    except socket.gaierror as no:
        raise Refused(str(no)[:50]) from no


@way("connect to a Unix socket of the host")
def host_unix():
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(FACTS["unix"])
        return one.recv(10)


@way("connect to an abstract Unix socket of the host")
def host_abstract():
    with socket.socket(socket.AF_UNIX) as one:
        one.connect("\0" + FACTS["abstract"])
        return one.recv(10)


@way("a raw socket")
def raw_socket():
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)


@way("a packet socket")
def packet_socket():
    return socket.socket(17, socket.SOCK_RAW, 3)  # AF_PACKET


@way("a socket to the hypervisor, which no network namespace holds")
def vsock():
    return socket.socket(40, socket.SOCK_STREAM)  # AF_VSOCK


@way("the kernel's cryptography by AF_ALG")
def af_alg():
    return socket.socket(38, socket.SOCK_SEQPACKET)


@way("watch the kernel's events by netlink")
def netlink():
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 15)  # NETLINK_KOBJECT_UEVENT


# ---- the kernel

@way("load a BPF program")
def bpf():
    return call("bpf", 0, struct.pack("IIIII", 1, 4, 4, 1, 0) + bytes(100), 120)


@way("userfaultfd")
def userfaultfd():
    return call("userfaultfd", 1)


@way("io_uring, whose calls no filter sees")
def io_uring():
    return call(425, 4, ctypes.create_string_buffer(240))


@way("perf_event_open")
def perf():
    return call("perf_event_open", struct.pack("II", 1, 120) + bytes(112), 0, -1, -1, 0)


@way("kexec_load")
def kexec():
    return call("kexec_load", 0, 0, 0, 0)


@way("load a kernel module")
def module():
    return call("init_module", b"x", 1, b"")


@way("read the kernel's log")
def dmesg():
    return call("syslog", 3, ctypes.create_string_buffer(100), 100)


@way("turn the machine off")
def reboot():
    return call("reboot", 0xfee1dead, 672274793, 0x89abcdef, 0)  # CAD_OFF: harms nobody if it works


@way("set the clock")
def clock():
    return call("settimeofday", struct.pack("qq", int(time.time()), 0), None)


@way("turn accounting on")
def accounting():
    return call("acct", b"/tmp/acct")


@way("watch all files by fanotify")
def fanotify():
    return call("fanotify_init", 0, 0)


@way("turn address randomisation off by personality")
def personality():
    return call("personality", 0x0040000)


@way("raw I/O ports")
def ports():
    return call("iopl", 3)


@way("type into the terminal by TIOCSTI")
def typing():
    _, end = os.openpty()
    return fcntl.ioctl(end, 0x5412, b"x")


@way("secret memory")
def secret_memory():
    return call(447, 0)
