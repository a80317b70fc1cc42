-- A workspace of one megabyte, so that it is full soon.
sessions { workspace = { quota = "1MB" } }
