-- Plugins of other minor versions of the ABI, once in processes of their own and once in the host's.
plugin_folder "{{state}}"
plugin "epoch_newer" { process = "own" }
plugin "epoch_older" { process = "own" }
