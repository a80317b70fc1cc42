"""%%bash and its kin without a thread: IPython's own start one that stays, and with a thread a kernel cannot be frozen."""
import os
import subprocess
import sys

from IPython.core import magic_arguments
from IPython.core.magic import cell_magic, line_magic, magics_class
from IPython.core.magics.script import ScriptMagics, script_args
from IPython.utils.process import arg_split

from .children import end_group, run


@magics_class
class Scripts(ScriptMagics):
    @magic_arguments.magic_arguments()
    @script_args
    @cell_magic("script")
    def shebang(self, line, cell):
        """Runs the cell by a program: %%script PROGRAM."""
        arguments, command = self.shebang.parser.parse_known_args(arg_split(line, posix=True))
        if not command:
            print("%%script wants a program", file=sys.stderr)
            return
        step = self._leave if arguments.bg else self._finish
        self.shell.sink.divide()
        try:
            run(self.shell.interrupts, lambda: self._start(command, cell, arguments), lambda process: step(process, arguments, cell))
        except FileNotFoundError as no:
            if no.filename != command[0]:
                raise
            print(f"Couldn't find program: {command[0]!r}")

    def _start(self, command, cell, arguments):
        """It reads the cell from a file in memory, so that nobody has to feed it."""
        text = cell if cell.endswith("\n") else cell + "\n"
        with os.fdopen(os.memfd_create("cell"), "w+b") as script:
            script.write(text.encode("utf-8", "replace"))
            script.seek(0)
            return subprocess.Popen(command, stdin=script, process_group=0, stdout=subprocess.PIPE if arguments.out else None,
                                    stderr=subprocess.PIPE if arguments.err else None)

    def _leave(self, process, arguments, _cell):
        """--bg: it runs on, and its pipes are files for who asked for them."""
        self.bg_processes = [one for one in self.bg_processes if one.poll() is None] + [process]
        for name, value in ((arguments.out, process.stdout), (arguments.err, process.stderr), (arguments.proc, process)):
            if name:
                self.shell.user_ns[name] = value

    def _finish(self, process, arguments, cell):
        out, err = process.communicate()
        self.shell.sink.divide()
        for name, data in ((arguments.out, out), (arguments.err, err)):
            if name:
                self.shell.user_ns[name] = data.decode("utf-8", "replace")
        if arguments.proc:
            self.shell.user_ns[arguments.proc] = process
        if arguments.raise_error and process.returncode != 0:
            raise subprocess.CalledProcessError(process.returncode, cell)

    @line_magic("killbgscripts")
    def killbgscripts(self, _line=""):
        """Ends all that %%script and its kin have left in the background."""
        self.kill_bg_processes()
        print("All background processes were killed.")

    def kill_bg_processes(self):
        """With what they started; also at the shell's end."""
        for one in self.bg_processes:
            end_group(one)
        self.bg_processes = []
