"""A program of a scenario's own that runs as long as its host, such as a server of pages."""
import subprocess

from .text import Failure


class Beside:
    """It says one word (a port) on its first line, and ends when its standard input does."""

    def __init__(self, file):
        self.process = subprocess.Popen(["/usr/bin/python3", file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.word = self.process.stdout.readline().strip()
        if not self.word:
            self.end()
            raise Failure(f"{file} said nothing and ended")

    def end(self):
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
