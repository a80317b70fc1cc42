-- Tests of validate.lua: `berth policy test validate`.
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
    berth.settings.block = true
    said = written()
    berth.settings.block = nil
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
