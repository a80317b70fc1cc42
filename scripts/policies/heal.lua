-- Brings back what dies, patiently, and stops when that leads nowhere. See README.md.
local s = berth.settings
local most, within, rest = s.crashes or 3, s.within or 60, s.rest or 60
needs("kernel.checkpoint", "no snapshot is made before a risky cell")
needs("kernel.restore", "after a crash the kernel begins anew, without its variables")
needs("host.plugin_enable", "a plugin that died too often stays down until somebody enables it")

local function is_risky(code)
  for _, word in ipairs(s.risky or { "os.", "subprocess", "ctypes", "%run", "!" }) do
    if code and code:find(word, 1, true) then return true end
  end
  return false
end

before("kernel.exec*", function()
  local open = berth.state.open_until
  if open and berth.now() < open then
    return deny { "its kernel died " .. most .. " times in " .. within .. " s", retry_after = math.ceil(open - berth.now()) }
  end
end)

-- Its snapshot is of what came before the next risky cell: those that went well.
after("kernel.exec*", function(call, result)
  local died = result.status >= 500 or (result.output and result.output.status == "died")
  if not died then
    if is_risky(call.input.code) and berth.has("kernel.checkpoint") then berth.call("kernel.checkpoint") end
    berth.state.crashes = nil
    return
  end
  local crashes = {}
  for _, at in ipairs(berth.state.crashes or {}) do
    if berth.now() - at < within then crashes[#crashes + 1] = at end
  end
  crashes[#crashes + 1] = berth.now()
  berth.state.crashes = crashes
  if #crashes >= most then
    berth.state.open_until, berth.state.crashes = berth.now() + rest, nil
    berth.emit("circuit_open", { crashes = most, rest = rest })
  elseif berth.has("kernel.restore") then
    berth.call("kernel.restore")
  end
end)

-- A minute after the first time, then twice as long each time.
event("plugin.disabled", function(e)
  local waits = berth.state.waits or {}
  local last = waits[e.data.plugin]
  waits[e.data.plugin] = { at = berth.now() + (last and math.min(last.wait * 2, 3600) or rest), wait = last and math.min(last.wait * 2, 3600) or rest }
  berth.state.waits = waits
end)

every(10, function()
  for plugin, wait in pairs(berth.state.waits or {}) do
    if wait.at > 0 and berth.now() >= wait.at and berth.has("host.plugin_enable") then
      berth.state.waits[plugin].at = 0
      berth.call("host.plugin_enable", { name = plugin })
    end
  end
end)

test("three deaths in a minute open the circuit, which closes by itself", function()
  clock(1000)
  local died = { output = { status = "died" } }
  for i = 1, 3 do
    assert(ask.before { operation = "kernel.exec" }.verdict == "allow")
    ask.after({ operation = "kernel.exec", input = { code = "1" } }, died)
  end
  assert(ask.before { operation = "kernel.exec" }.seconds == 60)
  clock(1061)
  assert(ask.before { operation = "kernel.exec" }.verdict == "allow")
end)

test("a cell that goes well forgives, and a risky one is kept", function()
  clock(1000)
  local kept, back = 0, 0
  answers { ["kernel.checkpoint"] = function() kept = kept + 1 return {} end, ["kernel.restore"] = function() back = back + 1 return {} end }
  ask.after({ operation = "kernel.exec", input = { code = "os.remove(1)" } }, { output = { status = "ok" } })
  ask.after({ operation = "kernel.exec", input = { code = "1" } }, { status = 503 })
  assert(kept == 1 and back == 1)
end)

test("a plugin that stays down is enabled again, later each time", function()
  clock(1000)
  local enabled = {}
  answers { ["host.plugin_enable"] = function(input) enabled[#enabled + 1] = input.name return {} end }
  ask.event { topic = "plugin.disabled", session = "", data = { plugin = "clock" } }
  ask.every {}
  clock(1061)
  ask.every {}
  ask.every {}
  assert(#enabled == 1 and enabled[1] == "clock")
end)
