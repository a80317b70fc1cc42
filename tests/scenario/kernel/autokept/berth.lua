-- Variables are written each second, so that a host that is killed leaves some.
plugin "kernel" { config = { preload = { "json" }, cryo = { every = 1 } } }
