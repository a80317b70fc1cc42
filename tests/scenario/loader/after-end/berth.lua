-- The villain in the host's process, where nothing but the host itself is between its crimes and everybody.
plugin "villain" { file = "{{plugins}}/../villains/villain.so", process = "host" }
