// IS_ALPHA, IS_DIGIT and IS_DECIMAL: never NULL.
#include <unicode/uchar.h>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"
#include "types/number_text.h"

namespace millrace::functions {

namespace {

// Whether the text has characters and all of them, as UTF-16 units, are of the kind.
template <typename Test>
bool All(std::string_view text, Test&& test) {
  if (text.empty()) return false;
  for (char16_t unit : ToUtf16(text)) {
    if (!test(unit)) return false;
  }
  return true;
}

bool IsDigitUnit(char16_t unit) { return u_charType(unit) == U_DECIMAL_DIGIT_NUMBER; }

bool IsAlpha(std::optional<std::string_view> text) {
  return text.has_value() && All(*text, [](char16_t unit) { return u_isalpha(unit) != 0; });
}

bool IsDigit(std::optional<std::string_view> text) { return text.has_value() && All(*text, IsDigitUnit); }

// What Java reads as an int, a long or a double; the first two take digits of every script.
bool IsDecimal(std::optional<std::string_view> text) {
  if (!text.has_value() || text->empty()) return false;
  if (ParseDouble(*text).has_value()) return true;
  std::string_view digits = *text;
  if (digits[0] == '+' || digits[0] == '-') digits.remove_prefix(1);
  return CharCount(digits) <= 18 && All(digits, IsDigitUnit);
}

// Of numbers only the type counts.
template <bool kIntegers, bool kFloats>
ColumnPtr OfNumbers(const KernelCall& call) {
  const Column& column = *call.args[0];
  bool fits = (kIntegers && column.type().IsInteger()) || (kFloats && column.type().IsApproximateNumeric());
  FlatWriter<uint8_t> writer(call.expr.type, call.size, call.context.pool);
  call.rows.ForEach([&](int32_t row) { writer.Set(row, fits && !column.IsNull(row) ? 1 : 0); });
  return writer.Finish();
}

Result<ColumnPtr> RunAlpha(const KernelCall& call) {
  return call.args[0]->type().IsString() ? Lift<IsAlpha>(call) : OfNumbers<false, false>(call);
}
Result<ColumnPtr> RunDigit(const KernelCall& call) {
  return call.args[0]->type().IsString() ? Lift<IsDigit>(call) : OfNumbers<true, false>(call);
}
Result<ColumnPtr> RunDecimal(const KernelCall& call) {
  return call.args[0]->type().IsString() ? Lift<IsDecimal>(call) : OfNumbers<true, true>(call);
}

Result<DataType> Infer(CallTypes& call) {
  if (!CountBetween(call, 1, 1) ||
      (!Takes(call, 0, Family::kString, DataType::String()) && !call.types[0].IsNumeric())) {
    std::string name(call.name);
    return BadArguments(call, "'" + name + "(<CHARACTER>)', '" + name + "(<NUMERIC>)'");
  }
  return DataType::Boolean().NotNull();
}

}  // namespace

extern const ScalarFunction kIsAlpha = {.name = "IS_ALPHA",
                                        .signature = "IS_ALPHA(STRING) -> BOOLEAN",
                                        .doc = "TRUE if all characters are letters, of any script.",
                                        .example = "IS_ALPHA('é')",
                                        .example_result = "TRUE",
                                        .infer = Infer,
                                        .kernel = RunAlpha};
extern const ScalarFunction kIsDigit = {.name = "IS_DIGIT",
                                        .signature = "IS_DIGIT(STRING) -> BOOLEAN",
                                        .doc = "TRUE if all characters are digits, of any script.",
                                        .example = "IS_DIGIT('12a')",
                                        .example_result = "FALSE",
                                        .infer = Infer,
                                        .kernel = RunDigit};
extern const ScalarFunction kIsDecimal = {.name = "IS_DECIMAL",
                                          .signature = "IS_DECIMAL(STRING) -> BOOLEAN",
                                          .doc = "TRUE if the text can be read as a number; FALSE for NULL.",
                                          .example = "IS_DECIMAL('11.4445')",
                                          .example_result = "TRUE",
                                          .infer = Infer,
                                          .kernel = RunDecimal};

}  // namespace millrace::functions
