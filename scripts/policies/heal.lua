-- Brings back what dies, patiently, and stops when that leads nowhere. See README.md.
local s = berth.settings
local most, within, rest = s.crashes or 3, s.within or 60, s.rest or 60
local risky = s.risky or { "os.", "subprocess", "ctypes", "%run", "!" }
local small = 100000  -- bytes: what is larger is not read, since that would take the hook's time and the caller's answer with it; nor is it kept
needs("kernel.restore", "after a crash the kernel begins anew, without its variables")
needs("host.plugin_enable", "a plugin that died too often stays down until somebody enables it")

local function is_risky(code)
  for _, word in ipairs(risky) do
    if code and code:find(word, 1, true) then return true end
  end
end

-- A risky cell has a checkpoint before it, which a crash goes back to.
before("kernel.exec*", function(call)
  local wait = (berth.state.open_until or 0) - berth.now()
  if wait > 0 then return deny { "its kernel died " .. most .. " times in " .. within .. " s", retry_after = math.ceil(wait) } end
  local input = call.bytes <= small and call.input
  if not input or input.checkpoint or not is_risky(input.code) then return end
  input.checkpoint = true
  return rewrite { input = input }
end)

local function count_crash(kernel)
  local crashes = { berth.now() }
  for _, at in ipairs(berth.state.crashes or {}) do
    if berth.now() - at < within then crashes[#crashes + 1] = at end
  end
  berth.state.crashes = crashes
  if #crashes < most then return berth.call("kernel.restore", { checkpoint = "last", kernel = kernel }) end
  berth.state.open_until, berth.state.crashes = berth.now() + rest, nil
  berth.emit("circuit_open", { crashes = most, rest = rest })
end

-- Only a cell whose answer is its end says how the kernel is: a stream or a job is answered before, or by nothing that could be read.
after({ "kernel.exec", "kernel.exec_in" }, function(call, result)
  local status = result.bytes <= small and result.output and result.output.status
  if status == "completed" then berth.state.crashes = nil end
  if status ~= "died" and result.status < 500 then return end
  local back = count_crash(call.bytes <= small and call.input and call.input.kernel or nil)
  if not back or status ~= "died" then return end
  result.output.reason = (result.output.reason or "it died") .. "; its variables are those of the checkpoint " .. back.checkpoint
  return rewrite { output = result.output }
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
