-- A workspace of one megabyte, and a shell, whose programs write what the operations read.
sessions { workspace = { quota = "1MB" } }
