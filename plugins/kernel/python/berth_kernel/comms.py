"""Comms (widgets and their like): messages pass through in both directions; what they mean is theirs. Needs the package `comm`."""
import base64

from .wire import clean

try:
    import comm
    from comm.base_comm import BaseComm
except ImportError:
    comm = None


def install(sink):
    """comm.create_comm makes ours from now on. False: there is no such package here."""
    if comm is None:
        return False

    class Comm(BaseComm):
        def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
            content = {"data": {} if data is None else data, "comm_id": self.comm_id, **keys}
            sink.emit("comm", type=msg_type, content=clean(content), metadata=metadata or {}, buffers=[clean(bytes(one)) for one in buffers or ()])

    comm.create_comm = Comm
    return True


def receive(worker, frame, _fds):
    """The request `comm`: comm_open, comm_msg or comm_close from outside."""
    kind = frame.get("type")
    if comm is None or kind not in ("comm_open", "comm_msg", "comm_close"):
        raise ValueError("the package comm is not installed" if comm is None else f"no such comm message: {kind}")
    message = {"content": frame.get("content") or {}, "metadata": frame.get("metadata") or {},
               "buffers": [base64.b64decode(one) for one in frame.get("buffers") or ()]}
    try:
        worker.interrupts.call(getattr(comm.get_comm_manager(), kind), None, None, message)
    finally:
        worker.interrupts.hold()
    return {"status": "ok", "error": None}


def info(_worker, frame, _fds):
    """The request `comm_info`: which comms are open, of one target or of all."""
    wanted = frame.get("target_name")
    open_ones = list(comm.get_comm_manager().comms.items())[:1000] if comm is not None else []
    comms = {str(key): {"target_name": str(one.target_name)} for key, one in open_ones if not wanted or one.target_name == wanted}
    return {"status": "ok", "error": None, "comms": comms}
