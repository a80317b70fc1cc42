# Makes the workbooks of these scenarios, with nothing but Python's own library: make.py FOLDER
import os
import sys
import zipfile

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STYLES = (f'<styleSheet {SPACE}><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill>'
          '<patternFill patternType="none"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border>'
          '</borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2">'
          '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0"/>'
          '</cellXfs></styleSheet>')


def book(path, rows, names=""):
    links = (f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
             f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>')
    relations = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    parts = {
        "[Content_Types].xml":
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships {relations}><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml":
            f'<workbook {SPACE} xmlns:r="{OFFICE}"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets>{names}</workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships {relations}>{links}</Relationships>",
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": f"<worksheet {SPACE}><sheetData>{rows}</sheetData></worksheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)


def text(cell, what):
    return f'<c r="{cell}" t="inlineStr"><is><t>{what}</t></is></c>'


folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
head = f'<row r="1">{text("A1", "day")}{text("B1", "sold")}</row>'
days = "".join(f'<row r="{i}"><c r="A{i}" s="1"><v>{45290 + i}</v></c><c r="B{i}"><v>{i * 1.5}</v></c></row>' for i in range(2, 7))
book(f"{folder}/good.xlsx", head + days + '<row r="8"><c r="B8"><f>SUM(B2:B6)</f><v>30</v></c></row>')
book(f"{folder}/new.xlsx", f'<row r="1"><c r="A1"><f>_xlfn._xlws.FILTER(B1:B9,B1:B9&gt;1)</f><v>1</v></c>{text("B1", "FILTER(1)")}</row>')
book(f"{folder}/stale.xlsx", '<row r="1"><c r="A1"><v>0</v></c><c r="B1"><f>A1+1</f><v>5</v></c><c r="C1" t="e"><f>B1/A1</f><v>#DIV/0!</v></c>'
                             '<c r="D1" t="e"><f>C1*2</f><v>#DIV/0!</v></c></row>')
big = "".join(f'<row r="{i}">' + "".join(f"<c r=\"{c}{i}\"><v>{i}</v></c>" for c in "ABCDEFGHIJ") + "</row>" for i in range(1, 20_001))
book(f"{folder}/big.xlsx", big)
with open(f"{folder}/none.xlsx", "wb") as file:
    file.write(b"PK\3\4 and then nothing of a zip")
