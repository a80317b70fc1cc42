-- Looks at the documents that an agent leaves in output/, before anybody else does. See README.md.
local s = berth.settings
local checks = { xlsx = "xlsx.check", docx = "docx.check", pdf = "pdf.check" }
for kind, operation in pairs(checks) do needs(operation, "." .. kind .. " files are taken as they are") end
needs("workspace.list", "only files that are written by workspace.write are looked at")

-- What is wrong with a file, or nil.
local function complaint(path)
  local operation = checks[path:match("%.(%w+)$") or ""]
  if not operation or not berth.has(operation) then return nil end
  local answer, problem = berth.call(operation, { path = path })
  if not answer then return problem.detail or problem.code end
  if answer.valid == false then return answer.reason or "it is not valid" end
end

local function judge(path)
  local why = complaint(path)
  if not why then return nil end
  berth.emit("refused", { path = path, reason = why })
  berth.log("warn", path .. ": " .. why)
  if s.block then return deny { path .. " is not as it should be: " .. why, status = 422 } end
end

after("workspace.write", function(call, result)
  if result.good then return judge(call.input.path) end
end)

-- What programs leave there is found by its time.
local function look_around(call, result)
  if not result.good or not berth.has("workspace.list") then return end
  local listed = berth.call("workspace.list", { path = "output" })
  local seen = berth.state.seen or {}
  local verdict
  for _, entry in ipairs(listed and listed.entries or {}) do
    local path, stamp = "output/" .. entry.name, tostring(entry.modified) .. ":" .. tostring(entry.size)
    if checks[entry.name:match("%.(%w+)$") or ""] and seen[path] ~= stamp then
      seen[path] = stamp
      verdict = judge(path) or verdict
    end
  end
  berth.state.seen = seen
  return verdict
end
after("kernel.exec*", look_around)
after("shell.run", look_around)

local function bad_sheet() return { valid = false, reason = "a cell has no end" } end

test("a bad file is reported, or blocked where that is wanted", function()
  answers { ["xlsx.check"] = bad_sheet }
  local call = { operation = "workspace.write", input = { path = "output/a.xlsx" } }
  local said = ask.after(call, {})
  assert(said.verdict == "allow" and said.events[1] == "refused")
  s.block = true
  said = ask.after(call, {})
  s.block = nil
  assert(said.reason == "output/a.xlsx is not as it should be: a cell has no end")
end)

test("without a check a file is taken as it is", function()
  answers {}
  assert(#ask.after({ operation = "workspace.write", input = { path = "output/a.docx" } }, {}).events == 0)
end)

test("a file of a program is looked at once", function()
  answers { ["xlsx.check"] = bad_sheet, ["workspace.list"] = function()
    return { entries = { { name = "b.xlsx", modified = 1, size = 2 }, { name = "c.txt", modified = 1, size = 2 } } }
  end }
  local call = { operation = "kernel.exec", input = { code = "1" } }
  assert(#ask.after(call, {}).events == 1)
  assert(#ask.after(call, {}).events == 0)
end)
