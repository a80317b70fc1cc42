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
local always = { "host.*", "sessions.*" }
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

local function matches_any(patterns, operation)
  for _, pattern in ipairs(patterns) do
    if berth.matches(pattern, operation) then return true end
  end
  return false
end

before(function(call)
  local name = mode_of(call.session)
  local mode = modes[name]
  if not mode then return deny("there is no mode " .. name) end
  if call.scope == "read" or matches_any(always, call.operation) then return end
  if mode.only and not matches_any(mode.only, call.operation) then return deny("the mode " .. name .. " is not for that") end
  if mode.one_kernel and (call.input.kernel or "default") ~= "default" then return deny("the mode " .. name .. " has one kernel") end
end)

event("session.turn", function(e)
  local mode = modes[mode_of(e.session)]
  if mode and mode.forgets and berth.has("kernel.reset") then berth.call("kernel.reset") end
end)

local function verdict(operation, input) return ask.before { operation = operation, input = input or {} }.verdict end

test("chat writes nothing, agent everything", function()
  local settings = berth.settings
  settings.mode = "chat"
  for _, operation in ipairs { "workspace.write", "workspace.store.append", "shell.run", "kernel.create", "kernel.exec_in", "kernel.delete", "new.thing" } do
    assert(verdict(operation) == "deny", operation)
  end
  assert(verdict("kernel.exec") == "allow" and verdict("kernel.exec", { kernel = "default" }) == "allow")
  assert(verdict("kernel.exec", { kernel = "other" }) == "deny")
  assert(ask.before { operation = "workspace.read", scope = "read", input = {} }.verdict == "allow")
  settings.mode = "agent"
  assert(ask.before { operation = "workspace.write" }.verdict == "allow")
end)

test("sessions are told by their names", function()
  berth.settings.mode, berth.settings.sessions = "agent", { ["sheet-*"] = "sheets" }
  assert(ask.before { operation = "shell.run", session = "sheet-1" }.reason == "the mode sheets is not for that")
  assert(ask.before { operation = "xlsx.check", session = "sheet-1" }.verdict == "allow")
  assert(ask.before { operation = "shell.run", session = "other" }.verdict == "allow")
  berth.settings.sessions = nil
end)

test("of patterns that overlap the one that says most is meant", function()
  berth.settings.sessions = { ["*"] = "sheets", ["a-*"] = "agent", ["a-b*"] = "sheets", ["a-bc"] = "agent" }
  local function of(session) return ask.before { operation = "shell.run", session = session }.verdict end
  assert(of("x") == "deny" and of("a-x") == "allow" and of("a-bx") == "deny" and of("a-bc") == "allow")
  berth.settings.sessions = nil
end)

test("chat forgets what a kernel holds", function()
  local resets = 0
  answers { ["kernel.reset"] = function() resets = resets + 1 return {} end }
  berth.settings.mode = "chat"
  ask.event { topic = "session.turn" }
  berth.settings.mode = "agent"
  ask.event { topic = "session.turn" }
  assert(resets == 1)
end)
