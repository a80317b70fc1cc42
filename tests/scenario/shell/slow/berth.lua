-- A client that lost its connection has half a second to come back.
limits { resume_time = "500ms" }
plugin "shell" { config = { grace_ms = 500 } }
