"""Each kind of message by Jupyter's own client. usage: clients.py URL TOKEN ipc|tcp [ENGINE]"""
import sys
import threading
import time

from jupyter_client import BlockingKernelClient

from common import Host, connect, expect, outputs, reply

host = Host(sys.argv[1], sys.argv[2])
engine = sys.argv[4] if len(sys.argv) > 4 else "python"
kernel, client, _ = connect(host, sys.argv[3], BlockingKernelClient, engine)
path = f"/kernels/{kernel}"


def run(code, **more):
    request = client.execute(code, **more)
    return reply(client, request), outputs(client, request)


def of(found, kind):
    return [content for name, content in found if name == kind]


answer, seen = run("import sys\nprint('out')\nprint('err', file=sys.stderr)\n6 * 7")
expect(seen, answer["status"] == "ok", [name for name, _ in seen][:2] == ["status", "execute_input"], seen[1][1]["execution_count"] == answer["execution_count"])
expect(seen, of(seen, "stream") == [{"name": "stdout", "text": "out\n"}, {"name": "stderr", "text": "err\n"}])
expect(seen, of(seen, "execute_result")[0]["data"]["text/plain"] == "42")

count = answer["execution_count"]
answer, seen = run("x = 1", silent=True)
expect(seen, answer["status"] == "ok", [name for name, _ in seen] == ["status", "status"])
answer, seen = run("x", store_history=False, user_expressions={"twice": "x * 2", "wrong": "1/0"})
expect(answer, answer["user_expressions"]["twice"]["data"]["text/plain"] == "2", answer["user_expressions"]["wrong"]["status"] == "error")
expect(answer, answer["execution_count"] == count)

answer, seen = run("from IPython.display import display, clear_output\nh = display('a', display_id='d')\nh.update('b')\nclear_output(wait=True)")
expect(seen, of(seen, "display_data")[0]["transient"] == {"display_id": "d"}, of(seen, "update_display_data")[0]["data"]["text/plain"] == "'b'")
expect(seen, of(seen, "clear_output") == [{"wait": True}])

# What waits behind a cell that fails is not run, unless that was not wanted.
first, second, third = client.execute("import time; time.sleep(0.5); 1/0"), client.execute("after = 1"), client.kernel_info()
answer = reply(client, first)
expect(answer, answer["status"] == "error", answer["ename"] == "ZeroDivisionError", answer["traceback"])
expect("aborted", reply(client, second)["status"] == "aborted", reply(client, third)["status"] == "ok")
expect("one error", len(of(outputs(client, first), "error")) == 1)
first, second = client.execute("import time; time.sleep(0.5); 1/0", stop_on_error=False), client.execute("after = 1")
expect("not aborted", reply(client, first)["status"] == "error", reply(client, second)["status"] == "ok")
outputs(client, second)

request = client.execute("name = input('who? ')\nname", allow_stdin=True)
question = client.get_stdin_msg(timeout=60)
expect(question, question["content"] == {"prompt": "who? ", "password": False}, question["parent_header"]["msg_id"] == request)
client.input("me")
expect("the answer", reply(client, request)["status"] == "ok", of(outputs(client, request), "execute_result")[0]["data"]["text/plain"] == "'me'")
answer, _ = run("input()", allow_stdin=False)
expect(answer, answer["ename"] == "StdinNotImplementedError")

for request, field, wanted in ((client.complete("prin"), "matches", ["print"]), (client.inspect("print"), "found", True),
                               (client.is_complete("if True:"), "status", "incomplete"), (client.comm_info(), "comms", {})):
    answer = reply(client, request)
    expect(answer, answer[field] == wanted)
answer = reply(client, client.history(hist_access_type="tail", n=1, raw=True, output=False))
expect(answer, answer["history"][0][2] == "input()")

make = "import comm\nc = comm.create_comm" if engine == "python" else "from ipykernel.comm import Comm\nc = Comm"  # Debian 12's knows only that
answer, seen = run(make + "(target_name='t', data={'a': 1}, buffers=[b'xy'])\ngot = []\n"
                   "c.on_msg(lambda m: (got.append(m['content']['data']), print('heard'), c.send({'back': 1})))")
opened = of(seen, "comm_open")[0]
expect(opened, opened["target_name"] == "t", opened["data"] == {"a": 1})
message = client.session.msg("comm_msg", {"comm_id": opened["comm_id"], "data": {"b": 2}})
client.shell_channel.send(message)
seen = outputs(client, message["header"]["msg_id"])
expect(seen, of(seen, "stream")[0]["text"] == "heard\n", of(seen, "comm_msg")[0]["data"] == {"back": 1})
expect("comms", reply(client, client.comm_info())["comms"] == {opened["comm_id"]: {"target_name": "t"}})

# One queue and one worker, whichever way a cell comes.
expect("one namespace", host.ask("POST", path + "/exec", {"code": "got", "wait": True})["result"] == "[{'b': 2}]")
http = {}
other = threading.Thread(target=lambda: http.update(host.ask("POST", path + "/exec", {"code": "import time\ntime.sleep(1)\norder = ['http']"})))
other.start()
while not host.ask("GET", path + "/status")["busy"]:
    time.sleep(0.01)
answer, seen = run("order.append('wire')\norder")
other.join()
expect(seen, http["status"] == "completed", of(seen, "execute_result")[0]["data"]["text/plain"] == "['http', 'wire']")

request = client.execute("import time\ntime.sleep(60)")
while not host.ask("GET", path + "/status")["busy"]:
    time.sleep(0.01)
message = client.session.msg("interrupt_request", {})
client.control_channel.send(message)
expect("interrupt", reply(client, message["header"]["msg_id"], "control")["status"] == "ok", reply(client, request)["ename"] == "KeyboardInterrupt")
message = client.session.msg("debug_request", {"type": "request", "seq": 3, "command": "initialize"})
client.control_channel.send(message)
answer = reply(client, message["header"]["msg_id"], "control")
expect(answer, answer["success"] is False, answer["request_seq"] == 3)

hurry = "" if engine == "python" else "time.sleep(1)\n"  # what another kernel's thread is about to send is lost with it
answer, seen = run(f"import os, time\nprint('before', flush=True)\n{hurry}os._exit(3)")
expect(seen, answer["status"] == "error", answer["ename"] == "KernelDied", of(seen, "error"), of(seen, "stream")[0]["text"] == "before\n")
answer, seen = run("print('x' * 300000)\n1")
expect("a new worker", answer["status"] == "ok", "".join(one["text"] for one in of(seen, "stream") if one["name"] == "stdout") == "x" * 300000 + "\n")
expect("heartbeat", client.is_alive())

message = client.session.msg("shutdown_request", {"restart": True})
client.control_channel.send(message)
expect("restart", reply(client, message["header"]["msg_id"], "control") == {"status": "ok", "restart": True})
for _ in range(200):
    answer, _ = run("'got' in globals()", user_expressions={"there": "'got' in globals()"})
    if answer["status"] == "ok" and answer["user_expressions"]["there"]["data"]["text/plain"] == "False":
        break
    time.sleep(0.05)
else:
    sys.exit("the restart left the variables")
message = client.session.msg("shutdown_request", {"restart": False})
client.control_channel.send(message)
expect("the end", reply(client, message["header"]["msg_id"], "control")["status"] == "ok")
for _ in range(200):
    if kernel not in [one["kernel"] for one in host.ask("GET", "/kernels")["kernels"]]:
        break
    time.sleep(0.05)
else:
    sys.exit("the kernel is still there")
client.stop_channels()
print("all well")
