"""RFC 6455 from the client's side, able to send every frame that a decent client would not."""
import base64
import hashlib
import os
import struct

from .text import Failure

OPCODES = {"continuation": 0, "text": 1, "binary": 2, "close": 8, "ping": 9, "pong": 10}
NAMES = {number: name for name, number in OPCODES.items()}
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def new_key():
    return base64.b64encode(os.urandom(16)).decode()


def accept_of(key):
    return base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()


def build(opcode, payload, final=True, masked=True, reserved=0, claims=None):
    """One frame. `claims` is a length that the frame states instead of its own."""
    size = len(payload) if claims is None else claims
    head = bytes([(0x80 if final else 0) | reserved << 4 | opcode])
    flag = 0x80 if masked else 0
    if size < 126:
        head += bytes([flag | size])
    elif size < 1 << 16:
        head += bytes([flag | 126]) + struct.pack(">H", size)
    else:
        head += bytes([flag | 127]) + struct.pack(">Q", size)
    if not masked:
        return head + payload
    key = os.urandom(4)
    return head + key + mask(payload, key)


def mask(payload, key):
    if not payload:
        return b""
    whole = (key * (len(payload) // 4 + 1))[:len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")).to_bytes(len(payload), "big")


def read_frame(wire):
    """(opcode, final, payload); a host that masks or sets reserved bits fails."""
    first, second = wire.take(2)
    if second & 0x80:
        raise Failure("the host masked a frame")
    if first & 0x70:
        raise Failure("the host set reserved bits of a frame")
    size = second & 0x7F
    if size == 126:
        size = struct.unpack(">H", wire.take(2))[0]
    elif size == 127:
        size = struct.unpack(">Q", wire.take(8))[0]
    return first & 0x0F, bool(first & 0x80), wire.take(size)


def read_message(wire, wanted):
    """The next message as (kind, payload). Pings are answered and passed over unless one is wanted."""
    kind, parts = None, []
    while True:
        opcode, final, payload = read_frame(wire)
        name = NAMES.get(opcode, f"opcode {opcode}")
        if name == "ping" and wanted != "ping":
            wire.send([build(OPCODES["pong"], payload)], 10)
            continue
        if name == "pong" and wanted != "pong":
            continue
        if name in ("ping", "pong", "close"):
            return name, payload
        kind = kind or name
        parts.append(payload)
        if final:
            return kind, b"".join(parts)
