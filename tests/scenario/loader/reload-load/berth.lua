-- A plugin that is replaced again and again while clients call it: first in a process of its own, then in the host's.
plugin_folder "{{state}}"
plugin "changeling" { process = "own" }
