"""Workbooks by openpyxl: cells, their styles, and what is said about them."""
import datetime

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import (CellIsRule, ColorScaleRule, DataBarRule, FormulaRule, IconSetRule, Rule)
from openpyxl.styles import (Alignment, Border, Color, Font, GradientFill, NamedStyle, PatternFill, Protection, Side)
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation

CASES = {}
WHEN = datetime.datetime(2020, 1, 2, 3, 4, 5)


def case(name):
    """A case that fills a new workbook."""
    def keep(fill):
        def build(path):
            book = Workbook()
            book.properties.created = book.properties.modified = WHEN
            fill(book, book.active)
            book.save(path)
        CASES[f"openpyxl-{name}.xlsx"] = build
        return fill
    return keep


def grid(sheet, rows=6, columns=4):
    for row in range(1, rows + 1):
        sheet.append([row * column for column in range(1, columns + 1)])


@case("empty")
def _(book, sheet):
    pass


@case("values")
def _(book, sheet):
    values = ["text", 1, -2.5, 1e300, 1e-300, True, False, None, WHEN, WHEN.date(), WHEN.time(), datetime.timedelta(hours=30), "", " spaces ",
              "line\nbreak", "<&>\"'", "漢字", "שלום", "😀", "_x000D_", "=1+1", "=SUM(A1:A3)", "#N/A", "'quoted", "0012"]
    for row, value in enumerate(values, 1):
        sheet.cell(row, 1, value)
        sheet.cell(row, 16384 if row == 1 else row + 2, value)
    sheet.cell(1048576, 1, "last")


@case("epoch-1904")
def _(book, sheet):
    from openpyxl.utils.datetime import CALENDAR_MAC_1904
    book.epoch = CALENDAR_MAC_1904
    sheet["A1"] = WHEN


@case("iso-dates")
def _(book, sheet):
    book.iso_dates = True
    sheet["A1"], sheet["A2"] = WHEN, WHEN.date()


@case("formulas")
def _(book, sheet):
    grid(sheet)
    for row, text in enumerate(["=A1+B1", "=SUM($A$1:A6)", "=IF(A1>1,\"a\",\"b\")", "=VLOOKUP(1,A:B,2,FALSE)", "=_xlfn.XLOOKUP(1,A:A,B:B)",
                                "=_xlfn._xlws.FILTER(A1:A6,A1:A6>2)", "=1/0", "='Sheet'!A1", "=TODAY()", "={1,2;3,4}"], 1):
        sheet.cell(row, 7, text)


@case("array-formulas")
def _(book, sheet):
    grid(sheet)
    sheet["F1"], sheet["G1"] = "=A1:A3*B1:B3", "=SUM(A1:A3*B1:B3)"
    sheet.formula_attributes["F1"] = {"t": "array", "ref": "F1:F3"}
    sheet.formula_attributes["G1"] = {"t": "array", "ref": "G1"}


@case("shared-formula")
def _(book, sheet):
    grid(sheet)
    sheet["F1"], sheet["F2"] = "=A1", "="
    sheet.formula_attributes["F1"] = {"t": "shared", "ref": "F1:F2", "si": "0"}
    sheet.formula_attributes["F2"] = {"t": "shared", "si": "0"}


@case("rows-columns")
def _(book, sheet):
    grid(sheet, 20, 8)
    sheet.row_dimensions[2].height = 33.5
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].width = 22.75
    sheet.column_dimensions["C"].hidden = True
    sheet.column_dimensions.group("E", "G", outline_level=2, hidden=True)
    sheet.row_dimensions.group(5, 9, outline_level=1, hidden=False)
    sheet.sheet_properties.outlinePr.summaryBelow = False


@case("merged")
def _(book, sheet):
    grid(sheet, 10, 10)
    for where in ("A1:B2", "D4:F4", "H1:H9"):
        sheet.merge_cells(where)


@case("fonts")
def _(book, sheet):
    fonts = [Font(name="Arial", size=7.5, bold=True, italic=True, strike=True), Font(underline="double", color="FFFF0000"),
             Font(underline="singleAccounting", vertAlign="superscript"), Font(vertAlign="subscript", outline=True, shadow=True),
             Font(color=Color(theme=4, tint=-0.25)), Font(color=Color(indexed=10)), Font(scheme="minor", family=2, charset=204),
             Font(name="MS Gothic", charset=128, condense=True, extend=True), Font(underline="doubleAccounting", scheme="major"),
             Font(color=Color(auto=True))]
    for row, font in enumerate(fonts, 1):
        sheet.cell(row, 1, f"font {row}").font = font


@case("fills")
def _(book, sheet):
    kinds = ["none", "solid", "darkDown", "darkGray", "darkGrid", "darkHorizontal", "darkTrellis", "darkUp", "darkVertical", "gray0625", "gray125",
             "lightDown", "lightGray", "lightGrid", "lightHorizontal", "lightTrellis", "lightUp", "lightVertical", "mediumGray"]
    for row, kind in enumerate(kinds, 1):
        sheet.cell(row, 1, kind).fill = PatternFill(kind, fgColor="FF00FF00", bgColor="FF0000FF")
    sheet["C1"].fill = GradientFill(degree=45, stop=("FF0000", "0000FF"))
    sheet["C2"].fill = GradientFill(type="path", left=0.25, right=0.75, top=0.1, bottom=0.9, stop=("FFFFFF", "000000"))


@case("borders")
def _(book, sheet):
    kinds = ["dashDot", "dashDotDot", "dashed", "dotted", "double", "hair", "medium", "mediumDashDot", "mediumDashDotDot", "mediumDashed",
             "slantDashDot", "thick", "thin"]
    for row, kind in enumerate(kinds, 1):
        side = Side(kind, color="FF123456")
        sheet.cell(2 * row, 2, kind).border = Border(left=side, right=side, top=side, bottom=side, diagonal=side, diagonalUp=True, diagonalDown=row % 2 == 0)


@case("alignments")
def _(book, sheet):
    row = 0
    for across in ("general", "left", "center", "right", "fill", "justify", "centerContinuous", "distributed"):
        for down in ("top", "center", "bottom", "justify", "distributed"):
            row += 1
            sheet.cell(row, 1, across).alignment = Alignment(horizontal=across, vertical=down, wrap_text=row % 2 == 0, indent=row % 3, readingOrder=row % 3)
    sheet["B1"].alignment = Alignment(text_rotation=45)
    sheet["B2"].alignment = Alignment(text_rotation=180)
    sheet["B3"].alignment = Alignment(text_rotation=255, shrink_to_fit=True, justifyLastLine=True)


@case("number-formats")
def _(book, sheet):
    formats = ["General", "0", "0.00", "#,##0", "0%", "0.00E+00", "# ?/?", "yyyy-mm-dd", "[h]:mm:ss", "@", "[Red]-0.0;[Blue]0.0;\"zero\";@", "_-* #,##0.00\\ [$€-1]_-",
               "[$-409]d mmm yyyy", "[>100]\"big\";\"small\"", "##0.0E+0", "[DBNum1]General"]
    for row, one in enumerate(formats, 1):
        sheet.cell(row, 1, 1234.5).number_format = one


@case("protection-cells")
def _(book, sheet):
    sheet["A1"].protection = Protection(locked=False, hidden=True)
    sheet.protection.sheet = True
    sheet.protection.password = "secret"
    sheet.protection.formatCells = False
    sheet.protection.sort = False


@case("named-styles")
def _(book, sheet):
    own = NamedStyle(name="Own", font=Font(bold=True), fill=PatternFill("solid", fgColor="FFEEDDCC"), number_format="0.000")
    book.add_named_style(own)
    names = ["Own", "Good", "Bad", "Neutral", "Title", "Headline 1", "Comma", "Currency", "Percent", "Hyperlink", "Note", "Total", "Input", "Output",
             "Calculation", "Check Cell", "Linked Cell", "Warning Text", "Explanatory Text", "Accent1", "20 % - Accent3"]
    for row, name in enumerate(names, 1):
        sheet.cell(row, 1, name).style = name


def _rules():
    red = PatternFill(bgColor="FFFF0000")
    bold = DifferentialStyle(font=Font(bold=True, color="FF00FF00"), border=Border(left=Side("thin")), fill=red)
    for operator in ("lessThan", "lessThanOrEqual", "equal", "notEqual", "greaterThanOrEqual", "greaterThan", "between", "notBetween"):
        yield CellIsRule(operator=operator, formula=["2", "5"] if "etween" in operator else ["2"], fill=red, stopIfTrue=True)
    for operator, kind in (("containsText", "containsText"), ("notContains", "notContainsText"), ("beginsWith", "beginsWith"), ("endsWith", "endsWith")):
        yield Rule(type=kind, operator=operator, text="a", dxf=bold, formula=['NOT(ISERROR(SEARCH("a",A1)))'])
    for kind in ("containsBlanks", "notContainsBlanks", "containsErrors", "notContainsErrors", "duplicateValues", "uniqueValues"):
        yield Rule(type=kind, dxf=bold)
    for period in ("today", "yesterday", "tomorrow", "last7Days", "thisMonth", "lastMonth", "nextMonth", "thisWeek", "lastWeek", "nextWeek"):
        yield Rule(type="timePeriod", timePeriod=period, dxf=bold, formula=["FLOOR(A1,1)=TODAY()"])
    yield Rule(type="top10", rank=3, percent=True, dxf=bold)
    yield Rule(type="top10", rank=3, bottom=True, dxf=bold)
    yield Rule(type="aboveAverage", aboveAverage=False, equalAverage=True, stdDev=2, dxf=bold)
    yield FormulaRule(formula=["A1>B1"], font=Font(italic=True))
    yield ColorScaleRule(start_type="min", start_color="FFAA0000", end_type="max", end_color="FF00AA00")
    yield ColorScaleRule(start_type="num", start_value=1, start_color="FFAA0000", mid_type="percentile", mid_value=50, mid_color="FFFFFFFF", end_type="formula",
                         end_value="A1", end_color="FF00AA00")
    yield DataBarRule(start_type="percent", start_value=10, end_type="max", color="FF638EC6", showValue=False, minLength=10, maxLength=90)
    for style, count in (("3Arrows", 3), ("3ArrowsGray", 3), ("3Flags", 3), ("3TrafficLights1", 3), ("3Signs", 3), ("3Symbols2", 3), ("4Arrows", 4),
                         ("4RedToBlack", 4), ("4Rating", 4), ("5Arrows", 5), ("5Rating", 5), ("5Quarters", 5)):
        yield IconSetRule(style, "percent", [n * 100 // count for n in range(count)], showValue=None, percent=None, reverse=count == 4)


@case("conditional-formats")
def _(book, sheet):
    grid(sheet, 10, 5)
    for number, rule in enumerate(_rules()):
        sheet.conditional_formatting.add("A1:C10" if number % 2 else f"D{number + 1}:E{number + 5} G1", rule)


@case("data-validations")
def _(book, sheet):
    for row, kind in enumerate(("none", "whole", "decimal", "list", "date", "time", "textLength", "custom"), 1):
        for operator in ("between", "notBetween", "equal", "notEqual", "lessThan", "greaterThanOrEqual"):
            rule = DataValidation(type=kind, operator=operator, formula1='"a,b,c"' if kind == "list" else "1", formula2="9", allow_blank=True, errorStyle="warning",
                                  showErrorMessage=True, showInputMessage=True, errorTitle="no", error="Not so", promptTitle="do", prompt="Like this", imeMode="hiragana")
            rule.add(f"A{row}")
            rule.add(f"C{row}:D{row + 2}")
            sheet.add_data_validation(rule)


@case("comments")
def _(book, sheet):
    for row in (1, 3, 9):
        comment = Comment(f"Said of {row}\nin two lines", f"Author {row % 2}")
        comment.width, comment.height = 300, 50 * row
        sheet.cell(row, 2, row).comment = comment


@case("hyperlinks")
def _(book, sheet):
    sheet["A1"].hyperlink = "https://example.com/?a=1&b=2#x"
    sheet["A2"].hyperlink = "#Sheet!B2"
    sheet["A3"].hyperlink = "mailto:nobody@example.com"
    sheet["A4"].hyperlink = "other file.xlsx"
    sheet["A1"].hyperlink.tooltip = "There"
