"""Runs a notebook again, with Jupyter's own libraries, and says what x is at its end."""
import sys

import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(notebook)
notebook.cells.append(nbformat.v4.new_code_cell("print('x is', x)"))
NotebookClient(notebook, timeout=60, allow_errors=True).execute()
print("valid, and", notebook.cells[-1].outputs[0]["text"])
