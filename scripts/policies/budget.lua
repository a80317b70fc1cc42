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

-- What belongs to the host is no step of an agent.
local function is_free(call) return berth.matches("host.*", call.operation) or berth.matches("sessions.*", call.operation) end

-- The call says which turn it is: the event of a new one may come later than the turn's first call.
local function used(turn)
  local state = berth.state
  if not state.used or (turn or 0) > state.turn then
    state.turn, state.used, state.began, state.warned = turn or 0, {}, berth.now(), {}
    state.cpu_base = state.cpu_total or 0
  end
  return state.used
end

local function add(name, amount)
  local now = used()
  now[name] = (now[name] or 0) + amount
end

local function look(turn)
  local now, left, whole = used(turn), {}, {}
  now.seconds = berth.now() - berth.state.began
  for name, limit in pairs(limits) do
    left[name] = math.max(0, limit - (now[name] or 0))
    whole[name] = math.floor(left[name])
    if now[name] and now[name] >= 0.8 * limit and not berth.state.warned[name] then
      berth.state.warned[name] = true
      berth.emit("warning", { name = name, used = now[name], limit = limit })
    end
  end
  remaining(whole)
  return left
end

before(function(call)
  local left = look(call.turn)
  if call.scope == "read" or is_free(call) then return end
  for name, amount in pairs(left) do
    if amount <= 0 then return deny { "the turn's budget of " .. name .. " (" .. limits[name] .. ") is used up", status = 429 } end
  end
  add("steps", 1)
  charge { steps = 1 }
  if berth.matches(s.page_operations or "browser.open*", call.operation) then add("pages", 1) end
  look()
end)

after(function(call, result)
  if call.scope == "read" or is_free(call) then return end
  used(call.turn)
  add("busy_seconds", result.seconds)
  add("output_bytes", result.bytes)
  charge { busy_seconds = result.seconds, output_bytes = result.bytes }
  if not limits.cpu_seconds or not berth.has("sessions.show") then return end
  local shown = berth.call("sessions.show", { id = call.session })
  local total = shown and shown.usage and shown.usage.cpu_seconds
  if type(total) ~= "number" then return end
  local state = berth.state
  if total < (state.cpu_total or 0) then state.cpu_base = 0 end  -- its jail was opened anew, and counts from nothing
  state.cpu_total = total
  used().cpu_seconds = math.max(0, total - state.cpu_base)
end)

event("session.charged", function(e)
  if e.data.amounts.tokens then add("tokens", e.data.amounts.tokens) end
end)

event("session.turn", function(e) used(e.data.turn) end)

local function step(turn) return ask.before { operation = "kernel.exec", turn = turn } end

test("the eleventh step is refused, and the next turn begins anew", function()
  clock(1000)
  for i = 1, 10 do assert(step().verdict == "allow") end
  assert(step().reason:find("steps %(10%)"))
  assert(step(1).verdict == "allow")
end)

test("reading costs nothing, and what remains is said", function()
  clock(1000)
  assert(ask.before { operation = "workspace.read", scope = "read" }.remaining:find("steps=10"))
  assert(ask.before { operation = "sessions.turn", scope = "admin" }.remaining:find("steps=10"))
  assert(step().remaining:find("steps=9"))
  ask.after({ operation = "host.status", scope = "admin" }, { seconds = 5 })
  assert(not berth.state.used.busy_seconds)
end)

test("what runs on a processor is counted from the turn's beginning", function()
  clock(1000)
  limits.cpu_seconds = 10
  local shown = { usage = { cpu_seconds = 4 } }
  answers { ["sessions.show"] = function() return shown end }
  local function cell(turn) ask.after({ operation = "kernel.exec", turn = turn }, { seconds = 1 }) end
  step(0)
  cell(0)
  assert(berth.state.used.cpu_seconds == 4)
  shown.usage.cpu_seconds = 15
  cell(0)
  assert(step(0).reason:find("cpu_seconds %(10%)"))
  assert(step(1).verdict == "allow")
  shown.usage.cpu_seconds = 17
  cell(1)
  assert(berth.state.used.cpu_seconds == 2)
  shown.usage = nil
  cell(1)
  limits.cpu_seconds = nil
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

test("what remains is said in whole numbers", function()
  clock(1000)
  step()
  clock(1001.5)
  assert(step().remaining:find("seconds=1798%f[^%d.]"))
end)
