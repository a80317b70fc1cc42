-- More fits on its way to a viewer than is kept for whoever comes later, so he is not behind from the start; and nobody
-- is let go for reading slowly while a case runs.
limits { stream_buffer = "1MiB", write_stall = "10m" }
plugin "shell" { }
