"""Workbooks by XlsxWriter: what is said of sheets and of the workbook, pictures, shapes, comments."""
import io
import os

import xlsxwriter

from makers import picture
from makers.xlsxwriter_cells import CASES as OTHERS
from makers.xlsxwriter_cells import WHEN, case, grid

BEFORE = set(OTHERS)


@case("comments")
def _(book, sheet):
    sheet.set_comments_author("someone")
    sheet.write_comment("A1", "said")
    sheet.write_comment("B5", "said\nmore 漢字", {"author": "other", "visible": True, "x_scale": 2, "color": "#CCFFCC", "font_name": "Arial", "font_size": 12, "start_cell": "E7", "x_offset": 7})
    book.add_worksheet().write_comment("C3", "on the other")


@case("hyperlinks")
def _(book, sheet):
    for row, url in enumerate(["https://example.com/a?b=c&d=e#f", "mailto:a@example.com", "internal:Sheet1!A1", "external:c:\\temp\\a b.xlsx", "external:../x.xlsx#Sheet1!C5",
                               "https://example.com/" + "x" * 200, "ftp://example.com"]):
        sheet.write_url(row, 0, url, string=f"link {row}", tip="tip")


@case("pictures")
def _(book, sheet):
    data = io.BytesIO(picture())
    sheet.insert_image("B2", "a.png", {"image_data": data})
    sheet.insert_image("D5", "b.png", {"image_data": data, "x_scale": 2, "y_scale": 0.5, "x_offset": 7, "object_position": 3, "url": "https://example.com", "tip": "t", "description": "words"})
    sheet.insert_image("F9", "c.png", {"image_data": io.BytesIO(picture(4, 4, 9)), "object_position": 1, "decorative": True})
    sheet.set_header("&L&G", {"image_left": "h.png", "image_data_left": data})
    second = book.add_worksheet()
    second.insert_image("A1", "d.png", {"image_data": data, "object_position": 2, "url": "internal:Sheet1!A1"})


@case("background")
def _(book, sheet):
    sheet.set_background(io.BytesIO(picture()), is_byte_stream=True)


@case("text-boxes")
def _(book, sheet):
    looks = [{}, {"width": 200, "height": 90, "line": {"color": "red", "width": 2.25, "dash_type": "dash_dot"}}, {"fill": {"color": "#FF9900"}, "font": {"bold": True, "size": 14, "color": "blue"}},
             {"gradient": {"colors": ["#DDEBCF", "#9CB86E", "#156B13"], "type": "radial"}}, {"align": {"vertical": "middle", "horizontal": "center"}, "font": {"italic": True, "underline": True, "name": "Arial"}},
             {"object_position": 3, "url": "https://example.com", "description": "d", "textlink": "=$A$1"}, {"font": {"rotation": 90}, "line": {"none": True}, "fill": {"none": True}},
             {"align": {"text": "right"}, "decorative": True}]
    for row, look in enumerate(looks):
        sheet.insert_textbox(row * 6, 2, f"box {row}\n\nlines", look)


@case("buttons", kind="xlsm")
def _(book, sheet):
    sheet.insert_button("B3", {"macro": "say_hello", "caption": "Press", "width": 80, "height": 30, "description": "d"})
    sheet.write_comment("A1", "and a comment")


@case("shapes-mixed")
def _(book, sheet):
    grid(sheet)
    sheet.insert_textbox("F1", "text")
    sheet.insert_image("F9", "a.png", {"image_data": io.BytesIO(picture())})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Sheet1!$A$1:$A$5"})
    sheet.insert_chart("F20", chart)
    sheet.write_comment("A1", "x")
    sheet.insert_button("K3")


@case("rows-columns")
def _(book, sheet):
    grid(sheet, 12, 8)
    bold = book.add_format({"bold": True})
    sheet.set_row(1, 40, bold)
    sheet.set_row(2, None, None, {"hidden": True})
    for row in range(4, 8):
        sheet.set_row(row, None, None, {"level": row - 3, "hidden": row > 5})
    sheet.set_row(8, None, None, {"collapsed": True})
    sheet.set_column("A:B", 20, bold)
    sheet.set_column("C:C", 8, None, {"hidden": True})
    sheet.set_column("D:F", 5, None, {"level": 1})
    sheet.set_column("G:G", None, None, {"collapsed": True})
    sheet.outline_settings(False, False, False, True)
    sheet.set_default_row(24, hide_unused_rows=False)


@case("default-rows-hidden")
def _(book, sheet):
    grid(sheet)
    sheet.set_default_row(hide_unused_rows=True)


@case("merged")
def _(book, sheet):
    center = book.add_format({"align": "center", "border": 1})
    sheet.merge_range("B2:D4", "merged", center)
    sheet.merge_range("F1:F9", 12, center)
    sheet.merge_range("A10:C10", "=1+1", center)


@case("views")
def _(book, sheet):
    grid(sheet)
    sheet.freeze_panes(1, 2)
    sheet.set_selection("B3:D9")
    sheet.set_zoom(75)
    sheet.hide_gridlines(2)
    sheet.set_tab_color("#FF9900")
    for number, prepare in enumerate((lambda s: s.split_panes(15, 8.43), lambda s: s.freeze_panes(3, 0, 20, 0), lambda s: s.freeze_panes(0, 3), lambda s: s.split_panes(30, 0),
                                      lambda s: s.set_page_view(), lambda s: s.right_to_left(), lambda s: s.hide_zero(), lambda s: s.hide_row_col_headers(), lambda s: s.set_top_left_cell("C9"))):
        prepare(book.add_worksheet(f"view {number}"))


@case("page-setup")
def _(book, sheet):
    grid(sheet)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(0.5, 0.5, 1, 1)
    sheet.set_header("&L&D&C&\"Arial,Bold\"Title &A&R&P of &N", {"margin": 0.4})
    sheet.set_footer("&C&F && more", {"align_with_margins": False, "scale_with_doc": False})
    sheet.center_horizontally()
    sheet.center_vertically()
    sheet.repeat_rows(0, 1)
    sheet.repeat_columns("A:B")
    sheet.print_area("A1:E9")
    sheet.fit_to_pages(1, 0)
    sheet.set_start_page(3)
    sheet.set_h_pagebreaks([5, 7])
    sheet.set_v_pagebreaks([3])
    sheet.print_row_col_headers()
    sheet.print_across()
    second = book.add_worksheet()
    second.set_print_scale(150)
    second.set_portrait()
    second.hide_gridlines(0)


@case("names")
def _(book, sheet):
    book.define_name("Total", "=Sheet1!$A$1")
    book.define_name("Sheet1!Local", "=Sheet1!$B$1:$C$4")
    book.define_name("rate", "=0.05")
    book.define_name("_x.y\\z", "=OFFSET(Sheet1!$A$1,0,0,5,1)")


@case("protection")
def _(book, sheet):
    sheet.protect("secret", {"objects": True, "format_cells": True, "insert_rows": True, "delete_columns": True, "sort": True, "autofilter": True, "pivot_tables": True, "select_locked_cells": False})
    sheet.unprotect_range("E1:E5")
    sheet.unprotect_range("G1", "named", "password")
    book.add_chartsheet().protect("x", {"content": False, "objects": False})


@case("ignored-errors")
def _(book, sheet):
    sheet.ignore_errors({"number_stored_as_text": "A1:H50 C3", "eval_error": "A1", "formula_differs": "A2", "formula_range": "A3", "formula_unlocked": "A4", "empty_cell_reference": "A5",
                         "list_data_validation": "A6", "calculated_column": "A7", "two_digit_text_year": "A8"})


@case("properties")
def _(book, sheet):
    book.set_properties({"title": "t <&>", "subject": "s", "author": "a", "manager": "m", "company": "c", "category": "c", "keywords": "k", "comments": "漢字", "status": "s", "hyperlink_base": "http://x/", "created": WHEN})
    for name, value in (("text", "x"), ("number", 1.5), ("integer", 7), ("yes", True), ("when", WHEN)):
        book.set_custom_property(name, value)
    book.set_calc_mode("manual")
    book.set_size(2400, 1200)
    book.set_tab_ratio(75)
    book.read_only_recommended()


@case("sheets")
def _(book, sheet):
    for name in ("hidden", "very", "ünïcode 漢字", "it's", "x" * 31):
        one = book.add_worksheet(name)
        if name == "hidden":
            one.hide()
    book.get_worksheet_by_name("very").activate()
    book.get_worksheet_by_name("it's").select()
    book.get_worksheet_by_name("very").set_first_sheet()


@case("vba-names", kind="xlsm")
def _(book, sheet):
    book.set_vba_name("ThisBook")
    sheet.set_vba_name("Sheet_1")
    sheet.write("A1", "no project, only names")


def _with_macros(path):
    """A macro-enabled workbook: XlsxWriter wants the project's file, and does not look into it."""
    project = os.path.join(os.path.dirname(path), "vbaProject.bin")
    with open(project, "wb") as file:
        file.write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    book = xlsxwriter.Workbook(path)
    book.add_worksheet().insert_button("B2", {"macro": "run"})
    book.add_vba_project(project)
    book.close()


def _zip64(path):
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.use_zip64()
    book.add_worksheet().write_row(0, 0, ["1", "2.5", "=1", "http://example.com"])
    book.close()


CASES = {name: build for name, build in OTHERS.items() if name not in BEFORE}
CASES.update({"xlsxwriter-macros.xlsm": _with_macros, "xlsxwriter-strings.xlsx": _zip64})
