// Functions of one or two DOUBLEs: roots, logarithms, trigonometry.
#include <cmath>
#include <numbers>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"

namespace millrace::functions {

namespace {

double Sqrt(double x) { return std::sqrt(x); }
double Ln(double x) { return std::log(x); }
// Java rounds this one better than the C library does.
double Log10(double x) { return static_cast<double>(std::log10(static_cast<long double>(x))); }
double Log2(double x) { return std::log(x) / std::log(2.0); }
double LogOfBase(double base, double x) { return std::log(x) / std::log(base); }
double Exp(double x) { return std::exp(x); }
// As Java: 1 to the power of NaN or Infinity, and -1 to the power of Infinity, are NaN.
double Power(double x, double y) {
  if (std::isnan(y) || (std::isinf(y) && std::fabs(x) == 1)) return std::numeric_limits<double>::quiet_NaN();
  return std::pow(x, y);
}
double Sin(double x) { return std::sin(x); }
double Cos(double x) { return std::cos(x); }
double Tan(double x) { return std::tan(x); }
double Cot(double x) { return 1.0 / std::tan(x); }
double Asin(double x) { return std::asin(x); }
double Acos(double x) { return std::acos(x); }
double Atan(double x) { return std::atan(x); }
double Atan2(double y, double x) { return std::atan2(y, x); }
double Sinh(double x) { return std::sinh(x); }
double Cosh(double x) { return std::cosh(x); }
double Tanh(double x) { return std::tanh(x); }
double Degrees(double x) { return x * 57.29577951308232; }
double Radians(double x) { return x * 0.017453292519943295; }

template <size_t kLeast, size_t kMost>
Result<DataType> Infer(CallTypes& call) {
  bool fits = CountBetween(call, kLeast, kMost);
  for (size_t i = 0; fits && i < call.types.size(); ++i)
    fits = WantsFrom(call, i, Family::kNumeric, DataType::Double());
  if (!fits) {
    std::string name(call.name);
    return BadArguments(call, kMost == 1    ? "'" + name + "(<NUMERIC>)'"
                              : kLeast == 1 ? "'" + name + "(<NUMERIC>)', '" + name + "(<NUMERIC>, <NUMERIC>)'"
                                            : "'" + name + "(<NUMERIC>, <NUMERIC>)'");
  }
  return NullableIfArgs(call, DataType::Double());
}

Result<ColumnPtr> Log(const KernelCall& call) {
  return call.args.size() == 1 ? LiftTotal<Ln>(call) : LiftTotal<LogOfBase>(call);
}

Result<DataType> InferConstant(CallTypes& call) {
  if (!call.types.empty()) return BadArguments(call, "'" + std::string(call.name) + "()'");
  return DataType::Double().NotNull();
}

Result<ColumnPtr> PiColumn(const KernelCall& call) {
  return MakeConstant(call.expr.type, Value::Double(std::numbers::pi), call.size, call.context.pool);
}

Result<ColumnPtr> EColumn(const KernelCall& call) {
  return MakeConstant(call.expr.type, Value::Double(std::numbers::e), call.size, call.context.pool);
}

struct Text {
  std::string_view name;
  std::string_view signature;
  std::string_view doc;
  std::string_view example;
  std::string_view result;
};

ScalarFunction One(const Text& text, Kernel kernel) {
  return {.name = text.name,
          .signature = text.signature,
          .doc = text.doc,
          .example = text.example,
          .example_result = text.result,
          .infer = Infer<1, 1>,
          .kernel = kernel};
}

ScalarFunction Two(const Text& text, Kernel kernel) {
  ScalarFunction function = One(text, kernel);
  function.infer = Infer<2, 2>;
  return function;
}

}  // namespace

extern const ScalarFunction kSqrt =
    One({"SQRT", "SQRT(NUMERIC) -> DOUBLE", "The square root; NaN of a negative number.", "SQRT(4)", "2.0"},
        LiftTotal<Sqrt>);
extern const ScalarFunction kLn =
    One({"LN", "LN(NUMERIC) -> DOUBLE", "The natural logarithm.", "LN(1)", "0.0"}, LiftTotal<Ln>);
extern const ScalarFunction kLog10 =
    One({"LOG10", "LOG10(NUMERIC) -> DOUBLE", "The logarithm to base 10.", "LOG10(100)", "2.0"}, LiftTotal<Log10>);
extern const ScalarFunction kLog2 =
    One({"LOG2", "LOG2(NUMERIC) -> DOUBLE", "The logarithm to base 2.", "LOG2(8)", "3.0"}, LiftTotal<Log2>);
extern const ScalarFunction kLog = {.name = "LOG",
                                    .signature = "LOG([base NUMERIC,] x NUMERIC) -> DOUBLE",
                                    .doc = "The logarithm of x to a base; the natural one without a base.",
                                    .example = "LOG(2, 8)",
                                    .example_result = "3.0",
                                    .infer = Infer<1, 2>,
                                    .kernel = Log};
extern const ScalarFunction kExp =
    One({"EXP", "EXP(NUMERIC) -> DOUBLE", "e to the power of x.", "EXP(0)", "1.0"}, LiftTotal<Exp>);
extern const ScalarFunction kPower =
    Two({"POWER", "POWER(x NUMERIC, y NUMERIC) -> DOUBLE", "x to the power of y.", "POWER(2, 10)", "1024.0"},
        LiftTotal<Power>);
extern const ScalarFunction kSin = One({"SIN", "SIN(NUMERIC) -> DOUBLE", "The sine.", "SIN(0)", "0.0"}, LiftTotal<Sin>);
extern const ScalarFunction kCos =
    One({"COS", "COS(NUMERIC) -> DOUBLE", "The cosine.", "COS(0)", "1.0"}, LiftTotal<Cos>);
extern const ScalarFunction kTan =
    One({"TAN", "TAN(NUMERIC) -> DOUBLE", "The tangent.", "TAN(0)", "0.0"}, LiftTotal<Tan>);
extern const ScalarFunction kCot =
    One({"COT", "COT(NUMERIC) -> DOUBLE", "The cotangent.", "COT(2.5)", "-1.3386481283041514"}, LiftTotal<Cot>);
extern const ScalarFunction kAsin =
    One({"ASIN", "ASIN(NUMERIC) -> DOUBLE", "The arc sine; NaN beyond 1.", "ASIN(1)", "1.5707963267948966"},
        LiftTotal<Asin>);
extern const ScalarFunction kAcos =
    One({"ACOS", "ACOS(NUMERIC) -> DOUBLE", "The arc cosine; NaN beyond 1.", "ACOS(1)", "0.0"}, LiftTotal<Acos>);
extern const ScalarFunction kAtan =
    One({"ATAN", "ATAN(NUMERIC) -> DOUBLE", "The arc tangent.", "ATAN(0.5)", "0.4636476090008061"}, LiftTotal<Atan>);
extern const ScalarFunction kAtan2 = Two({"ATAN2", "ATAN2(y NUMERIC, x NUMERIC) -> DOUBLE",
                                          "The angle of the point (x, y).", "ATAN2(1, 1)", "0.7853981633974483"},
                                         LiftTotal<Atan2>);
extern const ScalarFunction kSinh =
    One({"SINH", "SINH(NUMERIC) -> DOUBLE", "The hyperbolic sine.", "SINH(0)", "0.0"}, LiftTotal<Sinh>);
extern const ScalarFunction kCosh =
    One({"COSH", "COSH(NUMERIC) -> DOUBLE", "The hyperbolic cosine.", "COSH(0)", "1.0"}, LiftTotal<Cosh>);
extern const ScalarFunction kTanh =
    One({"TANH", "TANH(NUMERIC) -> DOUBLE", "The hyperbolic tangent.", "TANH(0)", "0.0"}, LiftTotal<Tanh>);
extern const ScalarFunction kDegrees =
    One({"DEGREES", "DEGREES(NUMERIC) -> DOUBLE", "Radians to degrees.", "DEGREES(0.5)", "28.64788975654116"},
        LiftTotal<Degrees>);
extern const ScalarFunction kRadians =
    One({"RADIANS", "RADIANS(NUMERIC) -> DOUBLE", "Degrees to radians.", "RADIANS(180)", "3.141592653589793"},
        LiftTotal<Radians>);
extern const ScalarFunction kPi = {.name = "PI",
                                   .signature = "PI() -> DOUBLE",
                                   .doc = "The number pi.",
                                   .example = "PI()",
                                   .example_result = "3.141592653589793",
                                   .infer = InferConstant,
                                   .kernel = PiColumn};
extern const ScalarFunction kE = {.name = "E",
                                  .signature = "E() -> DOUBLE",
                                  .doc = "The base of natural logarithms.",
                                  .example = "E()",
                                  .example_result = "2.718281828459045",
                                  .infer = InferConstant,
                                  .kernel = EColumn};

}  // namespace millrace::functions
