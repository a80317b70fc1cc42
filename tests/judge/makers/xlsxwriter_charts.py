"""Workbooks by XlsxWriter: charts of every kind and with every ornament."""
from makers.xlsxwriter_cells import CASES as OTHERS
from makers.xlsxwriter_cells import case, grid

BEFORE = set(OTHERS)
SUBTYPES = {"area": ["", "stacked", "percent_stacked"], "bar": ["", "stacked", "percent_stacked"], "column": ["", "stacked", "percent_stacked"], "line": ["", "stacked", "percent_stacked"],
            "pie": [""], "doughnut": [""], "scatter": ["", "straight_with_markers", "straight", "smooth_with_markers", "smooth"], "stock": [""], "radar": ["", "with_markers", "filled"]}


def series(chart, count=3, **more):
    for column in "BCD"[:count]:
        chart.add_series({"name": f"=Sheet1!${column}$1", "categories": "=Sheet1!$A$2:$A$7", "values": f"=Sheet1!${column}$2:${column}$7", **more})


def plain(kind, subtype):
    def fill(book, sheet):
        grid(sheet)
        chart = book.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})
        series(chart)
        chart.set_title({"name": f"{kind} {subtype}"})
        chart.set_style(11)
        sheet.insert_chart("G2", chart)
    return fill


for kind_, subtypes in SUBTYPES.items():
    for subtype_ in subtypes:
        case(f"chart-{kind_}-{subtype_ or 'plain'}")(plain(kind_, subtype_))


def chart_case(name, kind="column"):
    def keep(fill):
        def build(book, sheet):
            grid(sheet)
            chart = book.add_chart({"type": kind})
            fill(book, sheet, chart)
            sheet.insert_chart("G2", chart)
        return case(f"chart-{name}")(build)
    return keep


@chart_case("axes")
def _(book, sheet, chart):
    series(chart)
    font = {"name": "Arial", "size": 11, "bold": True, "italic": True, "underline": True, "rotation": -45, "color": "#FF0000"}
    chart.set_x_axis({"name": "across", "name_font": font, "num_font": font, "num_format": "0.0", "major_gridlines": {"visible": True, "line": {"width": 1.25, "dash_type": "dash"}}, "position_axis": "on_tick",
                      "label_position": "low", "major_tick_mark": "outside", "minor_tick_mark": "inside", "interval_unit": 2, "interval_tick": 3, "line": {"none": True}, "label_align": "left"})
    chart.set_y_axis({"name": "=Sheet1!$A$1", "min": 1, "max": 50, "minor_unit": 1, "major_unit": 5, "log_base": 10, "crossing": "max", "reverse": True, "display_units": "thousands",
                      "display_units_visible": False, "minor_gridlines": {"visible": True}, "num_format_linked": True, "name_layout": {"x": 0.02, "y": 0.3}, "fill": {"color": "yellow"}})


@chart_case("date-axis", "line")
def _(book, sheet, chart):
    series(chart)
    chart.set_x_axis({"date_axis": True, "min": 2, "max": 900, "major_unit": 1, "major_unit_type": "months", "minor_unit": 5, "minor_unit_type": "days", "num_format": "dd/mm/yyyy"})


@chart_case("text-axis-hidden", "bar")
def _(book, sheet, chart):
    series(chart)
    chart.set_x_axis({"text_axis": True, "visible": False})
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}, "crossing": 2})


@chart_case("labels", "column")
def _(book, sheet, chart):
    custom = [{"value": "=Sheet1!$A$1"}, {"value": "words", "font": {"bold": True}, "border": {"color": "red"}}, {"delete": True}, None]
    for column, labels in zip("BCD", ({"value": True, "category": True, "series_name": True, "position": "inside_end", "num_format": "0.0", "legend_key": True, "separator": "\n"},
                                      {"value": True, "font": {"name": "Arial", "rotation": 45}, "border": {"color": "blue"}, "fill": {"color": "#EEEEEE"}}, {"value": True, "custom": custom})):
        chart.add_series({"values": f"=Sheet1!${column}$2:${column}$7", "data_labels": labels})


@chart_case("pie-labels", "pie")
def _(book, sheet, chart):
    chart.add_series({"values": "=Sheet1!$B$2:$B$6", "data_labels": {"percentage": True, "leader_lines": True, "position": "best_fit"}, "points": [{"fill": {"color": "red"}}, None, {"pattern": {"pattern": "percent_50", "fg_color": "red", "bg_color": "blue"}}]})
    chart.set_rotation(90)


@chart_case("trendlines", "scatter")
def _(book, sheet, chart):
    ways = [{"type": "linear", "forward": 1, "backward": 0.5, "display_equation": True}, {"type": "polynomial", "order": 3, "name": "own"}, {"type": "moving_average", "period": 2}, {"type": "exponential", "display_r_squared": True},
            {"type": "log", "line": {"color": "red", "dash_type": "long_dash"}}, {"type": "power", "intercept": 0.8}]
    for way in ways:
        chart.add_series({"categories": "=Sheet1!$A$1:$A$7", "values": "=Sheet1!$B$1:$B$7", "trendline": way, "marker": {"type": "diamond", "size": 9, "border": {"color": "red"}, "fill": {"none": True}}})


@chart_case("error-bars")
def _(book, sheet, chart):
    for way in ({"type": "standard_error"}, {"type": "fixed", "value": 2, "end_style": 0, "direction": "plus"}, {"type": "percentage", "value": 5, "line": {"width": 2}}, {"type": "standard_deviation", "value": 1.5},
                {"type": "custom", "plus_values": "=Sheet1!$B$1:$B$3", "minus_values": [1, 2, 3]}):
        chart.add_series({"values": "=Sheet1!$B$2:$B$7", "y_error_bars": way})


@chart_case("lines", "line")
def _(book, sheet, chart):
    series(chart, smooth=True, marker={"type": "automatic"}, invert_if_negative=True)
    chart.set_drop_lines({"line": {"color": "red"}})
    chart.set_high_low_lines()
    chart.set_up_down_bars({"up": {"fill": {"color": "#00B050"}, "border": {"color": "black"}}, "down": {"fill": {"color": "red"}}})
    chart.set_table({"show_keys": True, "horizontal": False, "font": {"size": 8}})
    chart.show_blanks_as("span")
    chart.show_hidden_data()


@chart_case("fills")
def _(book, sheet, chart):
    for look in ({"gradient": {"colors": ["#963735", "#F1DCDB"], "type": "linear", "angle": 30}}, {"gradient": {"colors": ["red", "white", "blue"], "positions": [0, 40, 100], "type": "path"}},
                 {"pattern": {"pattern": "shingle", "fg_color": "#804000"}}, {"fill": {"color": "#FF0000", "transparency": 40}}, {"border": {"none": True}, "gap": 20, "overlap": -10}, {"invert_if_negative": True, "invert_if_negative_color": "#00FF00"}):
        chart.add_series({"values": "=Sheet1!$B$2:$B$7", **look})
    chart.set_chartarea({"border": {"dash_type": "round_dot"}, "gradient": {"colors": ["#DDEBCF", "#9CB86E"], "type": "rectangular"}})
    chart.set_plotarea({"layout": {"x": 0.13, "y": 0.26, "width": 0.73, "height": 0.57}, "pattern": {"pattern": "light_downward_diagonal", "fg_color": "red"}})
    chart.set_legend({"position": "overlay_top_right", "layout": {"x": 0.8, "y": 0.37, "width": 0.12, "height": 0.25}, "delete_series": [0, 3], "font": {"bold": True}, "border": {"color": "red"}})
    chart.set_title({"name": "=Sheet1!$A$1", "overlay": True, "layout": {"x": 0.42, "y": 0.14}, "name_font": {"color": "blue"}})


@chart_case("combined")
def _(book, sheet, chart):
    series(chart, 1)
    line = book.add_chart({"type": "line"})
    line.add_series({"values": "=Sheet1!$C$2:$C$7", "y2_axis": True})
    line.set_y2_axis({"name": "second"})
    chart.combine(line)
    chart.set_size({"width": 720, "height": 400, "x_scale": 1.5, "object_position": 2})


@chart_case("secondary")
def _(book, sheet, chart):
    series(chart, 2)
    chart.add_series({"values": "=Sheet1!$D$2:$D$7", "y2_axis": True, "x2_axis": True})
    chart.set_y2_axis({"num_format": "0%"})
    chart.set_x2_axis({"visible": True, "name": "x2"})
    chart.set_title({"none": True})
    chart.set_legend({"none": True})


@chart_case("clustered-categories")
def _(book, sheet, chart):
    sheet.write_column("H1", ["a", "a", "b", "b"])
    chart.add_series({"categories": "=Sheet1!$H$1:$I$4", "values": "=Sheet1!$B$1:$B$4", "categories_data": [["a", "", "b", ""], [1, 2, 3, 4]]})
    chart.protection = True


@case("chartsheet")
def _(book, sheet):
    grid(sheet)
    page = book.add_chartsheet("page")
    chart = book.add_chart({"type": "bar"})
    series(chart)
    page.set_chart(chart)
    page.set_landscape()
    page.set_header("&CChart")
    page.set_tab_color("red")
    page.activate()


@case("charts-all")
def _(book, sheet):
    grid(sheet)
    for row, (kind, subtype) in enumerate((k, s) for k, all_ in SUBTYPES.items() for s in all_):
        chart = book.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})
        series(chart)
        sheet.insert_chart(row * 15, 7, chart, {"x_offset": 5, "object_position": 1 + row % 3, "description": "words", "decorative": row == 4})


CASES = {name: build for name, build in OTHERS.items() if name not in BEFORE}
