-- A plugin that may die twice, but not three times, within a minute.
plugin "villain" { file = "{{plugins}}/../villains/villain.so", deaths = 3, within = "1min" }
