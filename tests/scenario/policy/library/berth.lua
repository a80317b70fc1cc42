-- Several that come with Berth, together, each told to look at the probe.
policies {
  { "modes", settings = { sessions = { ["chat-*"] = "chat", ["sheet-*"] = "sheets" } } },
  { "approve", settings = { operations = { "probe.twice" }, timeout = 1 } },
  { "rate", settings = { per_minute = 6, burst = 2, match = "probe.throw" } },
  { "quiet_hours", settings = { from = 0, to = 24, match = "probe.admin" } },
  "heal",
  "validate",
}
