-- The cases lay files into this folder, write configurations of their own, and start the host again.
plugin_folder "{{state}}"
