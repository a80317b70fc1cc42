-- One kernel with little preloaded, so that it is there at once, and without a spare.
plugin "kernel" { config = { preload = { "json" }, spares = 0 } }
