-- In a confined process of its own: what that may not reach is told as such.
plugin "system" { process = "own", config = { files = { "/usr/share", "/etc/shadow" }, private_logs = true, command_lines = true } }
