"""A WebSocket as Jupyter's server speaks it."""
import base64
import json
import os
import struct

from kit.client import Line
from kit.processes import BenchError

WIRE = "v1.kernel.websocket.jupyter.org"
BINARY, CLOSE, PING, PONG = 2, 8, 9, 10


class WebSocket(Line):
    def __init__(self, port, path, token):
        super().__init__(port)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {token}\r\nUpgrade: websocket\r\n"
                            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                            f"Sec-WebSocket-Protocol: {WIRE}\r\n\r\n".encode())
        head = self.line(b"\r\n\r\n")
        if head[9:12] != b"101" or WIRE.encode() not in head:
            raise BenchError(f"no WebSocket at {path}: {head[:500]!r}")

    def send(self, payload, kind=BINARY):
        """Masked by four zero bytes, which is a mask, and costs nothing."""
        size = len(payload)
        if size < 126:
            length = struct.pack("!B", 0x80 | size)
        else:
            length = struct.pack("!BH", 0x80 | 126, size) if size < 1 << 16 else struct.pack("!BQ", 0x80 | 127, size)
        self.socket.sendall(bytes([0x80 | kind]) + length + b"\0\0\0\0" + payload)

    def receive(self):
        while True:
            first, size = self.take(2)
            if size >= 126:
                size = struct.unpack("!H", self.take(2))[0] if size == 126 else struct.unpack("!Q", self.take(8))[0]
            payload, kind = self.take(size), first & 0x0F
            if kind == PING:
                self.send(payload, PONG)
            elif kind == CLOSE or first < 0x80:
                raise BenchError(f"a frame of kind {first:#x} from the WebSocket: {payload[:100]!r}")
            elif kind != PONG:
                return payload


class Jupyter(WebSocket):
    """A kernel's channels in Jupyter's binary form: parts of JSON behind a list of where each begins."""

    def __init__(self, port, kernel, token):
        self.session, self.number = os.urandom(8).hex(), 0
        super().__init__(port, f"/api/kernels/{kernel}/channels?session_id={self.session}", token)
        self.request("kernel_info_request", {})  # as notebooks do: whoever is answered is connected

    def request(self, kind, content):
        """Contents of all that came for it, by type; it is over with its reply and the kernel's `idle`, in whatever order."""
        self.number += 1
        sent = f"{self.session}_{self.number}"
        header = {"msg_id": sent, "msg_type": kind, "username": "bench", "session": self.session, "version": "5.3",
                  "date": "2026-01-01T00:00:00Z"}
        self.send(pack("shell", [header, {}, {}, content]))
        heard, idle = [], False
        while not idle or not any(kind.endswith("_reply") for kind, _ in heard):
            header, parent, _, content = unpack(self.receive())
            if parent.get("msg_id") == sent:
                heard.append((header["msg_type"], content))
                idle = idle or content.get("execution_state") == "idle"
        return heard

    def run(self, code):
        heard = self.request("execute_request", {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                                                 "allow_stdin": False, "stop_on_error": False})
        answer = {"status": "completed", "stdout": "", "result": None, "error": None}
        answer["stdout"] = "".join(content["text"] for kind, content in heard if kind == "stream" and content["name"] == "stdout")
        for kind, content in heard:
            if kind == "execute_result":
                answer["result"] = content["data"]["text/plain"]
            elif kind == "error":
                answer.update(status="failed", error={"name": content["ename"], "value": content["evalue"]})
        return answer


def pack(channel, parts):
    texts = [channel.encode(), *(json.dumps(part).encode() for part in parts)]
    places = [8 * (len(texts) + 2)]
    for text in texts:
        places.append(places[-1] + len(text))
    return struct.pack(f"<Q{len(places)}Q", len(places), *places) + b"".join(texts)


def unpack(message):
    places = struct.unpack_from(f"<{int.from_bytes(message[:8], 'little')}Q", message, 8)
    return [json.loads(message[begin:end]) for begin, end in zip(places[1:5], places[2:6])]
