"""Documents for the scenarios beside this, made of small texts: into a folder, or into a session's workspace.

documents.py FOLDER            writes them there
documents.py ADDRESS TOKEN     puts them into output/ by the host's own operation
"""
import base64
import io
import json
import pathlib
import sys
import urllib.request
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
STYLES = ('<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
          '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>')


def document(body, styles=STYLES, more=()):
    """The bytes of a document with this body; `more` are further entries."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml",
                      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                      f'<Override PartName="/word/document.xml" ContentType="{TYPE}document.main+xml"/>'
                      f'<Override PartName="/word/styles.xml" ContentType="{TYPE}styles+xml"/></Types>')
        relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
        file.writestr("_rels/.rels", relations.format(
            f'<Relationship Id="rId1" Type="{RELATION}officeDocument" Target="word/document.xml"/>'))
        file.writestr("word/_rels/document.xml.rels", relations.format(
            f'<Relationship Id="rId1" Type="{RELATION}styles" Target="styles.xml"/>'))
        file.writestr("word/document.xml", f'<w:document {W}><w:body>{body}<w:sectPr/></w:body></w:document>')
        file.writestr("word/styles.xml", f'<w:styles {W}>{styles}</w:styles>')
        for name, text in more:
            file.writestr(name, text)
    return packed.getvalue()


def workbook():
    """A package of Excel's, as far as one has to look to see that it is none of Word's."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml",
                      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                      '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
                      '.spreadsheetml.sheet.main+xml"/></Types>')
        file.writestr("_rels/.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                      f'<Relationship Id="rId1" Type="{RELATION}officeDocument" Target="xl/workbook.xml"/></Relationships>')
        file.writestr("xl/workbook.xml",
                      '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>')
    return packed.getvalue()


def paragraph(text, properties=""):
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def documents():
    heading = paragraph("A title", '<w:pPr><w:pStyle w:val="H1"/></w:pPr>')
    good = heading + paragraph("The first words.") + paragraph("The second words.")
    table = "<w:tbl><w:tblPr/><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    big = heading + "".join(paragraph(f"Paragraph {i} of many, with words in it.") for i in range(60000))
    return {
        "good.docx": document(good),
        "schema.docx": document(good + "<w:p><w:nonsense/></w:p>"),
        "rules.docx": document(good + paragraph("end", '<w:pPr><w:pStyle w:val="Nope"/></w:pPr>')),
        "grid.docx": document(good + table + paragraph("end")),
        "broken.docx": document("<w:p>"),
        "deep.docx": document("<w:sdt>" * 100000),
        "big.docx": document(big),
        "cut.docx": document(good)[:300],
        "bomb.docx": document(paragraph("x" * (64 << 20))),
        "text.docx": b"no archive at all",
        "sheet.xlsx": workbook(),
        "controls.docx": document(paragraph("one\u009b31m two")),
        "rules.lua": b'rule{ name = "no-first", level = "error", on = "w:t", text = function(e, text)\n'
                     b'  if contains(text, "first") then report("it says first") end end }\n',
        "endless.lua": b'rule{ name = "endless", on = "w:p", start = function() while true do end end }\n',
    }


def put(address, token, name, content):
    body = json.dumps({"path": "output/" + name, "as": "base64", "content": base64.b64encode(content).decode()}).encode()
    request = urllib.request.Request(f"http://{address}/workspace/file", body, method="PUT", headers={
        "Authorization": "Bearer " + token, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()


def main():
    if len(sys.argv) == 2:
        for name, content in documents().items():
            (pathlib.Path(sys.argv[1]) / name).write_bytes(content)
    else:
        for name, content in documents().items():
            put(sys.argv[1], sys.argv[2], name, content)


main()
