// Money over time, depreciation, and numbers in other bases, by the values of Excel's own documentation.
#include "calc_kit.hpp"

namespace xlsx::calc {
namespace {

using calc_kit::check;
using calc_kit::shown;
using calc_kit::Workbook;

TEST(CalcMoney, PaymentsOfTheSameSize) {
  Workbook book;
  check(book,
        {{"=PMT(0.08/12,10,10000)", -1037.0320893591606},
         {"=PMT(0.06/12,18*12,0,50000)", -129.08116086799},
         {"=FV(0.06/12,10,-200,-500,1)", 2581.4033740601185},
         {"=PV(0.08/12,12*20,500)", -59777.14585118780},
         {"=NPER(0.12/12,-100,-1000,10000,1)", 59.67386567429},
         {"=RATE(48,-200,8000)", 0.00770147248820},
         {"=IPMT(0.1/12,1,36,8000)", -66.66666666667},
         {"=IPMT(0.1,3,3,8000)", -292.44712990937},
         {"=PPMT(0.1/12,1,24,2000)", -75.62318600837},
         {"=CUMIPMT(0.09/12,30*12,125000,13,24,0)", -11135.23213075},
         {"=CUMPRINC(0.09/12,30*12,125000,13,24,0)", -934.1071234},
         {"=ISPMT(0.1/12,1,36,8000000)", -64814.8148148},
         {"=FV(0,10,-5,-1)", 51.0}},
        1e-6);
}

TEST(CalcMoney, StreamsOfAnySize) {
  Workbook book{{"A1", -70000.0}, {"A2", 12000.0}, {"A3", 15000.0}, {"A4", 18000.0}, {"A5", 21000.0}, {"A6", 26000.0},
                {"B1", -10000.0}, {"B2", 2750.0},  {"B3", 4250.0},  {"B4", 3250.0},  {"B5", 2750.0},  {"C1", 39448.0},
                {"C2", 39508.0},  {"C3", 39751.0}, {"C4", 39859.0}, {"C5", 39904.0}};
  check(book,
        {{"=IRR(A1:A5)", -0.0212448482734},
         {"=IRR(A1:A6)", 0.0866309480365},
         {"=NPV(0.1,-10000,3000,4200,6800)", 1188.4434123352},
         {"=XIRR(B1:B5,C1:C5,0.1)", 0.373362535},
         {"=XNPV(0.09,B1:B5,C1:C5)", 2086.647602},
         {"=EFFECT(0.0525,4)", 0.0535426673707584},
         {"=NOMINAL(0.053543,4)", 0.05250031986},
         {"=RRI(96,10000,11000)", 0.00099330737629},
         {"=PDURATION(0.025,2000,2200)", 3.85986616},
         {"=FVSCHEDULE(1,{0.09,0.11,0.1})", 1.33089},
         {"=DOLLARDE(1.02,16)", 1.125},
         {"=DOLLARFR(1.125,16)", 1.02}},
        1e-8);
  EXPECT_EQ(shown(book.calculated("=IRR(A2:A6)")), "#NUM!");
  EXPECT_EQ(shown(book.calculated("=PMT(0.1,0,1)")), "#NUM!");
}

TEST(CalcMoney, Depreciation) {
  Workbook book;
  check(book,
        {{"=SLN(30000,7500,10)", 2250.0},
         {"=SYD(30000,7500,10,1)", 4090.90909090909},
         {"=DB(1000000,100000,6,1,7)", 186083.333333333},
         {"=DB(1000000,100000,6,7,7)", 15845.0984738462},
         {"=DDB(2400,300,10*365,1)", 1.31506849315},
         {"=DDB(2400,300,10,10)", 22.1225472},
         {"=VDB(2400,300,10*12,6,18)", 396.306053264751},
         {"=VDB(2400,300,10,0,0.875,1.5)", 315.0}},
        1e-9);
  EXPECT_EQ(shown(book.calculated("=SYD(1,1,10,11)")), "#NUM!");
}

TEST(CalcBases, NumbersInOtherBases) {
  Workbook book;
  const std::pair<std::string_view, std::string_view> cases[] = {{"=BIN2DEC(\"1111111111\")", "-1"},
                                                                 {"=DEC2HEX(-54)", "FFFFFFFFCA"},
                                                                 {"=DEC2BIN(9,4)", "1001"},
                                                                 {"=DEC2BIN(512)", "#NUM!"},
                                                                 {"=HEX2BIN(\"F\",8)", "00001111"},
                                                                 {"=OCT2HEX(7777777533)", "FFFFFFFF5B"},
                                                                 {"=HEX2DEC(\"G\")", "#NUM!"},
                                                                 {"=BASE(7,2,10)", "0000000111"},
                                                                 {"=DECIMAL(\"zap\",36)", "45745"},
                                                                 {"=BITAND(13,25)", "9"},
                                                                 {"=BITXOR(5,3)", "6"},
                                                                 {"=BITLSHIFT(4,2)", "16"},
                                                                 {"=BITAND(-1,1)", "#NUM!"},
                                                                 {"=ROMAN(499,0)", "CDXCIX"},
                                                                 {"=ROMAN(499,4)", "ID"},
                                                                 {"=ROMAN(4000)", "#VALUE!"},
                                                                 {"=ARABIC(\"mcmxii\")", "1912"},
                                                                 {"=GESTEP(5,4)", "1"}};
  for (const auto& [formula, expected] : cases) EXPECT_EQ(shown(book.calculated(formula)), expected) << formula;
}

}  // namespace
}  // namespace xlsx::calc
