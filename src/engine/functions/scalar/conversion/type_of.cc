// TYPEOF: the type of an expression as text.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"

namespace millrace::functions {

namespace {

Result<ColumnPtr> Run(const KernelCall& call) {
  std::string text = call.expr.args[0]->type.ToString();
  return MakeConstant(call.expr.type, Value::String(std::move(text)), call.size, call.context.pool);
}

Result<DataType> Infer(CallTypes& call) {
  bool fits = CountBetween(call, 1, 2);
  if (fits && call.types.size() == 2) {
    fits = call.types[1].Is(TypeKind::kBoolean) && call.Literal(1) != nullptr && !call.Literal(1)->IsNull();
  }
  if (!fits) return BadArguments(call, "'TYPEOF(input)', 'TYPEOF(input, force_serializable <BOOLEAN LITERAL>)'");
  return DataType::String();
}

}  // namespace

extern const ScalarFunction kTypeOf = {.name = "TYPEOF",
                                       .signature = "TYPEOF(input [, force_serializable BOOLEAN]) -> STRING",
                                       .doc = "The data type of the input, as text.",
                                       .example = "TYPEOF(1.5)",
                                       .example_result = "DECIMAL(2, 1) NOT NULL",
                                       .infer = Infer,
                                       .kernel = Run};

}  // namespace millrace::functions
