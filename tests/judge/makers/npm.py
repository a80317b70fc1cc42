"""Files by the npm packages exceljs and docx, each of which a script makes all at once."""
import os
import shutil
import subprocess
import tempfile

import packing

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
SCRIPTS = ["npm_excel.js", "npm_word.js", "npm_word_more.js"]


def make_all(into, again):
    del again
    node, modules = shutil.which("node"), os.environ.get("NODE_PATH") or os.path.join(ROOT, "build/npm/node_modules")
    if not node or not os.path.isdir(os.path.join(modules, "exceljs")) or not os.path.isdir(os.path.join(modules, "docx")):
        return [], ["npm: node, exceljs or docx is missing"]
    done, failed = [], []
    for script in SCRIPTS:
        with tempfile.TemporaryDirectory() as folder:
            ran = subprocess.run([node, os.path.join(HERE, script), folder], env={**os.environ, "NODE_PATH": modules}, capture_output=True, text=True, check=False)
            if ran.returncode:
                failed.append(f"{script}: {ran.stderr.strip()[:600]}")
            for name in sorted(os.listdir(folder)):
                with open(os.path.join(folder, name), "rb") as file:
                    data = packing.settled(file.read())
                with open(os.path.join(into, name), "wb") as file:
                    file.write(data)
                done.append(name)
    return done, failed
