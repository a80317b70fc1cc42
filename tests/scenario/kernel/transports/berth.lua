-- No transport is named: ipc alone.
plugin "kernel" { config = { preload = { "json" } } }
