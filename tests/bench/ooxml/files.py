"""The five files of the bench, the same each time: documents and workbooks of about 10 kB and 10 MB, and a sheet of a million cells."""
import os
import random
import zipfile

WORDS = ("the of and a to in is you that it he was for on are as with his they at be this have from or one had by word but not what all were we when "
         "your can said there use an each which she do how their if will up other about out many then them these so some her would make like").split()
KINDS = {"small.docx": "docx, 10 KB", "large.docx": "docx, 10 MB", "small.xlsx": "xlsx, 10 KB", "large.xlsx": "xlsx, 10 MB",
         "million.xlsx": "xlsx, 1,000,000 cells"}


def sentence(chance):
    words = [chance.choice(WORDS) + ("" if chance.random() < 0.6 else str(chance.randrange(10**6))) for _ in range(chance.randint(6, 24))]
    return " ".join(words).capitalize() + "."


def run(chance):
    bold = "<w:rPr><w:b/></w:rPr>" if chance.random() < 0.2 else ""
    return f'<w:r>{bold}<w:t xml:space="preserve">{sentence(chance)} </w:t></w:r>'


def paragraph(chance, style):
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}{"".join(run(chance) for _ in range(4))}</w:p>'


def document(path, paragraphs):
    """python-docx's own empty document, with a body written at once: by itself it takes minutes for a big one."""
    import docx
    chance = random.Random(1)
    empty = path + ".empty"
    docx.Document().save(empty)
    body = "".join(paragraph(chance, f"Heading{1 + i // 40 % 3}" if i % 40 == 0 else "") for i in range(paragraphs))
    with zipfile.ZipFile(empty) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "word/document.xml":
                text = text.replace(b"<w:body>", b"<w:body>" + body.encode(), 1)
            new.writestr(name, text)
    os.unlink(empty)


def book(path, rows):
    """What people have: texts, numbers, dates, formulas, formats."""
    import xlsxwriter
    chance = random.Random(2)
    made = xlsxwriter.Workbook(path)
    date, share = made.add_format({"num_format": "yyyy-mm-dd"}), made.add_format({"num_format": "0.0%", "bold": True})
    sheet = made.add_worksheet("Data")
    sheet.write_row(0, 0, ["Name", "Note", "When", "Amount", "Price", "Share", "Total", "Text"])
    for row in range(1, rows):
        sheet.write_string(row, 0, chance.choice(WORDS) + str(chance.randrange(5000)))
        sheet.write_string(row, 1, sentence(chance))
        sheet.write_number(row, 2, 40000 + chance.randrange(5000), date)
        sheet.write_number(row, 3, chance.randrange(10**6))
        sheet.write_number(row, 4, round(chance.random() * 1000, 2))
        sheet.write_number(row, 5, round(chance.random(), 4), share)
        sheet.write_formula(row, 6, f"=IF(D{row + 1}>100,D{row + 1}*E{row + 1},SUM(D{row + 1}:E{row + 1}))", None, row)
        sheet.write_string(row, 7, str(chance.random()))
    made.close()


def million(path):
    import xlsxwriter
    made = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = made.add_worksheet()
    for row in range(100_000):
        for column in range(10):
            if column % 5 == 4:
                sheet.write_string(row, column, f"text {row % 5000}")
            else:
                sheet.write_number(row, column, row * column * 0.5 + column)
    made.close()


def make(folder, quick):
    part = 10 if quick else 1
    document(os.path.join(folder, "small.docx"), 4)
    document(os.path.join(folder, "large.docx"), 52_000 // part)
    book(os.path.join(folder, "small.xlsx"), 40)
    book(os.path.join(folder, "large.xlsx"), 80_000 // part)
    million(os.path.join(folder, "million.xlsx"))
