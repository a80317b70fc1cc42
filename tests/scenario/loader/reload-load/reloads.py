"""Reloads a plugin while clients call it, and counts the calls that failed.
usage: reloads.py ADDRESS TOKEN CHANGELINGS FOLDER COUNT"""
import http.client
import json
import os
import shutil
import sys
import threading

address, token, changelings, folder, count = sys.argv[1:]
HEADERS = {"Authorization": "Bearer " + token}
PATHS = ["/changeling", "/changeling", "/changeling", "/changeling/late"]


class Client(threading.Thread):
    def __init__(self, path, stop):
        super().__init__(daemon=True)
        self.path, self.stop, self.shapes, self.bad = path, stop, set(), []

    def run(self):
        connection = http.client.HTTPConnection(address, timeout=60)
        try:
            while not self.stop.is_set():
                connection.request("GET", self.path, headers=HEADERS)
                answer = connection.getresponse()
                body = answer.read()
                if answer.status != 200:
                    self.bad.append(f"{answer.status} {body.decode(errors='replace')}")
                else:
                    self.shapes.add(json.loads(body)["shape"])
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.bad.append(repr(error))
        finally:
            connection.close()


def lay(shape):
    for name in ("changeling.so", "changeling.berth.json"):
        beside = os.path.join(folder, ".new")
        shutil.copyfile(os.path.join(changelings, shape, name), beside)
        os.rename(beside, os.path.join(folder, name))


def reload(connection, shape):
    lay(shape)
    connection.request("POST", "/plugins/changeling/reload", headers=HEADERS)
    answer = connection.getresponse()
    body = answer.read().decode(errors="replace")
    if answer.status != 200 or json.loads(body)["version"] != shape:
        sys.exit(f"the reload was answered with {answer.status}: {body}")


operator = http.client.HTTPConnection(address, timeout=60)
reload(operator, "one")
stop = threading.Event()
clients = [Client(path, stop) for path in PATHS]
for client in clients:
    client.start()
for i in range(int(count)):
    reload(operator, "two" if i % 2 == 0 else "one")
stop.set()
for client in clients:
    client.join(60)
failed = [bad for client in clients for bad in client.bad]
quiet = [client.path for client in clients if not client.shapes or client.is_alive()]
quick = [client for client in clients if client.path == "/changeling"]
print(f"{count} reloads, {len(failed)} failed")
if failed or quiet or any(client.shapes != {"one", "two"} for client in quick):
    sys.exit(f"failed: {failed[:3]}; without an answer: {quiet}; answered by: {[client.shapes for client in clients]}")
