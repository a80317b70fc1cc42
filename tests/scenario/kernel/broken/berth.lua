-- An interpreter that is none.
plugin "kernel" { config = { python = "/usr/bin/false" } }
