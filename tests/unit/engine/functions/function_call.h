// For tests: calls a function by name and gives the text of its result, once with constants and once with columns.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/functions/evaluator.h"
#include "engine/functions/scalar_function.h"
#include "types/cast.h"

namespace millrace::functions::testing {

struct Arg {
  DataType type;
  Value value;
  bool literal = false;  // must be a literal: symbols, units
};

inline Arg Text(std::string text) { return {DataType::String(), Value::String(std::move(text))}; }
inline Arg Symbol(std::string text) {
  auto size = static_cast<int32_t>(text.size());
  return {DataType::Char(size).NotNull(), Value::String(std::move(text)), true};
}
inline Arg Int(int64_t value) { return {DataType::Int(), Value::Int(value)}; }
inline Arg Null(DataType type) { return {std::move(type), Value::Null()}; }
// A value of the type, from the text that CAST reads.
inline Arg Of(const DataType& type, const std::string& text) {
  Result<Value> value = CastValue(Value::String(text), DataType::String(), type, {});
  EXPECT_TRUE(value.ok()) << text;
  return {type, value.ok() ? *value : Value::Null()};
}
inline Arg Stamp(const std::string& text, int32_t precision = 3) { return Of(DataType::Timestamp(precision), text); }
inline Arg Date(const std::string& text) { return Of(DataType::Date(), text); }
inline Arg Nested(DataType type, Value::List items) { return {std::move(type), Value::Nested(std::move(items))}; }

struct CallOptions {
  const TimeZone* zone = TimeZone::Utc();
  const Clock* clock = Clock::System();
  int64_t watermark = kMinWatermark;
};

// The bound call over columns 0, 1, 2 … for arguments that are not literals; with `constants`, all are literals.
inline Result<ExprPtr> Bind(std::string_view name, const std::vector<Arg>& args, bool constants) {
  const ScalarFunction* function = FindScalarFunction(name);
  if (function == nullptr) return InternalError("no function " + std::string(name));
  CallTypes call{name, {}, {}};
  std::vector<ExprPtr> bound;
  for (const Arg& arg : args) {
    bool literal = constants || arg.literal;
    bound.push_back(literal ? MakeLiteral(arg.value, arg.type)
                            : MakeColumn(static_cast<int32_t>(bound.size()), arg.type));
    call.types.push_back(arg.type);
    call.literals.push_back(literal ? &arg.value : nullptr);
  }
  MR_ASSIGN(DataType type, function->infer(call));
  for (size_t i = 0; i < bound.size(); ++i) bound[i] = MakeCast(bound[i], call.types[i]);
  return MakeCall(function, std::move(bound), type);
}

inline Result<std::string> Run(const ExprPtr& expr, const std::vector<Arg>& args, const CallOptions& options) {
  EvalContext context;
  context.zone = options.zone;
  context.clock = options.clock;
  context.current_watermark = options.watermark;
  constexpr int32_t kRows = 3;
  Chunk chunk;
  chunk.size = kRows;
  for (const Arg& arg : args) chunk.columns.push_back(MakeFromValues(arg.type, std::vector<Value>(kRows, arg.value)));
  Evaluator evaluator({expr}, &context);
  MR_ASSIGN(ColumnPtr column, evaluator.Evaluate(0, chunk, chunk.rows()));
  EXPECT_EQ(column->size(), kRows);
  EXPECT_TRUE(column->type().SameIgnoringNullability(expr->type)) << column->type().ToString();
  EXPECT_EQ(column->GetValue(0), column->GetValue(kRows - 1));
  return ToText(column->GetValue(1), expr->type, options.zone);
}

// The message without the expression that the evaluator puts behind it.
inline std::string Reason(const Error& error) {
  return "error: " + error.message.substr(0, error.message.rfind(" (in "));
}

// The text of the result, or "error: <message>".
inline std::string Eval(std::string_view name, const std::vector<Arg>& args, const CallOptions& options = {}) {
  std::string answers[2];
  for (bool constants : {false, true}) {
    Result<ExprPtr> expr = Bind(name, args, constants);
    if (!expr.ok()) {
      answers[constants ? 1 : 0] = Reason(expr.error());
      continue;
    }
    Result<std::string> text = Run(*expr, args, options);
    answers[constants ? 1 : 0] = text.ok() ? *text : Reason(text.error());
  }
  EXPECT_EQ(answers[0], answers[1]) << name << ": over columns and over constants";
  return answers[0];
}

inline std::string TypeOf(std::string_view name, const std::vector<Arg>& args) {
  Result<ExprPtr> expr = Bind(name, args, false);
  return expr.ok() ? (*expr)->type.ToString() : "error: " + expr.error().message;
}

}  // namespace millrace::functions::testing
