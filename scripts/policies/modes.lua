-- What kind of work a session is for. Copy this file to change a mode or to add one. See README.md.
local modes = {
  -- A conversation: it may look, and reckon in its one kernel, which forgets with each turn. A cell itself can still write a file.
  chat = {
    only = { "kernel.exec", "kernel.exec_stream", "kernel.exec_job", "kernel.input", "kernel.interrupt", "kernel.complete", "kernel.inspect",
             "kernel.reset", "kernel.kernel_reset" },
    one_kernel = true,
    forgets = true,
  },
  agent = {},  -- everything, and everything stays
  docs = { only = { "workspace.*", "docx.*", "tectonic.*", "kernel.*" } },
  sheets = { only = { "workspace.*", "xlsx.*", "kernel.*" } },
}
needs("kernel.reset", "what the kernel holds stays for the next turn, as files that cells wrote do in any case")

local function is_closer(pattern, other)  -- by what it says outright; of two alike, the first in the alphabet
  local one, two = #(pattern:gsub("%*", "")), #(other:gsub("%*", ""))
  return one > two or (one == two and pattern < other)
end

local function mode_of(session)
  local best
  for pattern in pairs(berth.settings.sessions or {}) do
    if berth.matches(pattern, session) and (not best or is_closer(pattern, best)) then best = pattern end
  end
  return best and berth.settings.sessions[best] or berth.settings.mode or "agent"
end

before(function(call)
  local name = mode_of(call.session)
  local mode = modes[name]
  if not mode then return deny("there is no mode " .. name) end
  if call.scope == "read" or berth.matches({ "host.*", "sessions.*" }, call.operation) then return end
  if mode.only and not berth.matches(mode.only, call.operation) then return deny("the mode " .. name .. " is not for that") end
  if mode.one_kernel and (call.input.kernel or "default") ~= "default" then return deny("the mode " .. name .. " has one kernel") end
end)

event("session.turn", function(e)
  local mode = modes[mode_of(e.session)]
  if mode and mode.forgets then berth.call("kernel.reset") end
end)
