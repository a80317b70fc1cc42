-- As it comes.
plugin "shell" { }
