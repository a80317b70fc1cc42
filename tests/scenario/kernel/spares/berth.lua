-- Two workers wait ready, for each session.
plugin "kernel" { config = { preload = { "json" }, spares = 2 } }
