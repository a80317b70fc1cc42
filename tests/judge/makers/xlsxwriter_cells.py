"""Workbooks by XlsxWriter: cells, formats, conditional formats, validations, sparklines, tables."""
import datetime

import xlsxwriter

CASES = {}
WHEN = datetime.datetime(2020, 1, 2, 3, 4, 5)


def case(name, options=None, kind="xlsx"):
    def keep(fill):
        def build(path):
            book = xlsxwriter.Workbook(path, options or {})
            book.set_properties({"created": WHEN})
            fill(book, book.add_worksheet())
            book.close()
        CASES[f"xlsxwriter-{name}.{kind}"] = build
        return fill
    return keep


def grid(sheet, rows=8, columns=5):
    for row in range(rows):
        for column in range(columns):
            sheet.write(row, column, (row + 1) * (column + 2) % 11)


@case("empty")
def _(book, sheet):
    pass


@case("values")
def _(book, sheet):
    date = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for row, value in enumerate(["text", 1, -2.5, 1e300, True, False, "", " s ", "line\nbreak", "<&>\"'", "漢字", "😀", "\x01\x1f", "_x0041_", "=1+1", "0012", None]):
        sheet.write(row, 0, value)
    sheet.write_datetime(0, 1, WHEN, date)
    sheet.write_datetime(1, 1, WHEN.date(), date)
    sheet.write_datetime(2, 1, WHEN.time(), date)
    sheet.write_datetime(3, 1, datetime.timedelta(hours=30), date)
    sheet.write_blank(5, 1, None, date)
    sheet.write(1048575, 16383, "last")


@case("date-1904", {"date_1904": True})
def _(book, sheet):
    sheet.write_datetime(0, 0, WHEN)


@case("constant-memory", {"constant_memory": True})
def _(book, sheet):
    for row in range(100):
        sheet.write_row(row, 0, [f"text {row}", row, row / 7, row % 2 == 0])


@case("not-a-number", {"nan_inf_to_errors": True})
def _(book, sheet):
    for row, value in enumerate((float("nan"), float("inf"), -float("inf"))):
        sheet.write(row, 0, value)


@case("rich-strings")
def _(book, sheet):
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red", "italic": True, "underline": 2, "font_script": 1, "font_size": 8})
    sheet.write_rich_string("A1", "plain ", bold, "bold ", red, " red")
    sheet.write_rich_string("A2", red, " x", "y\n", bold, "漢字", book.add_format({"text_wrap": True}))


@case("formulas")
def _(book, sheet):
    grid(sheet)
    sheet.write_formula("H1", "=SUM(A1:A5)", None, 15)
    sheet.write_formula("H2", '=IF(A1>1,"a","b")', None, "a")
    sheet.write_formula("H3", "=1/0", None, "#DIV/0!")
    sheet.write_formula("H4", "=A1>1", None, True)
    sheet.write_formula("H5", "=_xlfn.STDEV.S(A1:A5)")
    sheet.write_array_formula("I1:I3", "{=A1:A3*B1:B3}", None, 4)
    sheet.write_array_formula(4, 8, 4, 8, "{=SUM(A1:A3*B1:B3)}")


@case("dynamic-arrays", {"use_future_functions": True})
def _(book, sheet):
    grid(sheet)
    for row, text in enumerate(["=UNIQUE(A1:A8)", "=SORT(A1:A8)", "=FILTER(A1:B8,A1:A8>2)", "=SEQUENCE(3)", "=XLOOKUP(1,A1:A8,B1:B8)", "=LET(x,1,x+1)", "=LAMBDA(x,x+1)(2)",
                                "=RANDARRAY(2,2)", "=SORTBY(A1:A8,B1:B8)", "=XMATCH(1,A1:A8)", "=ANCHORARRAY(F1)", "=SINGLE(A1:A8)"]):
        sheet.write_dynamic_array_formula(row * 10, 5, row * 10, 5, text)
    sheet.write_formula("K1", "=STDEV.S(A1:A5)+CONCAT(A1:A3)")


FORMATS = [{"bold": True, "italic": True, "font_strikeout": True}, {"underline": 33}, {"underline": 34, "font_outline": True, "font_shadow": True}, {"font_script": 2},
           {"font_name": "Arial", "font_size": 20, "font_color": "#FF8800", "font_family": 3, "font_charset": 128}, {"theme": 4, "font_color": "#112233"},
           {"pattern": 1, "bg_color": "yellow"}, {"pattern": 14, "bg_color": "green", "fg_color": "#FF0000"}, {"border": 1}, {"border": 6, "border_color": "blue"},
           {"diag_type": 3, "diag_border": 7, "diag_color": "red"}, {"top": 2, "bottom": 5, "left": 8, "right": 13, "left_color": "#123456"}, {"align": "center", "valign": "vcenter"},
           {"align": "fill"}, {"align": "justify", "valign": "vjustify"}, {"align": "distributed", "valign": "vdistributed", "indent": 2}, {"center_across": True}, {"text_wrap": True},
           {"rotation": 45}, {"rotation": -45}, {"rotation": 270}, {"indent": 3}, {"shrink": True}, {"reading_order": 2}, {"num_format": 14}, {"num_format": "0.000"},
           {"num_format": '[Red]-0;"x"0;@'}, {"locked": False, "hidden": True}, {"hyperlink": True}, {"text_justlast": True, "align": "distributed"}]


@case("formats")
def _(book, sheet):
    for row, one in enumerate(FORMATS):
        sheet.write(row * 2, 1, 12.5, book.add_format(one))


CONDITIONS = [{"type": "cell", "criteria": c, "value": 5, "minimum": 2, "maximum": 9} for c in ("=", "!=", ">", "<", ">=", "<=", "between", "not between")]
CONDITIONS += [{"type": "text", "criteria": c, "value": "a"} for c in ("containing", "not containing", "begins with", "ends with")]
CONDITIONS += [{"type": "time_period", "criteria": c} for c in ("yesterday", "today", "last 7 days", "last week", "this week", "next week", "last month", "this month", "next month")]
CONDITIONS += [{"type": "average", "criteria": c} for c in ("above", "below", "equal or above", "1 std dev above", "3 std dev below")]
CONDITIONS += [{"type": t} for t in ("duplicate", "unique", "blanks", "no_blanks", "errors", "no_errors")]
CONDITIONS += [{"type": "top", "value": 10}, {"type": "bottom", "value": 10, "criteria": "%"}, {"type": "formula", "criteria": "=A1>5", "stop_if_true": True},
               {"type": "cell", "criteria": ">", "value": "=$B$1", "multi_range": "B3:B4 D5"}]
GRADES = [{"type": "2_color_scale", "min_color": "red", "max_color": "#00FF00"}, {"type": "3_color_scale", "mid_type": "percentile", "mid_value": 40, "min_type": "num", "min_value": 1},
          {"type": "data_bar"}, {"type": "data_bar", "bar_solid": True, "bar_direction": "right", "bar_negative_color": "red", "bar_axis_position": "middle"},
          {"type": "data_bar", "data_bar_2010": True, "min_type": "formula", "min_value": "=A1", "max_type": "percent", "max_value": 90, "bar_only": True},
          {"type": "data_bar", "bar_no_border": True, "bar_negative_color_same": True, "bar_negative_border_color_same": True, "bar_axis_color": "#0070C0"}]
ICONS = ["3_arrows", "3_arrows_gray", "3_flags", "3_traffic_lights", "3_traffic_lights_rimmed", "3_signs", "3_symbols", "3_symbols_circled", "4_arrows", "4_arrows_gray", "4_red_to_black",
         "4_ratings", "4_traffic_lights", "5_arrows", "5_arrows_gray", "5_ratings", "5_quarters"]


@case("conditional-formats")
def _(book, sheet):
    grid(sheet, 12, 6)
    red = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "bold": True, "num_format": "0.0", "border": 1, "font_strikeout": True, "underline": 1})
    for number, one in enumerate(CONDITIONS):
        sheet.conditional_format(number % 9, 0, number % 9 + 3, 3, {**one, "format": red if number % 3 else None})


@case("color-scales-bars-icons")
def _(book, sheet):
    grid(sheet, 12, 6)
    for number, one in enumerate(GRADES):
        sheet.conditional_format(0, number, 11, number, one)
    for number, name in enumerate(ICONS):
        more = {"reverse_icons": True, "icons_only": True} if number % 4 == 0 else {}
        if number % 5 == 0:
            more["icons"] = [{"criteria": ">", "type": "number", "value": 5}, {"criteria": ">=", "type": "formula", "value": "=$A$1"}]
        sheet.conditional_format(20 + number, 0, 25 + number, 0, {"type": "icon_set", "icon_style": name, **more})


@case("data-validations")
def _(book, sheet):
    row = 0
    for kind, value in (("integer", 3), ("decimal", 0.5), ("date", WHEN.date()), ("time", WHEN.time()), ("length", 4)):
        for criteria in ("between", "not between", "=", "!=", ">", "<", ">=", "<="):
            two = {"minimum": value, "maximum": value} if "between" in criteria else {"value": value}
            row += 1
            sheet.data_validation(row, 1, row, 1, {"validate": kind, "criteria": criteria, **two, "input_title": "do", "input_message": "so", "error_title": "no",
                                                   "error_message": "not so", "error_type": ("stop", "warning", "information")[row % 3], "ignore_blank": row % 2 == 0})
    sheet.data_validation("D1:D9", {"validate": "list", "source": ["a", "b", "c"], "dropdown": False})
    sheet.data_validation("E1", {"validate": "list", "source": "=$A$1:$A$5", "other_cells": [[3, 6, 4, 7]]})
    sheet.data_validation("F1", {"validate": "custom", "value": "=ISNUMBER(F1)", "show_input": False, "show_error": False})
    sheet.data_validation("G1", {"validate": "any", "input_message": "anything"})


@case("sparklines")
def _(book, sheet):
    grid(sheet)
    kinds = [{}, {"type": "column"}, {"type": "win_loss", "negative_points": True}, {"markers": True, "high_point": True, "low_point": True, "first_point": True, "last_point": True},
             {"style": 27, "axis": True, "reverse": True, "weight": 3.5}, {"min": -1, "max": 10, "show_hidden": True, "empty_cells": "zero"}, {"max": "group", "min": "group"},
             {"series_color": "#FF0000", "negative_color": "#00FF00", "markers_color": "#0000FF", "high_color": "#123456", "low_color": "#654321", "first_color": "red", "last_color": "blue"},
             {"date_axis": "A1:E1", "empty_cells": "connect"}]
    for row, one in enumerate(kinds):
        sheet.add_sparkline(row, 7, {"range": f"Sheet1!A{row + 1}:E{row + 1}", **one})
    sheet.add_sparkline("H20", {"location": ["J1", "J2"], "range": ["Sheet1!A1:E1", "Sheet1!A2:E2"]})


@case("tables")
def _(book, sheet):
    sheet.add_table("A1:C5", {"data": [["a", 1, 2], ["b", 3, 4]], "name": "First", "style": "Table Style Light 11", "columns": [{"header": "x"}, {"header": "y"}, {"header": "z"}]})
    bold = book.add_format({"bold": True})
    columns = [{"header": "Name", "total_string": "Totals"}, {"header": "A B", "total_function": "sum", "format": bold}, {"header": "f", "formula": "=[A B]*2", "total_function": "count_nums"},
               {"header": "#odd'[x]", "total_function": "std_dev", "header_format": bold}]
    sheet.add_table("E1:H8", {"total_row": True, "columns": columns, "banded_columns": True, "banded_rows": False, "first_column": True, "last_column": True})
    sheet.add_table("A10:B14", {"header_row": False, "autofilter": False, "style": None})
    sheet.add_table("D12:E14", {"autofilter": False})


@case("autofilter")
def _(book, sheet):
    grid(sheet, 20, 6)
    sheet.autofilter("A1:F20")
    sheet.filter_column(0, "x > 2000")
    sheet.filter_column_list("B", ["3", "Blanks"])
    sheet.filter_column("C", "x == b* or x != NonBlanks")
    sheet.filter_column("D", "x >= 1 and x <= 9")
    sheet.set_row(4, options={"hidden": True})
