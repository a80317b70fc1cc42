"""The peer that an orchestrator would write: FastAPI on uvicorn (uvloop, httptools), and jupyter_client's AsyncKernelClient at one
ipykernel for each kernel. It waits for messages and never sleeps: clients are kept, start-up is over with the first answer and not after
jupyter_client's own pauses of 200 ms, and a reset starts the new kernel at once and lets the old one end by itself."""
import argparse
import asyncio
import json
import os
import socket
import subprocess
import time
import uuid
from queue import Empty
from typing import Optional

import uvicorn
import zmq
import zmq.asyncio
from fastapi import FastAPI, HTTPException
from jupyter_client import AsyncKernelManager
from pydantic import BaseModel, Field

DEFAULT = "default"
app = FastAPI(openapi_url=None)
context = zmq.asyncio.Context()
context.setsockopt(zmq.RECONNECT_IVL, 5)  # ms, not 100: a kernel that has just opened its ports is found soon
kernels = {}
leaving = set()


class Cell(BaseModel):
    code: str = Field(max_length=8 << 20)
    timeout: float = Field(600, gt=0, le=1800)


class Kernel:
    def __init__(self):
        self.manager = AsyncKernelManager(kernel_name="python3", context=context)
        self.client, self.turn = None, asyncio.Lock()

    async def start(self):
        await self.manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.client = self.manager.client()
        self.client.start_channels(shell=True, iopub=True, stdin=False, hb=False, control=False)
        while not await self.answers():
            pass
        return self

    async def answers(self):
        """Whether a question is answered on both channels: a subscription that came too late has missed the first."""
        sent = self.client.kernel_info()
        await self.reply(sent)
        try:
            while True:
                message = await self.client.get_iopub_msg(timeout=0.05)
                if message["parent_header"].get("msg_id") == sent and message["content"].get("execution_state") == "idle":
                    return True
        except Empty:
            return False

    async def reply(self, sent):
        while True:
            message = await self.client.get_shell_msg()
            if message["parent_header"].get("msg_id") == sent:
                return message["content"]

    async def run(self, cell):
        async with self.turn:
            begun, sent = time.perf_counter(), self.client.execute(cell.code, allow_stdin=False, stop_on_error=False)
            answer = {"id": sent, "status": "completed", "stdout": "", "stderr": "", "result": None, "error": None, "outputs": []}
            await asyncio.wait_for(self.listen(sent, answer), cell.timeout)
            answer["execution_count"] = (await self.reply(sent)).get("execution_count")
            answer["timing_ms"] = (time.perf_counter() - begun) * 1000
            return answer

    async def listen(self, sent, answer):
        texts = {"stdout": [], "stderr": []}
        while True:
            message = await self.client.get_iopub_msg()
            if message["parent_header"].get("msg_id") != sent:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            if kind == "stream":
                texts[content["name"]].append(content["text"])
            elif kind in ("execute_result", "display_data"):
                answer["outputs"].append({"type": "display", "data": content["data"], "metadata": content["metadata"]})
                if kind == "execute_result":
                    answer["result"] = content["data"].get("text/plain")
            elif kind == "error":
                answer["status"] = "failed"
                answer["error"] = {"name": content["ename"], "value": content["evalue"], "traceback": content["traceback"]}
        answer.update((name, "".join(pieces)) for name, pieces in texts.items())

    async def end(self):
        self.client.stop_channels()
        await self.manager.shutdown_kernel(now=True)

    def facts(self, name):
        return {"kernel": name, "pid": self.manager.provisioner.pid}


def end_later(kernel):
    task = asyncio.create_task(kernel.end())
    leaving.add(task)
    task.add_done_callback(leaving.discard)


async def find(name) -> Kernel:
    if name not in kernels:
        raise HTTPException(404, f"there is no kernel {name}")
    return kernels[name]


@app.post("/exec")
@app.post("/kernels/{name}/exec")
async def execute(cell: Cell, name: Optional[str] = DEFAULT):
    return await (await find(name)).run(cell)


@app.post("/reset")
@app.post("/kernels/{name}/reset")
async def reset(name: Optional[str] = DEFAULT):
    old = await find(name)
    kernels[name] = await Kernel().start()
    end_later(old)
    return {"success": True, "data": {"old_pid": old.facts(name)["pid"], "new_pid": kernels[name].facts(name)["pid"]}}


@app.post("/kernels")
async def create():
    name = uuid.uuid4().hex
    kernels[name] = await Kernel().start()
    return kernels[name].facts(name)


@app.get("/kernels")
async def list_all():
    return {"kernels": [kernel.facts(name) for name, kernel in kernels.items()]}


@app.delete("/kernels/{name}")
async def remove(name: str):
    end_later(await find(name))
    del kernels[name]
    return {"kernel": name, "deleted": True}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ready-fd", type=int, default=1)
    ready = parser.parse_args().ready_fd
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    line = {"listen": ["127.0.0.1:%d" % listener.getsockname()[1]], "pid": os.getpid()}

    @app.on_event("startup")
    async def begin():
        kernels[DEFAULT] = await Kernel().start()
        os.write(ready, json.dumps(line).encode() + b"\n")

    @app.on_event("shutdown")
    async def finish():
        await asyncio.gather(*leaving, *(kernel.end() for kernel in kernels.values()))

    config = uvicorn.Config(app, access_log=False, log_level="warning", loop="uvloop", http="httptools", timeout_keep_alive=600)
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main()
