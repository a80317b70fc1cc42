-- Little output is kept, and the grace is short, so that both can be seen.
plugin "shell" { config = { output_cap = 4096, grace_ms = 500 } }
