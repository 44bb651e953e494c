"""The notebook of the examples runs from top to bottom."""

from pathlib import Path

import nbclient
import nbformat

NOTEBOOK = Path(__file__).resolve().parents[2] / "Examples/notebook/votes-to-verdict.ipynb"


def test_the_notebook_runs(tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    # No time is too long for a loaded machine.
    client = nbclient.NotebookClient(notebook, timeout=None, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    printed = "".join(
        output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", []) if "text" in output
    )
    assert printed.startswith("B is better than A")
    frame = notebook.cells[-1].outputs[-1]["data"]["text/plain"]
    assert "missing" in frame and "photo 1" in frame
