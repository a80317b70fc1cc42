-- The villain, unconfined.
plugin "villain" { file = "{{plugins}}/../villains/villain.so", confined = false, deaths = 1000, within = "1s" }
plugin "liar" { enabled = false, file = "{{plugins}}/../villains/liar.so" }
