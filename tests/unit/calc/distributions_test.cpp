// Distributions: against values of forty digits, and what Excel calls an error.
#include <initializer_list>
#include <string_view>
#include <variant>

#include "calc_kit.hpp"

namespace {

using calc_kit::check;

TEST(CalcDistributions, Normal) {
  check({
      {"=NORM.S.DIST(-10,TRUE)", 7.6198530241605261e-24},
      {"=NORM.S.DIST(-37,TRUE)", 5.7255712225245768e-300},
      {"=NORM.S.DIST(8,TRUE)", 0.99999999999999938},
      {"=NORM.DIST(42,40,1.5,TRUE)", 0.90878878027413213},
      {"=NORM.DIST(42,40,1.5,FALSE)", 0.10934004978399575},
      {"=NORM.S.INV(0.975)", 1.9599639845400539},
      {"=NORM.S.INV(1E-20)", -9.2623400897984076},
      {"=GAUSS(0.001)", 0.00039894221391106259},
      {"=PHI(5)", 1.4867195147342977e-6},
      {"=LOGNORM.DIST(4,3.5,1.2,TRUE)", 0.039083555706800468},
      {"=LOGNORM.DIST(4,3.5,1.2,FALSE)", 0.017617596681819222},
      {"=CONFIDENCE.NORM(0.05,2.5,50)", 0.69295191217483896},
      {"=CONFIDENCE.T(0.05,1,50)", 0.28419685549572992},
      {"=NORMSDIST(0)", 0.5},
      {"=NORMSINV(0.5)", 0.0},
      {"=NORMDIST(40,40,1,TRUE)", 0.5},
      {"=NORMINV(0.5,40,1)", 40.0},
      {"=LOGINV(0.5,0,1)", 1.0},
      {"=LOGNORMDIST(1,0,1)", 0.5},
      {"=NORM.DIST(1,2,0,TRUE)", "#NUM!"},
      {"=NORM.INV(0,0,1)", "#NUM!"},
      {"=NORM.S.INV(1)", "#NUM!"},
      {"=LOGNORM.DIST(0,1,1,TRUE)", "#NUM!"},
      {"=LOGNORM.INV(1,1,1)", "#NUM!"},
      {"=GAUSS(\"x\")", "#VALUE!"},
      {"=PHI(\"x\")", "#VALUE!"},
      {"=CONFIDENCE(0,1,5)", "#NUM!"},
      {"=CONFIDENCE.T(0.05,1,1)", "#DIV/0!"},
  });
}

TEST(CalcDistributions, Gamma) {
  check({
      {"=EXPON.DIST(1E-10,1,TRUE)", 9.9999999995000004e-11},
      {"=WEIBULL.DIST(105,20,100,TRUE)", 0.92958139006927678},
      {"=WEIBULL.DIST(105,20,100,FALSE)", 0.035588864024504382},
      {"=GAMMA(0.1)", 9.5135076986687313},
      {"=GAMMA(170)", 4.2690680090047053e+304},
      {"=GAMMA(-3.75)", 0.2678661288614166},
      {"=GAMMALN(1E10)", 220258509288.81058},
      {"=GAMMALN(2.000001)", 4.2278465762452924e-7},
      {"=GAMMA.DIST(10.00001131,9,2,FALSE)", 0.032639130418293998},
      {"=GAMMA.DIST(10.00001131,9,2,TRUE)", 0.06809400386978732},
      {"=GAMMA.INV(0.068094,9,2)", 10.000011191437178},
      {"=GAMMA(0)", "#NUM!"},
      {"=GAMMA(-2)", "#NUM!"},
      {"=GAMMALN(0)", "#NUM!"},
      {"=GAMMALN.PRECISE(1)", 0.0},
      {"=GAMMADIST(0,1,2,FALSE)", 0.5},
      {"=GAMMA.DIST(0,0.5,2,FALSE)", "#NUM!"},
      {"=GAMMA.DIST(-1,1,1,TRUE)", "#NUM!"},
      {"=GAMMAINV(0,2,3)", 0.0},
      {"=GAMMA.INV(1.1,2,3)", "#NUM!"},
      {"=EXPON.DIST(-1,1,TRUE)", "#NUM!"},
      {"=EXPONDIST(1,0,TRUE)", "#NUM!"},
      {"=WEIBULL(1,0,1,TRUE)", "#NUM!"},
  });
}

TEST(CalcDistributions, T) {
  check({
      {"=T.DIST(-30,5,TRUE)", 3.859324310248026e-7},
      {"=T.DIST(1.5,7,TRUE)", 0.91135075650501498},
      {"=T.DIST(8,3,FALSE)", 0.00073690652094692633},
      {"=T.DIST.RT(1.5,7)", 0.088649243494985017},
      {"=T.DIST.2T(2,1000)", 0.04577034649325164},
      {"=TDIST(50,10,1)", 1.23715516465134e-13},
      {"=T.INV.2T(0.05,1)", 12.706204736174704},
      {"=T.INV(0.75,2)", 0.81649658092772603},
      {"=T.INV.2T(0.05,50)", 2.0085591121007611},
      {"=T.INV(0.001,7)", -4.785289628638334},
      {"=TINV(1,5)", 0.0},
      {"=TDIST(-1,5,1)", "#NUM!"},
      {"=TDIST(1,5,3)", "#NUM!"},
      {"=T.DIST(1,0.5,TRUE)", "#NUM!"},
      {"=T.DIST.RT(1,0)", "#NUM!"},
      {"=T.DIST.2T(-1,5)", "#NUM!"},
      {"=T.INV(0,5)", "#NUM!"},
      {"=T.INV.2T(1.5,5)", "#NUM!"},
  });
}

TEST(CalcDistributions, FAndChiSquared) {
  check({
      {"=F.DIST(15.2069,6,4,TRUE)", 0.99000004300276269},
      {"=F.DIST.RT(15.2069,6,4)", 0.0099999569972373124},
      {"=F.DIST.RT(200,10,30)", 1.2838896913298985e-24},
      {"=F.DIST(15.2069,6,4,FALSE)", 0.0012237917087831733},
      {"=F.INV(0.01,6,4)", 0.10930991412457854},
      {"=F.INV.RT(0.01,6,4)", 15.20686486115753},
      {"=F.INV.RT(1E-10,3,20)", 69.002224769598228},
      {"=CHISQ.DIST(0.5,1,TRUE)", 0.52049987781304654},
      {"=CHISQ.DIST(2,3,FALSE)", 0.20755374871029735},
      {"=CHISQ.DIST.RT(18.307,10)", 0.05000058909139812},
      {"=CHISQ.DIST.RT(500,10)", 4.4147360999137313e-101},
      {"=CHISQ.DIST(1000,1000,TRUE)", 0.50594714617076036},
      {"=CHISQ.INV(0.93,1)", 3.2830202867595367},
      {"=CHISQ.INV(0.6,2)", 1.83258146374831},
      {"=CHISQ.INV.RT(0.050001,10)", 18.306973456961056},
      {"=CHISQ.INV.RT(1E-30,4)", 146.77366344605044},
      {"=FDIST(0,3,4)", 1.0},
      {"=FINV(1,3,4)", 0.0},
      {"=F.INV(0,2,3)", 0.0},
      {"=F.INV(1,2,3)", "#NUM!"},
      {"=F.DIST(-1,2,3,TRUE)", "#NUM!"},
      {"=F.DIST.RT(1,0.5,3)", "#NUM!"},
      {"=CHIDIST(0,3)", 1.0},
      {"=CHIINV(1,3)", 0.0},
      {"=CHISQ.INV(1,2)", "#NUM!"},
      {"=CHISQ.DIST(-1,2,TRUE)", "#NUM!"},
      {"=CHISQ.DIST(0,1,FALSE)", "#NUM!"},
      {"=CHISQ.DIST.RT(1,0)", "#NUM!"},
  });
}

TEST(CalcDistributions, Beta) {
  check({
      {"=BETA.DIST(0.3,2.5,0.5,TRUE)", 0.018927124071945652},
      {"=BETA.DIST(0.3,2.5,0.5,FALSE)", 0.16670618833028557},
      {"=BETA.INV(0.2,2.5,0.5)", 0.69655018088726303},
      {"=BETADIST(2,8,10,1,3)", 0.6854705810546875},
      {"=BETA.DIST(2,8,10,FALSE,1,3)", 1.4837646484375},
      {"=BETAINV(1,2,3)", 1.0},
      {"=BETA.INV(0,2,3)", "#NUM!"},
      {"=BETA.DIST(4,8,10,TRUE,1,3)", "#NUM!"},
      {"=BETA.DIST(1,8,10,TRUE,1,1)", "#NUM!"},
  });
}

TEST(CalcDistributions, Counts) {
  check({
      {"=BINOM.DIST(50,1000,0.07,FALSE)", 0.0019481187551906304},
      {"=BINOM.DIST(50,1000,0.07,TRUE)", 0.0059296333205168306},
      {"=BINOM.DIST(0,100,0.9,TRUE)", 9.999999999999778e-101},
      {"=BINOM.DIST.RANGE(60,0.75,45,50)", 0.5236297934718872},
      {"=BINOM.DIST.RANGE(60,0.75,58,60)", 6.9417301976526002e-6},
      {"=BINOM.DIST.RANGE(60,0.75,3,5)", 1.0288451607524585e-27},
      {"=NEGBINOM.DIST(10,5,0.25,FALSE)", 0.05504866037517786},
      {"=NEGBINOM.DIST(10,5,0.25,TRUE)", 0.31351405847817659},
      {"=HYPGEOM.DIST(1,4,8,20,FALSE)", 0.36326109391124871},
      {"=HYPGEOM.DIST(20,200,1000,5000,TRUE)", 8.1256278058546413e-5},
      {"=HYPGEOM.DIST(60,200,1000,5000,TRUE)", 0.99979254648552898},
      {"=POISSON.DIST(100,150,FALSE)", 3.1257192353739579e-6},
      {"=POISSON.DIST(2,5,TRUE)", 0.12465201948308114},
      {"=POISSON.DIST(100,150,TRUE)", 9.0502595708578738e-6},
      {"=BINOMDIST(6,10,0.5,FALSE)", 0.205078125},
      {"=BINOM.DIST(6,5,0.5,TRUE)", "#NUM!"},
      {"=BINOM.INV(6,0.5,0.75)", 4.0},
      {"=CRITBINOM(100,0.5,0.5)", 50.0},
      {"=BINOM.INV(6,1.5,0.5)", "#NUM!"},
      {"=BINOM.DIST.RANGE(10,0.5,6,5)", "#NUM!"},
      {"=NEGBINOMDIST(0,1,0.25)", 0.25},
      {"=NEGBINOM.DIST(1,0,0.5,TRUE)", "#NUM!"},
      {"=HYPGEOMDIST(1,1,1,1)", 1.0},
      {"=HYPGEOM.DIST(5,4,8,20,TRUE)", "#NUM!"},
      {"=POISSON(0,0,FALSE)", 1.0},
      {"=POISSON.DIST(-1,3,TRUE)", "#NUM!"},
      {"=POISSON.DIST(1,1E12,TRUE)", "#NUM!"},
  });
}

}  // namespace
