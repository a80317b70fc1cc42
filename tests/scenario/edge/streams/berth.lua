limits { heartbeat = "300ms", resume_time = "2s" }
