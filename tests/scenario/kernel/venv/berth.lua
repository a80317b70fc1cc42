-- The interpreter of a virtual environment, here in the workspace, where an agent can make it.
plugin "kernel" { config = { python = "/workspace/output/venv/bin/python", preload = { "json", "of_the_venv" } } }
