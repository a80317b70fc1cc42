-- What a session may use up in a turn, so that an agent that goes round in circles comes to an end. See README.md.
local s = berth.settings
local limits = {
  steps = s.steps or (s.mode ~= "agent" and 10 or nil),
  seconds = s.seconds or 1800,
  busy_seconds = s.busy_seconds,
  cpu_seconds = s.cpu_seconds,
  output_bytes = s.output_bytes,
  pages = s.pages,
  tokens = s.tokens,
}
needs("sessions.show", "cpu_seconds are not counted")

local function used()
  local state = berth.state
  if not state.used then state.used, state.began, state.warned = {}, berth.now(), {} end
  return state.used
end

local function add(name, amount)
  local now = used()
  now[name] = (now[name] or 0) + amount
end

local function look()
  local now, left = used(), {}
  now.seconds = berth.now() - berth.state.began
  for name, limit in pairs(limits) do
    left[name] = math.max(0, limit - (now[name] or 0))
    if now[name] and now[name] >= 0.8 * limit and not berth.state.warned[name] then
      berth.state.warned[name] = true
      berth.emit("warning", { name = name, used = now[name], limit = limit })
    end
  end
  remaining(left)
  return left
end

before(function(call)
  if call.scope == "read" or berth.matches("host.*", call.operation) or berth.matches("sessions.*", call.operation) then return end
  for name, left in pairs(look()) do
    if left <= 0 then return deny { "the turn's budget of " .. name .. " (" .. limits[name] .. ") is used up", status = 429 } end
  end
  add("steps", 1)
  charge { steps = 1 }
  if berth.matches(s.page_operations or "browser.open*", call.operation) then add("pages", 1) end
  look()
end)

after(function(call, result)
  if call.scope == "read" then return end
  add("busy_seconds", result.seconds)
  add("output_bytes", result.bytes)
  charge { busy_seconds = result.seconds, output_bytes = result.bytes }
  if not limits.cpu_seconds or not berth.has("sessions.show") then return end
  local shown = berth.call("sessions.show", { id = call.session })
  if shown and shown.usage.cpu_seconds ~= berth.null then
    berth.state.cpu_base = berth.state.cpu_base or shown.usage.cpu_seconds
    used().cpu_seconds = shown.usage.cpu_seconds - berth.state.cpu_base
  end
end)

event("session.charged", function(e)
  if e.data.amounts.tokens then add("tokens", e.data.amounts.tokens) end
end)

event("session.turn", function() berth.state.used, berth.state.cpu_base = nil, nil end)

local function step(operation) return ask.before { operation = operation or "kernel.exec" } end

test("the eleventh step is refused, and the next turn begins anew", function()
  clock(1000)
  for i = 1, 10 do assert(step().verdict == "allow") end
  assert(step().reason:find("steps %(10%)"))
  ask.event { topic = "session.turn" }
  assert(step().verdict == "allow")
end)

test("reading costs nothing, and what remains is said", function()
  clock(1000)
  assert(ask.before { operation = "workspace.read", scope = "read" }.remaining == "")
  assert(step().remaining:find("steps=9"))
end)

test("a warning is said once, at four fifths", function()
  clock(1000)
  local warned = 0
  for i = 1, 10 do warned = warned + #step().events end
  assert(warned == 1)
end)

test("half an hour is the end of a turn", function()
  clock(1000)
  step()
  clock(1000 + 1801)
  assert(step().reason:find("seconds %(1800%)"))
end)
