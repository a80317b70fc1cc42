-- In a process of its own that is not confined: what a broken journal or disk could do to it, the host survives.
plugin "system" { process = "own", confined = false, config = { files = { "/usr/share" }, private_logs = true, logs = "{{state}}/logs", journals = { "{{state}}/journals" } } }
