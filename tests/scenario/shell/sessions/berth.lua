-- A kernel with little preloaded, so that it is there at once.
plugin "kernel" { config = { preload = { "json" } } }
