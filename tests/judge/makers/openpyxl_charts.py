"""Workbooks by openpyxl: charts of every kind."""
from copy import deepcopy

from openpyxl import chart as charts
from openpyxl.chart import Reference, Series
from openpyxl.chart.data_source import NumFmt
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.trendline import Trendline
from openpyxl.chart.updown_bars import UpDownBars
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.fill import ColorChoice, PatternFillProperties

from makers.openpyxl_cells import CASES as OTHERS
from makers.openpyxl_cells import case, grid

BEFORE = set(OTHERS)


def data(sheet):
    grid(sheet, 7, 5)
    return Reference(sheet, min_col=2, max_col=4, min_row=1, max_row=7), Reference(sheet, min_col=1, min_row=2, max_row=7)


def plain(kind, **more):
    def fill(book, sheet):
        values, names = data(sheet)
        one = getattr(charts, kind)()
        for name, value in more.items():
            setattr(one, name, value)
        one.add_data(values, titles_from_data=True)
        one.set_categories(names)
        one.title = f"{kind}"
        one.style = 12
        if hasattr(one, "x_axis"):
            one.x_axis.title, one.y_axis.title = "across", "up"
        sheet.add_chart(one, "G2")
    return fill


for kind_, more_ in {"AreaChart": {}, "AreaChart3D": {}, "BarChart": {}, "BarChart3D": {"shape": "cone"}, "LineChart": {}, "LineChart3D": {}, "PieChart": {}, "PieChart3D": {},
                     "ProjectedPieChart": {"type": "bar", "splitType": "pos", "splitPos": 2}, "DoughnutChart": {"holeSize": 40, "firstSliceAng": 90}, "RadarChart": {"type": "filled"},
                     "SurfaceChart": {"wireframe": True}, "SurfaceChart3D": {}}.items():
    case(f"chart-{kind_}")(plain(kind_, **more_))
for way in ("standard", "stacked", "percentStacked"):
    case(f"chart-area-{way}")(plain("AreaChart", grouping=way))
    case(f"chart-line-{way}")(plain("LineChart", grouping=way))
for way in ("clustered", "stacked", "percentStacked"):
    case(f"chart-bar-{way}")(plain("BarChart", grouping=way, type="bar", overlap=100, gapWidth=50))


def by_points(kind, style=None):
    def fill(book, sheet):
        grid(sheet, 7, 4)
        one = getattr(charts, kind)()
        if style:
            one.style, one.scatterStyle = 13, style
        across = Reference(sheet, min_col=1, min_row=2, max_row=7)
        up = Reference(sheet, min_col=2, min_row=2, max_row=7)
        size = Reference(sheet, min_col=3, min_row=2, max_row=7)
        series = Series(values=up, xvalues=across, zvalues=size, title="dots") if kind == "BubbleChart" else Series(up, across, title="dots")
        one.series.append(series)
        if kind == "ScatterChart":
            series.marker.symbol, series.marker.size = "diamond", 9
        sheet.add_chart(one, "G2")
    return fill


case("chart-bubble")(by_points("BubbleChart"))
for way in ("lineMarker", "smoothMarker", "marker", "line", "smooth"):
    case(f"chart-scatter-{way}")(by_points("ScatterChart", way))


@case("chart-stock")
def _(book, sheet):
    values, names = data(sheet)
    one = charts.StockChart()
    one.add_data(values, titles_from_data=True)
    one.set_categories(names)
    one.hiLowLines = charts.axis.ChartLines()
    one.upDownBars = UpDownBars(gapWidth=150)
    for series in one.series:
        series.graphicalProperties.line.noFill = True
    sheet.add_chart(one, "G2")


@case("chart-decorated")
def _(book, sheet):
    values, names = data(sheet)
    one = charts.BarChart()
    one.add_data(values, titles_from_data=True)
    one.set_categories(names)
    first, second, third = one.series
    first.dLbls = DataLabelList(showVal=True, showSerName=True, showCatName=False, showLegendKey=False, dLblPos="outEnd")
    first.trendline = Trendline(trendlineType="poly", order=3, dispEq=True, dispRSqr=True, forward=1)
    second.errBars = ErrorBars(errDir="y", errValType="percentage", val=10, errBarType="both", noEndCap=True)
    third.graphicalProperties = GraphicalProperties(solidFill="FF8800", ln=LineProperties(solidFill="000000", prstDash="dash", w=20000))
    third.data_points = [DataPoint(idx=1, explosion=5, spPr=GraphicalProperties(pattFill=PatternFillProperties(prst="ltDnDiag", fgClr=ColorChoice(prstClr="red"), bgClr=ColorChoice(prstClr="blue"))))]
    one.legend.position, one.legend.overlay = "b", True
    one.layout = Layout(ManualLayout(x=0.1, y=0.1, w=0.8, h=0.7, xMode="edge", yMode="factor", layoutTarget="inner"))
    one.x_axis.number_format, one.x_axis.majorTickMark, one.x_axis.tickLblPos = "0.0", "cross", "low"
    one.y_axis.scaling.min, one.y_axis.scaling.max, one.y_axis.scaling.logBase, one.y_axis.majorUnit = 1, 50, 10, 5
    one.y_axis.numFmt = NumFmt(formatCode="0%", sourceLinked=True)
    one.y_axis.crosses, one.y_axis.scaling.orientation = "max", "maxMin"
    one.height, one.width = 10, 20
    one.roundedCorners, one.display_blanks, one.visible_cells_only = True, "zero", False
    sheet.add_chart(one, "G2")


@case("chart-combined")
def _(book, sheet):
    values, names = data(sheet)
    bar, line = charts.BarChart(), charts.LineChart()
    bar.add_data(values)
    line.add_data(values)
    line.y_axis.axId, line.y_axis.crosses = 200, "max"
    bar += line
    sheet.add_chart(bar, "G2")


@case("chart-date-axis")
def _(book, sheet):
    from openpyxl.chart.axis import DateAxis
    values, names = data(sheet)
    one = charts.LineChart()
    one.add_data(values)
    one.x_axis = DateAxis(crossAx=100)
    one.x_axis.number_format, one.x_axis.majorTimeUnit, one.x_axis.baseTimeUnit = "d-mmm", "days", "months"
    one.set_categories(names)
    sheet.add_chart(one, "G2")


@case("chart-view-3d")
def _(book, sheet):
    from openpyxl.chart._3d import Surface, View3D
    values, names = data(sheet)
    one = charts.BarChart3D()
    one.add_data(values)
    one.view3D = View3D(rotX=30, rotY=40, rAngAx=False, perspective=60, depthPercent=150, hPercent=80)
    one.floor = one.sideWall = one.backWall = Surface(thickness=5)
    sheet.add_chart(one, "G2")


@case("charts-many")
def _(book, sheet):
    values, names = data(sheet)
    one = charts.PieChart()
    one.add_data(values)
    for row in range(1, 100, 20):
        sheet.add_chart(deepcopy(one), f"H{row}")


CASES = {name: build for name, build in OTHERS.items() if name not in BEFORE and "chart" in name and name != "openpyxl-chartsheet.xlsx"}
