"""The parts of the scenario runner; tests/scenario/README.md describes the language that they read."""
