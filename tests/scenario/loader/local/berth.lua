-- Timers, processes, files and loopback HTTP, as a plugin in the host's process uses them.
plugin "local" { file = "{{plugins}}/../services/local.so", process = "host", services = { "process", "http" } }
