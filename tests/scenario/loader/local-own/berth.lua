-- Timers, processes, files and loopback HTTP, as a plugin in its own process uses them.
plugin "local" { file = "{{plugins}}/../services/local.so", process = "own", services = { "process", "http" } }
