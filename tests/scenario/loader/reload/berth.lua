-- A plugin that is replaced while it is used: first in a process of its own, then in the host's.
plugin_folder "{{state}}"
plugin "changeling" { process = "own", start_time = "3s" }
