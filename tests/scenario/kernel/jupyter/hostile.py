"""Bytes that nobody should send, and messages of others. usage: hostile.py URL TOKEN"""
import os
import sys
import time

import zmq
from jupyter_client import BlockingKernelClient
from jupyter_client.session import Session

from common import Host, connect, expect, outputs, reply

host = Host(sys.argv[1], sys.argv[2])
kernel, client, info = connect(host, "tcp", BlockingKernelClient)
context = zmq.Context.instance()


def dealer(channel, identity=None):
    socket = context.socket(zmq.DEALER)
    socket.linger = 0
    if identity:
        socket.identity = identity
    socket.connect(f"tcp://127.0.0.1:{info[channel + '_port']}")
    return socket


def nothing_comes(socket):
    return socket.poll(500) == 0


stranger = Session(key=b"a key that is not the kernel's", signature_scheme="hmac-sha256")
friend = Session(key=info["key"].encode(), signature_scheme="hmac-sha256")
for channel in ("shell", "control"):
    socket = dealer(channel)
    stranger.send(socket, "execute_request", {"code": "wrong = 1", "silent": False})
    for frames in ([b""], [b"", b""], [b"<IDS|MSG>"], [b"<IDS|MSG>", b"", b"{}", b"{}", b"{}", b"{}"], [b"<IDS|MSG>", b"0" * 64, b"{", b"}", b"[]", b"\xff"],
                   [b"x"] * 400, [b"x"] * 5000, [os.urandom(1000) for _ in range(6)], [b"x" * (1 << 20)] * 40):
        socket.send_multipart(frames)
    expect(channel + " answers a stranger", nothing_comes(socket))
    deep = b'{"a":' + b"[" * 100000 + b"]" * 100000 + b"}"
    parts = [b'{"msg_type":"execute_request","msg_id":"deep"}', b"{}", b"{}", deep]
    socket.send_multipart([b"<IDS|MSG>", friend.sign(parts), *parts])
    expect(channel + " answers a deep one", nothing_comes(socket))
    socket.close()

# One that is too large for any frame costs its sender the connection, and nobody else anything.
socket = dealer("shell")
ends = socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
socket.send(b"x" * (20 << 20))
expect("a frame of 20 MiB", ends.poll(30000), nothing_comes(socket))
socket.disable_monitor()
socket.close()

# The same message a second time, as it was recorded, from the same client and from another.
one, other = dealer("shell"), dealer("shell")
message = friend.msg("execute_request", {"code": "try:\n    times += 1\nexcept NameError:\n    times = 1", "silent": False})
frames = friend.serialize(message)
one.send_multipart(frames)
expect("no reply", one.poll(30000))
one.recv_multipart()
for socket in (one, other):
    socket.send_multipart(frames)
expect("a reply to the replay", nothing_comes(one), nothing_comes(other))
request = client.execute("times, 'wrong' in globals()")
seen = outputs(client, request)
expect(seen, ("(1, False)") in [content["data"]["text/plain"] for name, content in seen if name == "execute_result"])
reply(client, request)

# What the kernel itself has said, and signed, heard without the key on iopub and sent back.
reply(client, client.execute("hits = []\nimport comm\nmine = comm.create_comm(target_name='mine')\nmine.on_msg(lambda message: hits.append(1))"))
spy = context.socket(zmq.SUB)
spy.linger = 0
spy.subscribe(b"")
spy.connect(f"tcp://127.0.0.1:{info['iopub_port']}")
time.sleep(0.5)
reply(client, client.execute("mine.send({'secret': 1})"))
mirror, reflected = dealer("shell"), 0
while spy.poll(1000):
    frames = spy.recv_multipart()
    mirror.send_multipart(frames[frames.index(b"<IDS|MSG>"):])
    reflected += 1
    expect("a mirror that feeds itself", reflected < 100)
expect("what is reflected is answered", reflected > 3, nothing_comes(mirror))
request = client.execute("hits")
seen = outputs(client, request)
expect(seen, [content["data"]["text/plain"] for name, content in seen if name == "execute_result"] == ["[]"])
reply(client, request)
spy.close()

# Signed, and senseless.
for name, content in (("execute_request", {}), ("execute_request", {"code": 7}), ("complete_request", {"code": []}), ("complete_request", {"code": "a", "cursor_pos": -5}),
                      ("inspect_request", {"code": "a", "cursor_pos": 10 ** 30}), ("history_request", {"hist_access_type": "range", "session": "x", "start": 10 ** 12}),
                      ("history_request", {"hist_access_type": "search", "n": -1}), ("is_complete_request", {"code": None}), ("comm_info_request", {"target_name": 5})):
    message = client.session.msg(name, content)
    client.shell_channel.send(message)
    expect((name, content), "status" in reply(client, message["header"]["msg_id"]))
for name in ("comm_msg", "comm_open", "comm_close", "no_such_request", "execute_reply"):
    message = client.session.msg(name, {"comm_id": 7, "data": 7})
    client.shell_channel.send(message)
    outputs(client, message["header"]["msg_id"])

# An input_reply of another client's is not the answer; a client that does not listen for questions is not waited for.
request = client.execute("input()", allow_stdin=True)
client.get_stdin_msg(timeout=60)
liar = dealer("stdin")
friend.send(liar, "input_reply", {"value": "a lie"})
time.sleep(0.5)
client.input("the truth")
seen = outputs(client, request)
expect(seen, [content["data"]["text/plain"] for name, content in seen if name == "execute_result"] == ["'the truth'"])
deaf = dealer("shell", b"deaf")
friend.send(deaf, "execute_request", {"code": "input()", "allow_stdin": True})
expect("no end", deaf.poll(30000))
_, parts = friend.feed_identities(deaf.recv_multipart())
expect("end of input", friend.deserialize(parts)["content"]["ename"] == "EOFError")

# A subscriber that never reads holds nobody up for ever, and costs those who read nothing.
stuck = context.socket(zmq.SUB)
stuck.rcvhwm = 1
stuck.subscribe(b"")
stuck.connect(f"tcp://127.0.0.1:{info['iopub_port']}")
time.sleep(0.5)
request = client.execute("for _ in range(30):\n    print('x' * (1 << 20))")
seen = outputs(client, request)
expect("what was put out", sum(len(content["text"]) for name, content in seen if name == "stream") == 30 * ((1 << 20) + 1))
reply(client, request)
request = client.execute("for _ in range(30):\n    print('x' * (1 << 20))")
seen = outputs(client, request)
expect("what was put out then", sum(len(content["text"]) for name, content in seen if name == "stream") == 30 * ((1 << 20) + 1))
reply(client, request)

# More requests at once than are taken at once: each has its reply, in order.
requests = [client.kernel_info() for _ in range(1500)]
for wanted in requests:
    got = client.get_shell_msg(timeout=60)
    while got["parent_header"]["msg_id"] != wanted and got["parent_header"]["msg_id"] not in requests:
        got = client.get_shell_msg(timeout=60)
    expect("the order", got["parent_header"]["msg_id"] == wanted)
client.stop_channels()
context.destroy(linger=0)
print("all well")
