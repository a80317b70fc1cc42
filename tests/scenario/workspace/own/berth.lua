-- The workspace plugin in a process of its own: the folder's descriptor travels. It works on files that belong to agents, so it cannot be confined.
plugin "workspace" { process = "own", confined = false }
