-- What the probe is asked is recorded.
plugins "all"
policies { { "record", settings = { match = "probe.*" } } }
