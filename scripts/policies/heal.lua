-- Brings back what dies, patiently, and stops when that leads nowhere. See README.md.
local s = berth.settings
local most, within, rest = s.crashes or 3, s.within or 60, s.rest or 60
local risky = s.risky or { "os.", "subprocess", "ctypes", "%run", "!" }
local small = 100000  -- bytes: what is larger is not read, since that would take the hook's time and the caller's answer with it
needs("kernel.checkpoint", "no snapshot is made after a risky cell that went well")
needs("kernel.restore", "after a crash the kernel begins anew, without its variables")
needs("host.plugin_enable", "a plugin that died too often stays down until somebody enables it")

local function is_risky(code)
  for _, word in ipairs(risky) do
    if code and code:find(word, 1, true) then return true end
  end
end

before("kernel.exec*", function()
  local wait = (berth.state.open_until or 0) - berth.now()
  if wait > 0 then return deny { "its kernel died " .. most .. " times in " .. within .. " s", retry_after = math.ceil(wait) } end
end)

local function count_crash()
  local crashes = { berth.now() }
  for _, at in ipairs(berth.state.crashes or {}) do
    if berth.now() - at < within then crashes[#crashes + 1] = at end
  end
  berth.state.crashes = crashes
  if #crashes < most then return berth.call("kernel.restore") end
  berth.state.open_until, berth.state.crashes = berth.now() + rest, nil
  berth.emit("circuit_open", { crashes = most, rest = rest })
end

-- Only a cell whose answer is its end says how the kernel is: a stream or a job is answered before, or by nothing that could be read.
-- `before` cannot call, so the snapshot that a crash goes back to is of the last risky cell that went well.
after({ "kernel.exec", "kernel.exec_in" }, function(call, result)
  local status = result.bytes <= small and result.output and result.output.status
  if status == "died" or result.status >= 500 then
    count_crash()
  elseif status == "completed" then
    berth.state.crashes = nil
    local input = call.bytes <= small and call.input
    if not input or is_risky(input.code) then berth.call("kernel.checkpoint", { kernel = input and input.kernel or nil }) end
  end
end)

-- When it is enabled: `rest` seconds from now, and each further time after twice as long as the last, an hour at most.
local function plan(plugin)
  local waits = berth.state.waits or {}
  local wait = waits[plugin] and math.min(waits[plugin].wait * 2, 3600) or rest
  waits[plugin] = { at = berth.now() + wait, wait = wait }
  berth.state.waits = waits
  return wait
end
event("plugin.disabled", function(e) plan(e.data.plugin) end)

every(10, function()
  for plugin, planned in pairs(berth.state.waits or {}) do
    if planned.at > 0 and berth.now() >= planned.at then
      planned.at = 0
      local enabled, problem = berth.call("host.plugin_enable", { name = plugin })
      if not enabled then
        local why = problem.detail or problem.code
        berth.log("warn", ("%s could not be enabled, and is tried again in %g s: %s"):format(plugin, plan(plugin), why))
      end
    end
  end
end)
