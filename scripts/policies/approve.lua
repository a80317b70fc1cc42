-- Operations that need a person's yes. See README.md.
local s = berth.settings

before(s.operations or { "workspace.delete", "sessions.delete", "host.plugin_*" }, function(call)
  return approve { call.caller .. " wants " .. call.operation, timeout = s.timeout or 600 }
end)

test("what is listed waits, all else goes on", function()
  assert(ask.before { operation = "workspace.delete", caller = "ann" }.reason == "ann wants workspace.delete")
  assert(ask.before { operation = "workspace.delete" }.verdict == "approve")
  assert(ask.before { operation = "workspace.write" }.verdict == "allow")
end)
