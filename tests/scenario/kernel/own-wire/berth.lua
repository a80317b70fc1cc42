-- The kernel plugin in a confined process of its own, which has no Unix sockets.
plugin "kernel" { process = "own", config = { preload = { "json" }, grace_ms = 1500, transports = { "ipc", "tcp" } } }
