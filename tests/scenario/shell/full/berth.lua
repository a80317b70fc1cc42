-- Little output is kept, so that much is spilled.
plugin "shell" { config = { output_cap = 4096, grace_ms = 500 } }
