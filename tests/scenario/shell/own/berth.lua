-- The shell plugin in a confined process of its own.
plugin "shell" { process = "own", config = { grace_ms = 500 } }
