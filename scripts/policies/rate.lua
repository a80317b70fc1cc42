-- So many calls a minute for each session, and a few at once. See README.md.
local s = berth.settings
local per_minute, burst = s.per_minute or 60, s.burst or s.per_minute or 60

before(s.match or "*", function(call)
  if call.scope == "read" or berth.matches("host.*", call.operation) then return end
  local now, state = berth.now(), berth.state
  local tokens = math.min(burst, (state.tokens or burst) + math.max(0, now - (state.at or now)) * per_minute / 60)
  state.at, state.tokens = now, tokens
  if tokens < 1 then
    return deny { "more than " .. per_minute .. " calls a minute", retry_after = math.ceil((1 - tokens) * 60 / per_minute) }
  end
  state.tokens = tokens - 1
end)

test("sixty at once, then one a second", function()
  clock(1000)
  for i = 1, 60 do assert(ask.before { operation = "a.b" }.verdict == "allow") end
  assert(ask.before { operation = "a.b" }.seconds == 1)
  assert(ask.before { operation = "a.b", session = "other" }.verdict == "allow")
  clock(1001)
  assert(ask.before { operation = "a.b" }.verdict == "allow")
  assert(ask.before { operation = "a.b" }.verdict == "deny")
end)
