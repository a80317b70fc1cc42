-- What a session may use up in a turn, so that an agent that goes round in circles comes to an end. See README.md.
local s = berth.settings
s.steps = s.steps or (s.mode ~= "agent" and 10 or nil)
s.seconds = s.seconds or 1800
local bounded = { "steps", "seconds", "busy_seconds", "cpu_seconds", "output_bytes", "pages", "tokens" }
needs("sessions.show", "cpu_seconds are not counted")

-- What belongs to the host is no step of an agent.
local function is_free(call) return call.scope == "read" or berth.matches({ "host.*", "sessions.*" }, call.operation) end

-- The call says which turn it is: the event of a new one may come later than the turn's first call.
local function used(turn)
  local state = berth.state
  if not state.used or (turn or 0) > state.turn then
    state.turn, state.used, state.began, state.warned = turn or 0, {}, berth.now(), {}
    state.cpu_base = state.cpu_total or 0
  end
  return state.used
end

local function add(name, amount) used()[name] = (used()[name] or 0) + amount end

-- Says what remains, and warns; the first bound that is reached, or nil.
local function look(turn)
  local now, left, reached = used(turn), {}, nil
  now.seconds = berth.now() - berth.state.began
  for _, name in ipairs(bounded) do
    local most, amount = s[name], now[name] or 0
    if most then
      left[name] = math.floor(math.max(0, most - amount))
      if amount >= most then reached = reached or name end
      if amount >= 0.8 * most and not berth.state.warned[name] then
        berth.state.warned[name] = true
        berth.emit("warning", { name = name, used = amount, limit = most })
      end
    end
  end
  remaining(left)
  return reached
end

before(function(call)
  local reached = look(call.turn)
  if is_free(call) then return end
  if reached then return deny { "the turn's budget of " .. reached .. " (" .. s[reached] .. ") is used up", status = 429 } end
  add("steps", 1)
  charge { steps = 1 }
  if berth.matches(s.page_operations or "browser.open*", call.operation) then add("pages", 1) end
  look()
end)

after(function(call, result)
  if is_free(call) then return end
  used(call.turn)
  add("busy_seconds", result.seconds)
  add("output_bytes", result.bytes)
  charge { busy_seconds = result.seconds, output_bytes = result.bytes }
  local shown = s.cpu_seconds and berth.call("sessions.show", { id = call.session })
  local total, state = shown and shown.usage and tonumber(shown.usage.cpu_seconds), berth.state
  if not total then return end
  if total < (state.cpu_total or 0) then state.cpu_base = 0 end  -- its jail was opened anew, and counts from nothing
  state.cpu_total = total
  used().cpu_seconds = math.max(0, total - state.cpu_base)
end)

event("session.charged", function(e) add("tokens", e.data.amounts.tokens or 0) end)
event("session.turn", function(e) used(e.data.turn) end)
