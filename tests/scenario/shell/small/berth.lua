-- A workspace of one megabyte: a tenth of it is what one stream of one command may spill.
sessions { workspace = { quota = "1MB" } }
plugin "shell" { config = { output_cap = 4096 } }
