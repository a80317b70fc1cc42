-- Brings back what dies, patiently, and stops when that leads nowhere. See README.md.
local s = berth.settings
local most, within, rest = s.crashes or 3, s.within or 60, s.rest or 60
needs("kernel.checkpoint", "no snapshot is made after a risky cell that went well")
needs("kernel.restore", "after a crash the kernel begins anew, without its variables")
needs("host.plugin_enable", "a plugin that died too often stays down until somebody enables it")

local function is_risky(code)
  for _, word in ipairs(s.risky or { "os.", "subprocess", "ctypes", "%run", "!" }) do
    if code and code:find(word, 1, true) then return true end
  end
  return false
end

local small = 100000  -- bytes: what is larger is not read, since that would take the hook's time and the caller's answer with it

before("kernel.exec*", function()
  local open = berth.state.open_until
  if open and berth.now() < open then
    return deny { "its kernel died " .. most .. " times in " .. within .. " s", retry_after = math.ceil(open - berth.now()) }
  end
end)

-- Only a cell whose answer is its end says how the kernel is: a stream or a job is answered before, or by nothing that could be read.
-- `before` cannot call, so the snapshot that a crash goes back to is of the last risky cell that went well.
local function judge(call, result)
  local status = result.bytes <= small and result.output and result.output.status
  if status == "completed" then
    berth.state.crashes = nil
    local risky = call.bytes > small or is_risky(call.input.code)
    if risky and berth.has("kernel.checkpoint") then berth.call("kernel.checkpoint", { kernel = call.bytes <= small and call.input.kernel or nil }) end
  end
  if status ~= "died" and result.status < 500 then return end
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
end
after("kernel.exec", judge)
after("kernel.exec_in", judge)

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
      wait.at = 0
      local enabled, problem = berth.call("host.plugin_enable", { name = plugin })
      if not enabled then
        wait.wait = math.min(wait.wait * 2, 3600)
        wait.at = berth.now() + wait.wait
        berth.log("warn", plugin .. " could not be enabled, and is tried again in " .. wait.wait .. " s: " .. tostring(problem.detail or problem.code))
      end
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
  ask.after({ operation = "kernel.exec", input = { code = "os.remove(1)" } }, { output = { status = "completed" } })
  ask.after({ operation = "kernel.exec", input = { code = "1" } }, { status = 503 })
  assert(kept == 1 and back == 1)
end)

test("only what completed forgives: no job, no stream, no cell that failed", function()
  clock(1000)
  local function cell(operation, result) ask.after({ operation = operation, input = { code = "1" } }, result) end
  local died = { output = { status = "died" } }
  cell("kernel.exec", died)
  cell("kernel.exec_stream", {})
  cell("kernel.exec_job", { status = 202, output = { id = "j1" } })
  cell("kernel.exec", { output = { status = "failed" } })
  cell("kernel.exec", { output = { status = "completed" }, bytes = small + 1 })
  cell("kernel.exec_in", died)
  assert(#berth.state.crashes == 2)
  cell("kernel.exec", { output = { status = "completed" } })
  assert(not berth.state.crashes)
end)

test("what could not be enabled is tried again", function()
  clock(1000)
  local tries = 0
  answers { ["host.plugin_enable"] = function() tries = tries + 1 return nil, { code = "forbidden" } end }
  ask.event { topic = "plugin.disabled", session = "", data = { plugin = "clock" } }
  clock(1061)
  ask.every {}
  ask.every {}
  clock(1061 + 121)
  ask.every {}
  assert(tries == 2)
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
