-- What kind of work a session is for. Copy this file to change a mode or to add one. See README.md.
local modes = {
  chat = {  -- a conversation: it may look and reckon; nothing stays for the next turn
    deny = { "workspace.write", "workspace.edit", "workspace.append", "workspace.delete", "workspace.move", "workspace.copy",
             "workspace.mkdir", "workspace.upload", "shell.*" },
    forgets = true,
  },
  agent = {},  -- everything, and everything stays
  docs = { only = { "workspace.*", "docx.*", "tectonic.*", "kernel.*" } },
  sheets = { only = { "workspace.*", "xlsx.*", "kernel.*" } },
}
local always = { "host.*", "sessions.*" }
needs("kernel.reset", "what the kernel holds stays for the next turn")

local function mode_of(session)
  for pattern, name in pairs(berth.settings.sessions or {}) do
    if berth.matches(pattern, session) then return name end
  end
  return berth.settings.mode or "agent"
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
  if mode.deny and matches_any(mode.deny, call.operation) then return deny("the mode " .. name .. " does not allow it") end
  if mode.only and not matches_any(mode.only, call.operation) then return deny("the mode " .. name .. " is not for that") end
end)

event("session.turn", function(e)
  local mode = modes[mode_of(e.session)]
  if mode and mode.forgets and berth.has("kernel.reset") then berth.call("kernel.reset") end
end)

test("chat writes nothing, agent everything", function()
  local settings = berth.settings
  settings.mode = "chat"
  assert(ask.before { operation = "workspace.write" }.verdict == "deny")
  assert(ask.before { operation = "shell.run" }.verdict == "deny")
  assert(ask.before { operation = "kernel.exec" }.verdict == "allow")
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

test("chat forgets what a kernel holds", function()
  local resets = 0
  answers { ["kernel.reset"] = function() resets = resets + 1 return {} end }
  berth.settings.mode = "chat"
  ask.event { topic = "session.turn" }
  berth.settings.mode = "agent"
  ask.event { topic = "session.turn" }
  assert(resets == 1)
end)
