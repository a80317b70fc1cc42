-- A session by its name: a conversation, or anything; and of patterns that overlap the one that says most.
plugins "all"
plugin "kernel" { config = { preload = { "json" } } }
policies { { "modes", settings = { sessions = { ["*"] = "agent", ["talk-*"] = "chat", ["talk-more-*"] = "agent" } } } }
