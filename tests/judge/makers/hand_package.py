"""By hand: packages of odd but right shapes, markup compatibility in all shapes, strict files, macros."""
import io
import zipfile

import packing
from makers import picture
from makers.hand import IGNORED, OFFICE, W, sheet, strict, word

CASES = {}


def add(name, data):
    CASES[f"hand-{name}"] = lambda path, data=data: data


P = "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
CELL = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
add("least.docx", word(P))
add("no-paragraph.docx", word(""))
add("no-body.docx", word(f"<w:document {W}/>"))
add("least.xlsx", sheet())
add("strict.docx", strict(word(P + '<w:p><w:pPr><w:jc w:val="start"/></w:pPr></w:p><w:sectPr><w:pgSz w:w="12240" w:h="15840"/></w:sectPr>')))
add("strict.xlsx", strict(sheet(CELL, root_more='conformance="strict"')))
add("strict-unsaid.xlsx", strict(sheet(CELL)))
add("macros.docm", word(P, {"vbaProject.bin": ("application/vnd.ms-office.vbaProject", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))},
                        [("rId1", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin")], main="application/vnd.ms-word.document.macroEnabled.main+xml"))
add("macros.dotm", word(P, main="application/vnd.ms-word.template.macroEnabledTemplate.main+xml"))
add("template.dotx", word(P, main="template.main"))
add("macros.xltm", sheet(CELL, main="application/vnd.ms-excel.template.macroEnabled.main+xml"))
add("addin.xlam", sheet(CELL, main="application/vnd.ms-excel.addin.macroEnabled.main+xml"))
add("thumbnail.docx", word(P, {"docProps/thumbnail.png": ("", picture())}, types=[("png", "image/png")], root=[("rId9", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail", "docProps/thumbnail.png")]))
add("properties.docx", word(P, {
    "docProps/core.xml": ("application/vnd.openxmlformats-package.core-properties+xml", '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
                          'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>t</dc:title><dc:creator>c</dc:creator><cp:keywords>k</cp:keywords>'
                          '<dcterms:created xsi:type="dcterms:W3CDTF">2020-01-02T03:04:05Z</dcterms:created></cp:coreProperties>'),
    "docProps/app.xml": ("application/vnd.openxmlformats-officedocument.extended-properties+xml", f'<Properties xmlns="{OFFICE}/extended-properties" xmlns:vt="{OFFICE}/docPropsVTypes"><Template>N</Template><TotalTime>1</TotalTime><Pages>1</Pages><Words>1</Words>'
                         '<Application>A</Application><DocSecurity>0</DocSecurity><HeadingPairs><vt:vector size="2" baseType="variant"><vt:variant><vt:lpstr>Title</vt:lpstr></vt:variant><vt:variant><vt:i4>1</vt:i4></vt:variant></vt:vector></HeadingPairs>'
                         '<TitlesOfParts><vt:vector size="1" baseType="lpstr"><vt:lpstr>x</vt:lpstr></vt:vector></TitlesOfParts><LinksUpToDate>false</LinksUpToDate><AppVersion>16.0000</AppVersion></Properties>'),
    "docProps/custom.xml": ("application/vnd.openxmlformats-officedocument.custom-properties+xml", f'<Properties xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes">' + "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{pid}" name="n{pid}"><vt:{kind}>{value}</vt:{kind}></property>' for pid, (kind, value) in enumerate([
            ("lpwstr", "x"), ("i4", 1), ("bool", "true"), ("r8", 1.5), ("filetime", "2020-01-02T03:04:05Z"), ("i2", 3), ("ui4", 4), ("date", "2020-01-02T03:04:05Z"), ("cy", "1.0"), ("lpstr", "y"), ("empty", "")], 2)) + "</Properties>")},
    root=[("rId2", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"), ("rId3", "extended-properties", "docProps/app.xml"), ("rId4", "custom-properties", "docProps/custom.xml")]))
add("custom-xml.docx", word(P + '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a[1]" w:storeItemID="{11111111-2222-3333-4444-555555555555}"/><w:text/></w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>', {
    "customXml/item1.xml": ("", "<a xmlns=\"urn:own\">x</a>"), "customXml/itemProps1.xml": ("application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
        f'<ds:datastoreItem xmlns:ds="{OFFICE}/customXml" ds:itemID="{{11111111-2222-3333-4444-555555555555}}"><ds:schemaRefs><ds:schemaRef ds:uri="urn:own"/></ds:schemaRefs></ds:datastoreItem>')},
    [("rId1", "customXml", "../customXml/item1.xml")], more_rels={"customXml/item1.xml": [("rId1", "customXmlProps", "itemProps1.xml")]}))

Z = 'xmlns:zz="urn:zz"'
SHAPES = {
    "ignored-element": (f'{Z} mc:Ignorable="zz"', "<zz:a><zz:b/></zz:a>" + P),
    "ignored-attribute": (f'{Z} mc:Ignorable="zz"', '<w:p zz:a="1"/>'),
    "ignored-nested": ("", f'<w:p {Z} mc:Ignorable="zz"><zz:a/><w:r zz:b="2"/></w:p>'),
    "not-ignored": (Z, "<zz:a/>"),
    "attribute-not-ignored": (Z, '<w:p zz:a="1"/>'),
    "process-content": (f'{Z} mc:Ignorable="zz" mc:ProcessContent="zz:a"', f"<zz:a>{P}</zz:a>"),
    "process-content-all": (f'{Z} mc:Ignorable="zz" mc:ProcessContent="zz:*"', f"<zz:a>{P}</zz:a>"),
    "process-content-bad": (f'{Z} mc:Ignorable="zz" mc:ProcessContent="zz:a"', "<zz:a><w:t/></zz:a>"),
    "preserve": (f'{Z} mc:Ignorable="zz" mc:PreserveElements="zz:a" mc:PreserveAttributes="zz:*"', '<zz:a/><w:p zz:b="1"/>'),
    "must-understand": (f'{Z} mc:MustUnderstand="zz"', P),
    "must-understand-known": ('mc:MustUnderstand="w14"', P),
    "ignorable-undeclared": ('mc:Ignorable="yy"', P),
    "ignorable-own": ('mc:Ignorable="w"', P),
    "choice-known": ("", f'<mc:AlternateContent><mc:Choice Requires="w14">{P}</mc:Choice><mc:Fallback><w:p/></mc:Fallback></mc:AlternateContent>'),
    "choice-unknown": (Z, f'<mc:AlternateContent><mc:Choice Requires="zz"><zz:a/></mc:Choice><mc:Fallback>{P}</mc:Fallback></mc:AlternateContent>'),
    "choice-bad-unused": (Z, f'<mc:AlternateContent><mc:Choice Requires="zz"><w:t/></mc:Choice><mc:Fallback>{P}</mc:Fallback></mc:AlternateContent>'),
    "fallback-bad": ("", f'<mc:AlternateContent><mc:Choice Requires="w14">{P}</mc:Choice><mc:Fallback><w:t/></mc:Fallback></mc:AlternateContent>'),
    "choice-bad": ("", f'<mc:AlternateContent><mc:Choice Requires="w14"><w:t/></mc:Choice><mc:Fallback>{P}</mc:Fallback></mc:AlternateContent>'),
    "choices-two": (Z, f'<mc:AlternateContent><mc:Choice Requires="zz"><zz:a/></mc:Choice><mc:Choice Requires="w14 w15">{P}</mc:Choice></mc:AlternateContent>'),
    "no-choice": ("", f"<mc:AlternateContent><mc:Fallback>{P}</mc:Fallback></mc:AlternateContent>"),
    "no-fallback": ("", f'<mc:AlternateContent><mc:Choice Requires="w14">{P}</mc:Choice></mc:AlternateContent>'),
    "fallback-first": ("", f'<mc:AlternateContent><mc:Fallback>{P}</mc:Fallback><mc:Choice Requires="w14">{P}</mc:Choice></mc:AlternateContent>'),
    "requires-missing": ("", f"<mc:AlternateContent><mc:Choice>{P}</mc:Choice></mc:AlternateContent>"),
    "requires-undeclared": ("", f'<mc:AlternateContent><mc:Choice Requires="yy">{P}</mc:Choice></mc:AlternateContent>'),
    "alternate-nested": (Z, f'<mc:AlternateContent><mc:Choice Requires="w14"><mc:AlternateContent><mc:Choice Requires="zz"><zz:a/></mc:Choice><mc:Fallback>{P}</mc:Fallback></mc:AlternateContent></mc:Choice></mc:AlternateContent>'),
    "alternate-in-run": ("", '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="w14"><w:t>a</w:t></mc:Choice><mc:Fallback><w:t>b</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>'),
    "alternate-text": ("", f'<mc:AlternateContent>text<mc:Choice Requires="w14">{P}</mc:Choice></mc:AlternateContent>'),
    "alternate-attribute": ("", f'<mc:AlternateContent a="1"><mc:Choice Requires="w14">{P}</mc:Choice></mc:AlternateContent>'),
    "alternate-empty": ("", "<mc:AlternateContent/>"),
    "extension-known": ("", '<w:p w14:paraId="12345678" w14:textId="77777777"/>'),
    "extension-bad": ("", '<w:p w14:paraId="zz"/>'),
    "comments-instructions": ("", "<!-- a --><?b c?><w:p><!-- d --><w:r><!-- e --><w:t>f<!-- g -->h<![CDATA[<i>]]></w:t></w:r></w:p>"),
}
for name_, (root_, body_) in SHAPES.items():
    ignored = "" if "mc:Ignorable" in root_ else IGNORED
    add(f"mc-{name_}.docx", word(f"<w:document {W} {ignored} {root_}><w:body>{body_}</w:body></w:document>"))


def _shape(change, method=zipfile.ZIP_DEFLATED):
    """The least workbook, its zip file of another shape."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in packing.unpack(sheet(CELL)):
            change(archive, name, data)
    return out.getvalue()


def _streamed():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise OSError("a pipe")

        def tell(self):
            raise OSError("a pipe")
    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in packing.unpack(sheet(CELL)):
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def _commented():
    out = io.BytesIO(_shape(lambda archive, name, data: archive.writestr(zipfile.ZipInfo(name), data)))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"a comment of the archive"
    return out.getvalue()


def raw(name, build):
    """Bytes that are kept as they are."""
    CASES[f"hand-{name}"] = build
    RAW.add(f"hand-{name}")


RAW = set()
raw("zip-stored.xlsx", lambda path: _shape(lambda archive, name, data: archive.writestr(zipfile.ZipInfo(name), data), zipfile.ZIP_STORED))
raw("zip-descriptors.xlsx", lambda path: _streamed())
raw("zip-comment.xlsx", lambda path: _commented())
raw("zip-folders.xlsx", lambda path: _shape(lambda archive, name, data: (archive.writestr(zipfile.ZipInfo(name.rpartition("/")[0] + "/"), b"") if "/" in name and name.endswith("workbook.xml") else None,
                                                                         archive.writestr(zipfile.ZipInfo(name), data))))
raw("zip-prefixed.xlsx", lambda path: b"#!/bin/sh\n" + packing.pack(packing.unpack(sheet(CELL))))


def _odd(rename):
    return packing.pack([(rename(name), data) for name, data in packing.unpack(sheet(CELL))])


add("names-upper.xlsx", _odd(lambda name: name.upper() if name.startswith("xl/worksheets") else name))
add("names-backslash.xlsx", _odd(lambda name: name.replace("/", "\\")))
add("names-slash.xlsx", _odd(lambda name: "/" + name))
add("dangling.xlsx", sheet(CELL, rels=[("rId5", "hyperlink", "http://x/", "External"), ("rId6", "image", "../media/none.png")]))
add("rels-same-id.docx", word(P, rels=[("rId1", "hyperlink", "http://x/", "External"), ("rId1", "hyperlink", "http://y/", "External")]))
add("rels-cycle.docx", word(P, {"comments.xml": ("comments", f"<w:comments {W}/>")}, [("rId1", "comments", "comments.xml")], more_rels={"word/comments.xml": [("rId1", "officeDocument", "document.xml")]}))
add("orphan.xlsx", sheet(CELL, {"worksheets/sheet9.xml": ("worksheet", "<nonsense/>")}))
add("wrong-type.xlsx", sheet(CELL, main="sheet.nonsense"))
add("two-of-one.docx", word(P, {"styles.xml": ("styles", f"<w:styles {W}/>"), "more.xml": ("styles", f"<w:styles {W}/>")}, [("rId1", "styles", "styles.xml"), ("rId2", "styles", "more.xml")]))
