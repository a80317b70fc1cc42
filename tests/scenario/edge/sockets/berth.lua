limits { heartbeat = "500ms", message = "1MiB" }
