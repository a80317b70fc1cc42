"""%%bash and its kin without a thread: IPython's own start one that stays, and with a thread a kernel cannot be frozen."""
import errno
import subprocess
import sys

from IPython.core import magic_arguments
from IPython.core.magic import cell_magic, magics_class
from IPython.core.magics.script import ScriptMagics, script_args
from IPython.utils.process import arg_split

from .children import finish


@magics_class
class Scripts(ScriptMagics):
    @magic_arguments.magic_arguments()
    @script_args
    @cell_magic("script")
    def shebang(self, line, cell):
        """Runs the cell by a program: %%script PROGRAM."""
        arguments, command = self.shebang.parser.parse_known_args(arg_split(line, posix=True))
        if arguments.bg or arguments.proc:
            return super().shebang(line, cell)
        if not command:
            print("%%script wants a program", file=sys.stderr)
            return None
        self.shell.sink.divide()
        try:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, process_group=0, stdout=subprocess.PIPE if arguments.out else None,
                                       stderr=subprocess.PIPE if arguments.err else None)
        except OSError as no:
            if no.errno == errno.ENOENT:
                print(f"Couldn't find program: {command[0]!r}")
                return None
            raise
        self._finish(process, arguments, cell)
        return None

    def _finish(self, process, arguments, cell):
        text = cell if cell.endswith("\n") else cell + "\n"
        out, err = finish(process, lambda: process.communicate(text.encode("utf-8", "replace")))
        self.shell.sink.divide()
        for name, data in ((arguments.out, out), (arguments.err, err)):
            if name:
                self.shell.user_ns[name] = data.decode("utf-8", "replace")
        if arguments.raise_error and process.returncode != 0:
            raise subprocess.CalledProcessError(process.returncode, cell)
