limits { body_stall = "2s", upload = "2GiB" }
