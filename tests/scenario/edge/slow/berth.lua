limits { header_time = "1s", body_stall = "1s", idle_time = "2s", write_stall = "2s" }
