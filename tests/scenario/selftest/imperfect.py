#!/usr/bin/env python3
"""A small server that stands in for berth while the runner tests itself. It misbehaves on demand; see `FAULTS`."""
import base64
import hashlib
import json
import os
import re
import signal
import socket
import sys
import threading

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
ALWAYS = "X-Request-Id: r1\r\nX-Content-Type-Options: nosniff\r\n"
OPERATIONS = [{"name": "a.read", "method": "GET", "path": "/a/{name}", "kind": "call", "scope": "read"},
              {"name": "a.run", "method": "POST", "path": "/a", "kind": "call", "scope": "run"}]
LEAK = []
SIGNALS = {signal.SIGTERM, signal.SIGHUP}


def answer(status, body=b"", more="", kind="application/json", always=ALWAYS):
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}{always}\r\n"
    return head.encode() + body


def problem(status, code):
    text = {"type": f"urn:berth:problem:{code}", "title": "X", "status": status, "detail": "d", "instance": "/",
            "code": code}
    return answer(status, json.dumps(text).encode(), kind="application/problem+json")


def as_json(value, **more):
    return answer(200, json.dumps(value).encode(), **more)


class Client:
    def __init__(self, plain):
        self.socket, self.inbox = plain, b""

    def fill(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError
        self.inbox += data

    def head(self):
        while b"\r\n\r\n" not in self.inbox:
            if re.search(rb"(?<!\r)\n", self.inbox):
                self.socket.sendall(problem(400, "bad_request"))
                raise ConnectionError
            self.socket.settimeout(1.0 if self.inbox else 30)
            self.fill()
        head, _, self.inbox = self.inbox.partition(b"\r\n\r\n")
        return head.decode("latin-1")

    def take(self, count):
        while len(self.inbox) < count:
            self.fill()
        data, self.inbox = self.inbox[:count], self.inbox[count:]
        return data

    def chunked(self):
        body = b""
        while True:
            while b"\r\n" not in self.inbox:
                self.fill()
            size, _, self.inbox = self.inbox.partition(b"\r\n")
            body += self.take(int(size, 16) + 2)[:-2]
            if size == b"0":
                return body

    def serve(self):
        try:
            while True:
                self.one()
        except TimeoutError:
            self.socket.sendall(problem(408, "request_timeout"))
        except (OSError, SystemExit):
            pass
        finally:
            self.socket.close()

    def one(self):
        first, *lines = self.head().split("\r\n")
        method, target, _ = first.split(" ")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        if headers.get("expect") == "100-continue":
            self.socket.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self.chunked() if "transfer-encoding" in headers else self.take(int(headers.get("content-length", 0)))
        path = target.split("?")[0]
        if path == "/ws":
            return self.websocket(headers)
        if path in FAULTS:
            return FAULTS[path](self)
        reply = self.reply(method, path, headers, body)
        self.socket.sendall(reply.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == "HEAD" else reply)
        if headers.get("connection") == "close":
            raise ConnectionError
        return None

    def reply(self, method, path, headers, body):
        if path == "/livez":
            return as_json({"ok": True})
        if path == "/operations":
            return as_json({"operations": OPERATIONS})
        if path.startswith("/a"):
            secret = headers.get("authorization", "")[7:]
            if not secret:
                return problem(401, "no_token")
            lesser = method == "POST" and secret == "read-secret-of-the-self-test"
            return problem(403, "forbidden") if lesser else as_json({})
        if path == "/size":
            return as_json({"size": len(body), "sha256": hashlib.sha256(body).hexdigest()})
        if path == "/same":
            return as_json({"text": body.decode("utf-8", "replace"), "headers": headers, "method": method})
        if path == "/pattern":
            return answer(200, bytes((i * 7 + i // 251) & 255 for i in range(1000, 5000)))
        if path.startswith("/name/"):
            return as_json({"name": path[6:], "list": [1, 2], "none": None})
        return problem(404, "not_found")

    def websocket(self, headers):
        key = base64.b64encode(hashlib.sha1((headers["sec-websocket-key"] + GUID).encode()).digest()).decode()
        upgrade = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {key}\r\n"
        self.socket.sendall(f"HTTP/1.1 101 X\r\n{upgrade}{ALWAYS}\r\n".encode())
        while True:
            first, second = self.take(2)
            if not second & 0x80:
                self.socket.sendall(b"\x88\x02\x03\xea")
                raise ConnectionError
            size = second & 0x7F
            mask = self.take(4)
            payload = bytes(b ^ mask[i % 4] for i, b in enumerate(self.take(size)))
            opcode = {9: 10}.get(first & 15, first & 15)
            self.socket.sendall(bytes([0x80 | opcode, len(payload)]) + payload)
            if opcode == 8:
                raise ConnectionError


def stream(client):
    kind = "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
    client.socket.sendall(f"HTTP/1.1 200 X\r\n{kind}{ALWAYS}\r\n".encode())
    for text in ("retry: 1000\n\n", "id: c-1\ndata: {\"n\":1}\n", "\n: berth\n\nid: c-2\ndata: {\"n\":2}\n\n",
                 "event: berth.end\ndata: {}\n\n"):
        client.socket.sendall(b"%x\r\n%s\r\n" % (len(text), text.encode()))
    client.socket.sendall(b"0\r\n\r\n")


def cut(client):
    client.socket.sendall(f"HTTP/1.1 200 X\r\nContent-Length: 100\r\n{ALWAYS}\r\nhalf".encode())
    raise ConnectionError


def crash(_client):
    os.kill(os.getpid(), signal.SIGSEGV)


def report(client):
    print("==1==ERROR: AddressSanitizer: heap-use-after-free (a pretence)", file=sys.stderr, flush=True)
    client.socket.sendall(as_json({}))


def grow(client):
    LEAK.append(b"x" * (64 << 20))
    client.socket.sendall(as_json({}))


def send(data):
    return lambda client: client.socket.sendall(data)


FAULTS = {"/stream": stream, "/cut": cut, "/crash": crash, "/report": report, "/grow": grow,
          "/two-lengths": send(b"HTTP/1.1 200 X\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n"),
          "/bare": send(answer(200, always="")), "/not-http": send(b"hello\r\n\r\n"),
          "/lone-problem": send(answer(400, b"{}")), "/silent": send(b""),
          "/surprise": send(b"HTTP/1.1 100 Continue\r\n\r\n" + answer(200))}


def serve(words):
    values = dict(zip(words[::2], words[1::2]))
    os.makedirs(values["--state"], exist_ok=True)
    with open(values["--token-file"], "w", encoding="ascii") as file:
        file.write("root-secret-of-the-self-test\n")
    with open(values["--config"], encoding="utf-8") as file:
        text = file.read()
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # for all threads: one that took a signal would not wake another
    listener = socket.create_server(("127.0.0.1", 0), backlog=2000)
    line = {"listen": [f"127.0.0.1:{listener.getsockname()[1]}"], "pid": os.getpid()}
    os.write(int(values["--ready-fd"]), json.dumps(line).encode() + b"\n")
    threading.stack_size(256 << 10)
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
    while signal.sigwait(SIGNALS) == signal.SIGHUP:
        print("re-read", file=sys.stderr, flush=True)
    os._exit(3 if "bad_exit" in text else 0)


def accept(listener):
    while True:
        client, _ = listener.accept()
        try:
            threading.Thread(target=Client(client).serve, daemon=True).start()
        except RuntimeError:  # no more threads; the next client may find one
            client.close()


def main():
    if sys.argv[1] == "serve":
        serve(sys.argv[2:])
    if sys.argv[1:3] == ["token", "create"]:
        print(f"{sys.argv[sys.argv.index('--scope') + 1]}-secret-of-the-self-test")


main()
