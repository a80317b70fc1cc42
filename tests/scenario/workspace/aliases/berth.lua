-- A workspace with two other names, as agents that were trained elsewhere expect it.
sessions { workspace = { aliases = { "/mnt/desk", "/data/room" } } }
plugin "shell" { }
