-- No other plugin: neither a shell nor a workspace.
plugins "listed"
plugin "kernel" { config = { preload = { "json" } } }
