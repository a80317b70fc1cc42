"""Packages written by hand, part for part: for what no producer here writes."""
import packing

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
RELS = f"{OFFICE}/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
W = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
     'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
     'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" xmlns:w16cid="http://schemas.microsoft.com/office/word/2016/wordml/cid" '
     'xmlns:w16se="http://schemas.microsoft.com/office/word/2015/wordml/symex" xmlns:w16cex="http://schemas.microsoft.com/office/word/2018/wordml/cex" '
     'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
     'xmlns:wp14="http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
     'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
     'xmlns:w10="urn:schemas-microsoft-com:office:word" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
     'xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup" xmlns:wpc="http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas" '
     'xmlns:wpi="http://schemas.microsoft.com/office/word/2010/wordprocessingInk"')
IGNORED = 'mc:Ignorable="w14 w15 w16cid w16se w16cex wp14"'
S = ('xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
     'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
     'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main" '
     'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"')
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STRICT = [("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"),
          ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
          ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships"),
          ("http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/"),
          ("http://schemas.openxmlformats.org/drawingml/2006/", "http://purl.oclc.org/ooxml/drawingml/")]


def bytes_of(text):
    return text if isinstance(text, bytes) else (DECLARATION + text).encode("utf-8")


def relationships(all_):
    """From (id, type, target) or (id, type, target, "External"); a type without a colon is one of Office's."""
    lines = []
    for one in all_:
        kind = one[1] if ":" in one[1] else f"{RELS}/{one[1]}"
        mode = f' TargetMode="{one[3]}"' if len(one) > 3 else ""
        lines.append(f'<Relationship Id="{one[0]}" Type="{kind}" Target="{one[2]}"{mode}/>')
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def package(parts, main, rels, types=(), root=()):
    """parts: {name: (content type, text)}; rels: {part: relationships}; types: more content types by ending."""
    defaults = [("rels", "application/vnd.openxmlformats-package.relationships+xml"), ("xml", "application/xml"), *types]
    content = "".join(f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in defaults)
    content += "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, (kind, _) in parts.items() if kind)
    out = [("[Content_Types].xml", bytes_of(f'<Types xmlns="{PACKAGE}/content-types">{content}</Types>')),
           ("_rels/.rels", bytes_of(relationships([("rId1", "officeDocument", main), *root])))]
    for name, (_, text) in parts.items():
        out.append((name, bytes_of(text)))
        if name in rels:
            folder, _, file = name.rpartition("/")
            out.append((f"{folder}/_rels/{file}.rels", bytes_of(relationships(rels[name]))))
    return packing.pack(out)


def placed(folder, name):
    return name if name.startswith(("word/", "xl/", "docProps/", "customXml/")) else f"{folder}/{name}"


def word(body, parts=None, rels=(), types=(), main="document.main", more_rels=None, root=()):
    """A document of this body; parts: {"comments.xml": (kind, text)} beside it, kind without what all begin with."""
    text = body if body.startswith("<w:document") else f"<w:document {W} {IGNORED}><w:body>{body}</w:body></w:document>"
    kind = main if "/" in main else f"{WORD}.{main}+xml"
    all_ = {"word/document.xml": (kind, text)}
    for name, (what, content) in (parts or {}).items():
        all_[placed("word", name)] = (what if "/" in what or not what else f"{WORD}.{what}+xml", content)
    return package(all_, "word/document.xml", {"word/document.xml": list(rels), **(more_rels or {})}, types, root)


def sheet(inside="<sheetData/>", parts=None, rels=(), types=(), book="", more_rels=None, book_rels=(), main="sheet.main", before="", root_more=""):
    """A workbook of one sheet with this in it; `book` stands after the sheets, `before` before them."""
    text = inside if inside.startswith("<worksheet") else f"<worksheet {S} mc:Ignorable=\"x14ac xr\">{inside}</worksheet>"
    workbook = f'<workbook {S} mc:Ignorable="x15 xr" {root_more}>{before}<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>{book}</workbook>'
    kind = main if "/" in main else f"{SHEET}.{main}+xml"
    all_ = {"xl/workbook.xml": (kind, workbook), "xl/worksheets/sheet1.xml": (f"{SHEET}.worksheet+xml", text)}
    for name, (what, content) in (parts or {}).items():
        all_[placed("xl", name)] = (what if "/" in what or not what else f"{SHEET}.{what}+xml", content)
    all_rels = {"xl/workbook.xml": [("rId1", "worksheet", "worksheets/sheet1.xml"), *book_rels], **(more_rels or {})}
    if rels:
        all_rels["xl/worksheets/sheet1.xml"] = list(rels)
    return package(all_, "xl/workbook.xml", all_rels, types)


def strict(data):
    """The same with strict namespaces."""
    parts = []
    for name, bytes_ in packing.unpack(data):
        for transitional, new in STRICT:
            bytes_ = bytes_.replace(transitional.encode(), new.encode())
        parts.append((name, bytes_))
    return packing.pack(parts)
