-- Nobody needs a token; where that lets whom in is warned of.
auth(false)
listen { "127.0.0.1:0" }
