-- In the host: what the plugin holds is the host's, and both are measured together.
plugin "kernel" { config = { preload = { "json" }, output_cap = 4096 } }
