-- Tests of modes.lua: `berth policy test modes`.
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
