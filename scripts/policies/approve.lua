-- Operations that need a person's yes. See README.md.
local s = berth.settings
local asked = s.operations or { "workspace.delete", "sessions.delete", "host.plugin_*" }

before(function(call)
  for _, pattern in ipairs(asked) do
    if berth.matches(pattern, call.operation) then
      return approve { call.caller .. " wants " .. call.operation, timeout = s.timeout or 600 }
    end
  end
end)

test("what is listed waits, all else goes on", function()
  assert(ask.before { operation = "workspace.delete", caller = "ann" }.reason == "ann wants workspace.delete")
  assert(ask.before { operation = "workspace.delete" }.verdict == "approve")
  assert(ask.before { operation = "workspace.write" }.verdict == "allow")
end)
