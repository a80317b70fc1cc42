"""Workbooks by openpyxl: what is said of sheets and of the workbook."""
import io

from openpyxl import Workbook, load_workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.filters import (ColorFilter, CustomFilter, CustomFilters, DateGroupItem, DynamicFilter, FilterColumn, Filters, IconFilter, SortCondition,
                                        SortState, Top10)
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break, ColBreak
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.protection import SheetProtection
from openpyxl.worksheet.scenario import InputCells, Scenario, ScenarioList
from openpyxl.worksheet.smart_tag import CellSmartTag, CellSmartTagPr, CellSmartTags, SmartTags
from openpyxl.worksheet.table import Table, TableColumn, TableFormula, TableStyleInfo
from openpyxl.worksheet.views import Pane, Selection, SheetView

from makers import picture
from makers.openpyxl_cells import CASES as OTHERS
from makers.openpyxl_cells import case, grid

BEFORE = set(OTHERS)


@case("views")
def _(book, sheet):
    grid(sheet, 40, 12)
    sheet.freeze_panes = "C3"
    sheet.sheet_view.zoomScale = 150
    sheet.sheet_view.showGridLines = sheet.sheet_view.showRowColHeaders = False
    sheet.sheet_view.rightToLeft = True
    second = book.create_sheet("split")
    second.views.sheetView = [SheetView(view="pageBreakPreview", pane=Pane(xSplit=2000, ySplit=1500, topLeftCell="C5", activePane="bottomRight", state="split"),
                                        selection=[Selection(pane="bottomRight", activeCell="D6", sqref="D6:E9 A1")], tabSelected=False, zoomScaleNormal=80)]
    book.create_sheet("layout").sheet_view.view = "pageLayout"


@case("page-setup")
def _(book, sheet):
    grid(sheet, 60, 20)
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.scale = "landscape", 9, 75
    sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth, sheet.page_setup.firstPageNumber = 2, 1, 5
    sheet.page_setup.pageOrder, sheet.page_setup.cellComments, sheet.page_setup.errors = "overThenDown", "atEnd", "dash"
    sheet.page_setup.blackAndWhite = sheet.page_setup.draft = sheet.page_setup.useFirstPageNumber = True
    sheet.page_setup.horizontalDpi, sheet.page_setup.verticalDpi, sheet.page_setup.copies = 300, 600, 3
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True, autoPageBreaks=False)
    sheet.page_margins.left = sheet.page_margins.right = 0.3
    sheet.print_options.gridLines = sheet.print_options.headings = sheet.print_options.horizontalCentered = True
    sheet.print_title_rows, sheet.print_title_cols, sheet.print_area = "1:2", "A:B", "A1:H30"
    sheet.row_breaks.append(Break(id=10))
    sheet.row_breaks.append(Break(id=20, min=0, max=16383, man=True))
    sheet.col_breaks = ColBreak()
    sheet.col_breaks.append(Break(id=4))


@case("headers-footers")
def _(book, sheet):
    for part in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
        one = getattr(sheet, part)
        one.left.text, one.center.text, one.right.text = "&D &T", f"{part} &P of &N", "&F &A"
        one.left.size, one.left.font, one.left.color = 14, "Arial,Bold", "CC3366"
    sheet.HeaderFooter.differentOddEven = sheet.HeaderFooter.differentFirst = True


@case("filters")
def _(book, sheet):
    grid(sheet, 20, 8)
    sheet.auto_filter.ref = "A1:H20"
    sheet.auto_filter.add_filter_column(0, ["1", "3"], blank=True)
    sheet.auto_filter.add_sort_condition("B2:B20", descending=True)
    columns = [FilterColumn(colId=1, customFilters=CustomFilters(_and=True, customFilter=[CustomFilter("greaterThan", "2"), CustomFilter("lessThan", "8")])),
               FilterColumn(colId=2, top10=Top10(top=False, percent=True, val=10)), FilterColumn(colId=3, dynamicFilter=DynamicFilter("aboveAverage", val=3)),
               FilterColumn(colId=4, iconFilter=IconFilter(iconSet="3Arrows", iconId=1)), FilterColumn(colId=6, hiddenButton=True),
               FilterColumn(colId=5, filters=Filters(dateGroupItem=[DateGroupItem(year=2020, month=5, dateTimeGrouping="month")]))]
    sheet.auto_filter.filterColumn += columns


@case("sort-state")
def _(book, sheet):
    grid(sheet, 9, 3)
    sheet.auto_filter.ref = "A1:C9"
    sheet.auto_filter.sortState = SortState(ref="A2:C9", caseSensitive=True, sortCondition=[SortCondition(ref="A2:A9"), SortCondition(ref="B2:B9", descending=True)])


@case("tables")
def _(book, sheet):
    sheet.append(["one", "two", "three"])
    grid(sheet, 5, 3)
    table = Table(displayName="First", ref="A1:C6")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium9", showFirstColumn=True, showLastColumn=False, showRowStripes=True, showColumnStripes=True)
    sheet.add_table(table)
    for row, text in enumerate(["a", 1, 2, "=SUBTOTAL(109,Second[a])"], 10):
        sheet.cell(row, 1, text)
    second = Table(id=7, displayName="Second", ref="A10:A13", totalsRowCount=1, comment="said")
    second._initialise_columns()
    second.tableColumns[0].name, second.tableColumns[0].totalsRowFunction = "a", "sum"
    second.tableColumns[0].calculatedColumnFormula = TableFormula(attr_text="1+1")
    sheet.add_table(second)


@case("names")
def _(book, sheet):
    for number, (name, value, more) in enumerate([("one", "Sheet!$A$1", {}), ("constant", "3.14", {}), ("text", '"words"', {"hidden": True}),
                                                  ("_under.score", "Sheet!$A$1:$B$2,Sheet!$D$4", {"comment": "two places"}), ("func", "SUM(Sheet!$A:$A)", {"function": True, "vbProcedure": True})]):
        book.defined_names.append(DefinedName(name=name, attr_text=value, **more))
    book.defined_names.append(DefinedName(name="local", attr_text="Sheet!$B$2", localSheetId=0))


@case("sheets")
def _(book, sheet):
    sheet.sheet_properties.tabColor = "FF00AA00"
    for name, state in (("hidden", "hidden"), ("very", "veryHidden"), ("ünïcode 漢字", "visible"), ("with 'quote", "visible"), ("x" * 31, "visible")):
        book.create_sheet(name).sheet_state = state
    book.active = 3
    book.create_sheet("first", 0)
    book.copy_worksheet(sheet)


@case("chartsheet")
def _(book, sheet):
    from openpyxl.chart import BarChart, Reference
    grid(sheet)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, max_col=2, min_row=1, max_row=6))
    page = book.create_chartsheet("chart")
    page.add_chart(chart)


@case("protection")
def _(book, sheet):
    book.security = WorkbookProtection(workbookPassword="abc", lockStructure=True, lockWindows=True, revisionsPassword="x", lockRevision=True)
    sheet.protection = SheetProtection(sheet=True, objects=True, scenarios=True, formatCells=False, formatRows=False, insertRows=False, deleteColumns=False, selectLockedCells=True,
                                       algorithmName="SHA-512", hashValue="q83vEg==", saltValue="q83vEg==", spinCount=100000)


@case("pictures")
def _(book, sheet):
    for number, where in enumerate(("B2", "F9", "B2")):
        image = Image(io.BytesIO(picture(8, 8, 60 * number)))
        image.width, image.height = 100 + number, 50
        sheet.add_image(image, where)


@case("anchors")
def _(book, sheet):
    from openpyxl.drawing.spreadsheet_drawing import AbsoluteAnchor, AnchorMarker, OneCellAnchor, TwoCellAnchor
    from openpyxl.drawing.xdr import XDRPoint2D, XDRPositiveSize2D
    size, at, to = XDRPositiveSize2D(900000, 800000), AnchorMarker(col=1, colOff=5, row=2, rowOff=6), AnchorMarker(col=4, row=9)
    for anchor in (OneCellAnchor(_from=at, ext=size), TwoCellAnchor(editAs="absolute", _from=at, to=to), AbsoluteAnchor(pos=XDRPoint2D(10, 20), ext=size)):
        image = Image(io.BytesIO(picture()))
        image.anchor = anchor
        sheet.add_image(image)


@case("scenarios")
def _(book, sheet):
    grid(sheet)
    sheet.scenarios = ScenarioList(scenario=[Scenario(name="best", locked=True, user="me", comment="so", inputCells=[InputCells(r="A1", val="5"), InputCells(r="B1", val="6", deleted=True)])],
                                   current=0, show=0, sqref="C1")


@case("smart-tags")
def _(book, sheet):
    sheet["A1"] = "x"
    sheet.legacy = None
    tags = SmartTags(cellSmartTags=[CellSmartTags(r="A1", cellSmartTag=[CellSmartTag(type=0, cellSmartTagPr=[CellSmartTagPr(key="a", val="b")])])])
    sheet.smart_tags = tags


@case("links-between")
def _(book, sheet):
    book.create_sheet("other")
    sheet["A1"].hyperlink = Hyperlink(ref="A1", location="other!B2", display="there", tooltip="tip")
    sheet["A2"] = "=other!A1"


@case("calculation")
def _(book, sheet):
    book.calculation.calcMode, book.calculation.fullCalcOnLoad, book.calculation.iterate = "manual", True, True
    book.calculation.iterateCount, book.calculation.iterateDelta, book.calculation.refMode = 50, 0.01, "R1C1"
    book.code_name = "Code"
    sheet.sheet_properties.codeName = "Code1"


@case("write-only-like")
def _(book, sheet):
    for row in range(200):
        sheet.append([f"text {row % 7}", row, row / 3, row % 2 == 0, None, f"=A{row + 1}"])


def _template(path):
    book = Workbook()
    book.template = True
    book.active["A1"] = "template"
    book.save(path)


def _mixed(path):
    book = Workbook()
    from makers.openpyxl_cells import CASES as all_cases
    for number, name in enumerate(sorted(all_cases)):
        fill = all_cases[name].__closure__[0].cell_contents
        if name not in ("openpyxl-all.xlsx", "openpyxl-epoch-1904.xlsx", "openpyxl-protection.xlsx", "openpyxl-named-styles.xlsx", "openpyxl-names.xlsx", "openpyxl-sheets.xlsx",
                        "openpyxl-chartsheet.xlsx", "openpyxl-links-between.xlsx", "openpyxl-calculation.xlsx", "openpyxl-iso-dates.xlsx", "openpyxl-tables.xlsx"):
            fill(book, book.create_sheet(f"s{number}"))
    book.save(path)


def _again(path):
    """Written, read and written again: what openpyxl keeps."""
    _mixed(path)
    load_workbook(path).save(path)


CASES = {name: build for name, build in OTHERS.items() if name not in BEFORE}
CASES.update({"openpyxl-template.xltx": _template, "openpyxl-all.xlsx": _mixed, "openpyxl-again.xlsx": _again})
