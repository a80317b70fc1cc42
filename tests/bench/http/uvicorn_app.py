"""The peer: the same route in FastAPI, served by uvicorn with one worker, uvloop and httptools (whatever of them is installed),
without an access log and without a token."""
import argparse
import json
import os
import socket
from typing import List, Optional

import uvicorn
from fastapi import FastAPI, Query

app = FastAPI(openapi_url=None)


@app.get("/probe/get/{name}")
async def get(name: str, count: Optional[int] = Query(None, ge=1, le=10), flag: Optional[bool] = None,
              tags: List[str] = Query([])):
    return {"count": count, "flag": flag, "name": name, "tags": tags}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ready-fd", type=int, default=1)
    ready = parser.parse_args().ready_fd
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(4096)
    line = {"listen": ["127.0.0.1:%d" % listener.getsockname()[1]], "pid": os.getpid()}

    @app.on_event("startup")
    async def say_ready():
        os.write(ready, json.dumps(line).encode() + b"\n")

    config = uvicorn.Config(app, access_log=False, log_level="warning", backlog=4096)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
