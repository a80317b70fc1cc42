-- Looks at the documents that an agent writes or leaves in output/. See README.md for what is looked at, and when.
local s = berth.settings
local checks = { xlsx = "xlsx.check", docx = "docx.check", pdf = "pdf.check" }
for kind, operation in pairs(checks) do needs(operation, "." .. kind .. " files are taken as they are") end
needs("workspace.tree", "only files that are written by workspace.* are looked at")

local most_entries, most_seen = 2000, 48000  -- of a look around; bytes of what is remembered of it

local function check_of(path)
  local operation = checks[(path:match("%.(%w+)$") or ""):lower()]
  return operation and berth.has(operation) and operation
end

-- What is wrong with a file, or nil. A check answers `{ valid, reason }`.
local function complaint(path, operation)
  local answer, problem = berth.call(operation, { path = path })
  if not answer then return problem.detail or problem.code end
  if answer.valid == false then return answer.reason or "it is not valid" end
end

local function judge(path)
  local operation = check_of(path)
  local why = operation and complaint(path, operation)
  if not why then return nil end
  berth.emit("refused", { path = path, reason = why })
  berth.log("warn", path .. ": " .. why)
  if s.block then return deny { path .. " is not as it should be: " .. why, status = 422 } end
end

-- All files below an entry of workspace.tree.
local function each_file(entry, path, visit)
  for _, child in ipairs(entry.children or {}) do
    local below = path .. "/" .. child.name
    if child.kind == "file" then visit(below, child) else each_file(child, below, visit) end
  end
end

-- What programs leave in output/ is found by its time and size. What is gone is forgotten.
local function look_around()
  if not berth.has("workspace.tree") then return nil end
  local shown, problem = berth.call("workspace.tree", { path = "output", depth = 16, limit = most_entries })
  if not shown then return berth.log("warn", "output/ was not looked at: " .. tostring(problem.code)) end
  if shown.truncated or shown.tree.truncated then berth.log("warn", "output/ holds more than is looked at") end
  local before, seen, size, verdict = berth.state.seen or {}, {}, 0, nil
  each_file(shown.tree, "output", function(path, entry)
    if not check_of(path) then return end
    local stamp = tostring(entry.modified) .. ":" .. tostring(entry.size)
    size = size + #path + #stamp + 8
    if size <= most_seen then seen[path] = stamp end
    if before[path] ~= stamp then verdict = judge(path) or verdict end
  end)
  berth.state.seen = seen
  return verdict
end

-- Whatever may have written: an operation of the workspace says where in its answer, all else is looked for.
local function after_writing(call, result)
  if call.scope == "read" and not call.operation:find("stream", 1, true) then return nil end
  local path = berth.matches("workspace.*", call.operation) and result.good and result.bytes < 1000000 and result.output and result.output.path
  if type(path) == "string" and check_of(path) then return judge(path) end
  return look_around()
end
for _, pattern in ipairs { "workspace.write", "workspace.append", "workspace.edit", "workspace.copy", "workspace.move", "workspace.upload", "kernel.exec*", "shell.*" } do
  after(pattern, after_writing)
end

local function bad_sheet() return { valid = false, reason = "a cell has no end" } end
local function tree_of(...) return { tree = { name = "output", kind = "folder", children = { ... } }, truncated = false } end
local function file(name) return { name = name, kind = "file", modified = "1", size = 2 } end
local function cell() return ask.after({ operation = "kernel.exec", input = { code = "1" } }, {}) end

test("a bad file is reported, or blocked where that is wanted", function()
  answers { ["xlsx.check"] = bad_sheet }
  for _, operation in ipairs { "workspace.write", "workspace.move", "workspace.upload" } do
    local function written() return ask.after({ operation = operation, input = {} }, { output = { path = "output/a.XLSX" } }) end
    local said = written()
    assert(said.verdict == "allow" and said.events[1] == "refused")
    s.block = true
    said = written()
    s.block = nil
    assert(said.reason == "output/a.XLSX is not as it should be: a cell has no end")
  end
end)

test("without a check a file is taken as it is", function()
  answers {}
  assert(#ask.after({ operation = "workspace.write", input = {} }, { output = { path = "output/a.docx" } }).events == 0)
end)

test("a file of a program is looked at once, in folders, too", function()
  local shown = tree_of(file("b.xlsx"), file("c.txt"), { name = "deep", kind = "folder", children = { file("d.xlsx") } })
  answers { ["xlsx.check"] = bad_sheet, ["workspace.tree"] = function() return shown end }
  assert(#cell().events == 2)
  assert(#cell().events == 0)
  shown = tree_of(file("b.xlsx"))
  assert(#cell().events == 0 and not berth.state.seen["output/deep/d.xlsx"])
  shown = tree_of(file("b.xlsx"), { name = "deep", kind = "folder", children = { file("d.xlsx") } })
  assert(#cell().events == 1)
end)
