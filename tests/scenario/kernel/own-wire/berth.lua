-- The kernel plugin in a confined process of its own, which may signal nobody.
plugin "kernel" { process = "own", config = { preload = { "json" }, grace_ms = 1500, transports = { "ipc", "tcp" } } }
