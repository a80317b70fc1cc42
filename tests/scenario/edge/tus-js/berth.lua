limits { upload = "1GiB" }
