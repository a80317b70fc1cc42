-- One kernel with little preloaded, so that it is there at once.
plugin "kernel" { config = { preload = { "json", "comm" }, grace_ms = 1500, transports = { "ipc", "tcp" } } }
