-- The workspace plugin in a process of its own: the folder's descriptor travels.
plugin "workspace" { process = "own" }
