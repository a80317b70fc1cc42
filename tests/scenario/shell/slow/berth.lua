-- A client that lost its connection has half a second to come back; who does not stop at once has long.
limits { resume_time = "500ms" }
plugin "shell" { config = { grace_ms = 30000 } }
