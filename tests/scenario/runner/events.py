"""Server-sent events as a client sees them, comments included."""
import json
from dataclasses import dataclass

from .answers import next_piece
from .text import Failure


@dataclass
class Event:
    name: str = ""
    id: str = None
    data: str = ""
    comment: str = None

    def json(self):
        try:
            return json.loads(self.data)
        except ValueError as error:
            raise Failure(f"the event's data is no JSON: {error}", self.data[:500]) from None


class Events:
    def __init__(self, answer):
        self.answer = answer
        self.text = b""
        self.retry = None

    def next(self):
        """The next event or comment, or None at the end of the stream."""
        while True:
            while (end := self.text.find(b"\n\n")) >= 0:
                block, self.text = self.text[:end], self.text[end + 2:]
                event = self.parse(block.decode("utf-8"))
                if event:
                    return event
            piece = next_piece(self.answer)
            if piece is None:
                return None
            self.text += piece

    def parse(self, block):
        event, data, seen = Event(), [], False
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if line.startswith(":"):
                return Event(comment=line[1:].strip())
            if name == "retry":
                self.retry = int(value)
            elif name == "data":
                data.append(value)
                seen = True
            elif name in ("event", "id"):
                setattr(event, {"event": "name", "id": "id"}[name], value)
                seen = True
            else:
                raise Failure(f"an unknown line in the event stream: {line!r}")
        event.data = "\n".join(data)
        return event if seen else None
