-- Variables in files: a workspace that fills up, and little preloaded.
plugin "kernel" { config = { preload = { "json", "numpy" }, grace_ms = 1500 } }
