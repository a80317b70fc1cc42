-- The kernel plugin in a process of its own, so that what grows can be told apart: the host, the plugin, the worker.
plugin "kernel" { process = "own", config = { preload = { "json" }, output_cap = 4096 } }
