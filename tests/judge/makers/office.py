"""Files by LibreOffice, without a window: converted from flat ODF, HTML and CSV, and from what the other producers made."""
import os
import shutil
import subprocess
import tempfile

import packing
from makers import office_sources

# What LibreOffice calls its ways to write, by the kind of file that comes out and what the file's name begins with.
WAYS = [("xlsx", "Calc MS Excel 2007 XML", "lo"), ("docx", "MS Word 2007 XML", "lo"), ("xlsx", "Calc Office Open XML", "lo-ecma"), ("docx", "Office Open XML Text", "lo-ecma")]
LARGEST = 400_000


def make_all(into, again):
    program = shutil.which("soffice")
    if not program:
        return [], ["office: LibreOffice is missing"]
    done, failed = [], []
    with tempfile.TemporaryDirectory() as folder:
        sources = os.path.join(folder, "sources")
        os.mkdir(sources)
        written = office_sources.write_all(sources)
        others = [os.path.join(into, name) for name in sorted(os.listdir(into)) if name.endswith((".xlsx", ".docx")) and not name.startswith(("lo-", "hand-"))]
        for kind, way, first in WAYS:
            fitting = [path for path in written if office_sources.kind_of(path) == kind] + [path for path in others if path.endswith(kind)]
            if first == "lo-ecma":
                fitting = fitting[::4]
            names = {path: f"{first}-{os.path.basename(path).rpartition('.')[0]}.{kind}" for path in fitting if os.path.getsize(path) < LARGEST}
            if not again:
                names = {path: name for path, name in names.items() if not os.path.exists(os.path.join(into, name))}
            _convert(program, folder, names, kind, way, into, done, failed)
    return done, failed


def _convert(program, folder, names, kind, way, into, done, failed):
    """In portions: LibreOffice gives up all the rest of them with one that it cannot read."""
    paths = list(names)
    for start in range(0, len(paths), 25):
        out = tempfile.mkdtemp(dir=folder)
        portion = paths[start:start + 25]
        command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", "--convert-to", f"{kind}:{way}", "--outdir", out, *portion]
        try:
            subprocess.run(command, capture_output=True, timeout=400, check=False)
        except subprocess.TimeoutExpired:
            failed.append(f"{way}: no end with {portion[0]}")
        for path in portion:
            made = os.path.join(out, os.path.basename(path).rpartition(".")[0] + "." + kind)
            if not os.path.exists(made):
                failed.append(f"{names[path]}: LibreOffice made nothing of it")
                continue
            with open(made, "rb") as file:
                data = packing.settled(file.read())
            with open(os.path.join(into, names[path]), "wb") as file:
                file.write(data)
            done.append(names[path])
