-- What an operator may open: some files, logs, a journal, command lines. The state folder is listed, and stays closed.
plugin "system" { config = {
  files = { "/etc/os-release", "/usr/share", "/proc", "{{state}}", "/etc" },
  private_logs = true, command_lines = true,
  logs = "{{state}}/logs", journals = { "{{state}}/journals" },
} }
