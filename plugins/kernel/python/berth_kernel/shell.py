"""A real IPython shell whose output goes to the plugin: results, displays and tracebacks as events, the rest through descriptors 1 and 2."""
import fnmatch
import os
import subprocess
import threading

from IPython.core import page, payloadpage
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import UsageError
from IPython.core.events import EventManager, available_events
from IPython.core.interactiveshell import InteractiveShell, InteractiveShellABC
from IPython.utils.text import LSString, SList
from traitlets import Any, Type, default
from traitlets.config import Config

from .children import run
from .formats import DisplayFormatter
from .loops import Loop
from .plain import PrefilterManager, Words
from .quick import DisplayHook, HistoryManager, Number, Outcome, Truth
from .scripts import Scripts
from .sources import Sources
from .wire import shorten, size

LONGEST = 1 << 20
FIGURES = ("image/png", "image/jpeg", "image/svg+xml", "application/pdf", "image/gif")


class Sink:
    """Where events go; the worker puts itself here. In the zygote there is nobody to tell."""

    def __init__(self):
        self.emit = lambda *_args, **_fields: None
        self.divide = lambda: None
        self.count = 0
        self.figures = {"count": 20, "bytes": 5 << 20, "bundle": 16 << 20}
        self.left_out = 0

    def fit(self, data, update):
        """The bundle without what is over the caps, with a note in its place."""
        kept, why, room = {}, None, self.figures["bundle"]
        if any(kind in FIGURES for kind in data) and not update:
            self.count += 1
        for kind, value in data.items():
            takes = size(value)
            if kind in FIGURES and self.count > self.figures["count"]:
                why = f"figure {self.count} left out: a cell may show {self.figures['count']}"
            elif kind in FIGURES and takes > self.figures["bytes"]:
                why = f"{kind} of {takes} bytes left out: a figure may have {self.figures['bytes']}"
            elif takes > room:
                why = f"{kind} of {takes} bytes left out: {self.figures['bundle']} is the most for all that one display has"
            else:
                kept[kind] = value
                room -= takes
        if why:
            self.left_out += 1
            kept["text/plain"] = f"[{why}]"
        return kept


class Publisher(DisplayPublisher):
    sink = Any()

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_more):
        self._validate_data(data, metadata)
        name = "update_display" if update else "display"
        self.sink.emit(name, data=self.sink.fit(data, update), metadata=metadata or {}, transient=transient or {})

    def clear_output(self, wait=False):
        self.sink.emit("clear_output", wait=bool(wait))


class ResultHook(DisplayHook):
    sink = Any()

    def write_output_prompt(self):
        pass

    def finish_displayhook(self):
        """IPython's own writes an empty text: a mark in the pipe, and the result sent by itself."""

    def quiet(self):
        """IPython's own makes tokens of each cell to see whether it ends with a semicolon."""
        cells = self.shell.history_manager.input_hist_parsed
        return bool(cells) and ";" in cells[-1] and super().quiet()

    def write_format_data(self, format_dict, md_dict=None):
        last = self.shell.ast_node_interactivity == "last_expr"  # then nothing comes after it but the cell's end
        self.sink.emit("result", False, soon=last, data=self.sink.fit(format_dict, False), metadata=md_dict or {}, execution_count=self.prompt_count)


class Notes(dict):
    """IPython's small database, kept in memory: a jail's folder is no place for a profile."""

    def keys(self, pattern=None):
        return list(super().keys()) if pattern is None else fnmatch.filter(super().keys(), pattern)


class Flag(threading.Event):
    """Wakes IPython's thread that saves history, which we have not; its lock would stay locked for ever when an interrupt comes at the wrong moment."""

    def set(self):
        pass


class Events(EventManager):
    """IPython's own swallows an interrupt that comes while a callback runs, and the cell goes on."""

    def trigger(self, event, *args, **kwargs):
        for function in self.callbacks[event][:]:
            try:
                function(*args, **kwargs)
            except Exception:
                print(f"Error in callback {function} (for {event}):")
                self.shell.showtraceback()


class Shell(InteractiveShell):
    displayhook_class = Type(ResultHook)
    display_pub_class = Type(Publisher)
    compiler_class = Type(Sources)
    sink = Any()
    runtime = Any()
    interrupts = Any()
    execution_count = Number(1)
    last_execution_succeeded = Truth(True)
    last_execution_result = Outcome()

    @default("banner1")
    def _no_banner(self):
        return ""

    def init_display_pub(self):
        self.display_pub = Publisher(parent=self, shell=self, sink=self.sink)
        self.configurables.append(self.display_pub)

    def init_display_formatter(self):
        self.display_formatter = DisplayFormatter(parent=self)
        self.configurables.append(self.display_formatter)

    def init_displayhook(self):
        super().init_displayhook()
        self.displayhook.sink = self.sink

    def init_events(self):
        super().init_events()
        callbacks, self.events = self.events.callbacks, Events(self, available_events)
        self.events.callbacks = callbacks

    def init_history(self):
        self.history_manager = HistoryManager(shell=self, parent=self)
        self.configurables.append(self.history_manager)

    def init_prefilter(self):
        self.prefilter_manager = PrefilterManager(shell=self, parent=self)
        self.configurables.append(self.prefilter_manager)
        self.prefilter = self.prefilter_manager.prefilter_lines

    def init_hooks(self):
        super().init_hooks()
        self.set_hook("show_in_pager", page.as_hook(payloadpage.page), 99)

    def init_virtualenv(self):
        pass

    def init_magics(self):
        super().init_magics()
        self.register_magics(Scripts)
        self.magics_manager.register_alias("ed", "edit")

    def init_user_ns(self):
        super().init_user_ns()
        for name in ("__spec__", "__loader__", "__package__", "__doc__"):  # multiprocessing asks for them, and a reset takes them away
            self.user_ns.setdefault(name, None)
        if self.runtime is not None:
            self.user_ns["runtime"] = self.user_ns_hidden["runtime"] = self.runtime

    def should_run_async(self, raw_cell, *, transformed_cell=None, preprocessing_exc_tuple=None):
        """IPython's own compiles the cell to find out; without these words it need not."""
        if transformed_cell is not None and "await" not in transformed_cell and "async" not in transformed_cell:
            return False
        return super().should_run_async(raw_cell, transformed_cell=transformed_cell, preprocessing_exc_tuple=preprocessing_exc_tuple)

    def enable_gui(self, gui=None):
        if gui not in (None, "inline", "asyncio"):
            raise UsageError(f"no event loop of a desktop runs here: %gui {gui}")

    def ask_exit(self):
        self.payload_manager.write_payload({"source": "ask_exit", "keepkernel": False})

    def set_next_input(self, text, replace=False):
        self.payload_manager.write_payload({"source": "set_next_input", "text": text, "replace": replace})

    def _showtraceback(self, etype, evalue, stb):
        lines = [stb] if isinstance(stb, str) else [str(line) for line in stb]
        self.last_traceback = bounded(lines)
        if getattr(self.loop_runner, "cancelling", False):
            return
        self.sink.emit("error", name=type_name(etype), value=text_of(evalue), traceback=self.last_traceback)

    def _run_command(self, text, step, **streams):
        """In a process group that an interrupt ends as a whole."""
        return run(self.interrupts, lambda: subprocess.Popen(text, shell=True, executable=os.environ.get("SHELL") or None, process_group=0, **streams), step)

    def system(self, cmd):
        """!cmd: writes to our own descriptors."""
        self.sink.divide()
        self.user_ns["_exit_code"] = self._run_command(self.var_expand(cmd, depth=1), subprocess.Popen.wait)
        self.sink.divide()

    system_piped = system_raw = system

    def getoutput(self, cmd, split=True, depth=0):
        """x = !cmd: IPython's own swallows an interrupt."""
        text = self.var_expand(cmd, depth=int(depth) + 1)
        data = self._run_command(text, subprocess.Popen.communicate, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)[0]
        text = data.decode("utf-8", "replace")
        return SList(text.splitlines()) if split else LSString(text)


def type_name(kind):
    return str(type.__dict__["__name__"].__get__(kind))


def bounded(lines):
    """A traceback that fits: a line of a megabyte is cut, and of many lines the middle is left out."""
    if len(lines) > 200:
        lines = [*lines[:100], f"[{len(lines) - 200} parts left out]", *lines[-100:]]
    return [shorten(line, LONGEST // len(lines)) for line in lines]


def text_of(value):
    """str(value), whatever its class does with it, as far as it goes."""
    try:
        return shorten(str(value), LONGEST)
    except Exception as no:
        return f"<no text: its __str__ raised {type_name(type(no))}>"


def create(ipython_folder, sink, interrupts):
    os.environ["IPYTHONDIR"] = ipython_folder
    config = Config()
    config.HistoryAccessor.hist_file = config.HistoryManager.hist_file = ":memory:"
    config.HistoryManager.db_cache_size = 0
    config.IPCompleter.use_jedi = config.Completer.use_jedi = False
    config.InteractiveShell.cache_size = 1000
    config.InteractiveShell.autoindent = False
    shell = Shell.instance(config=config, sink=sink, interrupts=interrupts, ipython_dir=ipython_folder)
    shell.last_traceback = []
    shell.loop_runner = Loop()
    shell.input_transformer_manager = Words(shell.compile)
    shell.db = Notes()
    shell.history_manager.save_flag = Flag()
    os.environ.pop("IPYTHONDIR", None)
    return shell


InteractiveShellABC.register(Shell)
