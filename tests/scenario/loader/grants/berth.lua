-- A guest that is granted less than it needs, and one whose secret cannot be had.
plugin "guest" { file = "{{plugins}}/../guests/guest.so", services = { "events", "jobs" } }
