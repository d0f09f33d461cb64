// = <> < <= > >=: which types may be compared, in which type, and the kernel of each.
#include "engine/functions/scalar/comparison/comparison.h"

#include "engine/functions/inference.h"
#include "engine/functions/scalar/arithmetic/numeric_types.h"
#include "types/cast.h"

namespace millrace::functions {

namespace {

constexpr std::string_view kForms = "'<comparable type> op <comparable type>'";

void SetBoth(CallTypes& call, const DataType& type) {
  for (DataType& arg : call.types) arg = type.WithNullable(arg.nullable());
}

// A text against something else. Equality with a date or time converts a literal while planning and other texts row by
// row, where a text that is none gives NULL; ordering casts the text.
bool InferWithText(CallTypes& call, size_t text, bool ordering) {
  const DataType& other = call.types[1 - text];
  bool nullable = call.types[text].nullable();
  if (!ordering) {
    if (!other.IsDateTime()) return false;
    if (call.Literal(text) != nullptr) call.types[text] = other.WithNullable(nullable);
    return true;
  }
  if (other.IsNumeric()) {
    std::optional<DataType> common = CommonNumericType(other, DataType::Bigint());
    if (!common.has_value()) return false;
    SetBoth(call, *common);
    return true;
  }
  if (!other.IsDateTime() && !other.Is(TypeKind::kBoolean)) return false;
  call.types[text] = other.WithNullable(nullable);
  return true;
}

bool InferNested(CallTypes& call, bool ordering) {
  const DataType& a = call.types[0];
  const DataType& b = call.types[1];
  if (ordering || a.kind() != b.kind()) return false;
  if (!a.IsCollection() && !a.Is(TypeKind::kRow)) return false;
  if (a.SameIgnoringNullability(b)) return true;
  Result<DataType> common = CommonType({a, b});
  if (!common.ok()) return false;
  SetBoth(call, *common);
  return true;
}

bool InferTypes(CallTypes& call, bool ordering) {
  DataType& a = call.types[0];
  DataType& b = call.types[1];
  if (a.Is(TypeKind::kNull)) a = b.Is(TypeKind::kNull) ? DataType::Boolean() : b.Nullable();
  if (b.Is(TypeKind::kNull)) b = a.Nullable();
  if (a.IsNumeric() && b.IsNumeric()) {
    std::optional<DataType> common = CommonNumericType(a, b);
    if (common.has_value()) SetBoth(call, *common);
    return true;
  }
  if ((a.IsString() && b.IsString()) || (a.IsBinaryString() && b.IsBinaryString())) return true;
  if (a.IsTimestampLike() && b.IsTimestampLike()) {
    if (a.kind() == b.kind()) return true;
    if (a.precision() > b.precision()) {
      b = a.WithNullable(b.nullable()).WithTimeAttribute(TimeAttribute::kNone);
    } else {
      a = b.WithNullable(a.nullable()).WithTimeAttribute(TimeAttribute::kNone);
    }
    return true;
  }
  if (a.IsString() || b.IsString()) return InferWithText(call, a.IsString() ? 0 : 1, ordering);
  if (a.IsDateTime() || a.IsInterval() || a.Is(TypeKind::kBoolean)) return a.kind() == b.kind();
  return InferNested(call, ordering);
}

// Set for a call that compares an expression with itself, which is simplified to a test for NULL.
struct SameSides : FunctionState {};

std::unique_ptr<FunctionState> PrepareComparison(const Expr& call, EvalContext& context) {
  static_cast<void>(context);
  if (!IsDeterministic(*call.args[0]) || !SameExpr(*call.args[0], *call.args[1])) return nullptr;
  return std::make_unique<SameSides>();
}

ColumnPtr NotNullIs(const KernelCall& call, bool value) {
  FlatWriter<uint8_t> writer(call.expr.type, call.size, call.context.pool);
  std::memset(writer.values(), value ? 1 : 0, static_cast<size_t>(call.size));
  const Column& column = *call.args[0];
  if (!column.HasNoNulls()) {
    call.rows.ForEach([&](int32_t row) {
      if (column.IsNull(row)) writer.SetNull(row);
    });
  }
  return writer.Finish();
}

bool HoldsForEqual(CompareOp op) {
  return op == CompareOp::kEqual || op == CompareOp::kLessOrEqual || op == CompareOp::kGreaterOrEqual;
}

template <CompareOp kOp>
Result<ColumnPtr> Compare(const KernelCall& call) {
  return CompareColumns(call, kOp);
}

template <bool kOrdering>
Result<DataType> Infer(CallTypes& call) {
  return InferComparison(call, kOrdering);
}

}  // namespace

Result<DataType> InferComparison(CallTypes& call, bool ordering) {
  if (!CountBetween(call, 2, 2)) return BadArguments(call, kForms);
  bool text_and_number = (call.types[0].IsString() && call.types[1].IsNumeric()) ||
                         (call.types[1].IsString() && call.types[0].IsNumeric());
  DataType before_a = call.types[0];
  DataType before_b = call.types[1];
  if (!InferTypes(call, ordering)) {
    Error error = BadArguments(call, kForms);
    if (text_and_number) {
      error.message = "implicit type conversion between " + before_a.ToString() + " and " + before_b.ToString() +
                      " is not supported now";
      error.hint = "CAST one side to the type of the other";
    }
    return error;
  }
  bool text_row_by_row = call.types[0].IsString() != call.types[1].IsString();
  return DataType::Boolean().WithNullable(call.Nullable() || text_row_by_row);
}

Result<ColumnPtr> CompareColumns(const KernelCall& call, CompareOp op) {
  const DataType& a = call.args[0]->type();
  const DataType& b = call.args[1]->type();
  if (a.Is(TypeKind::kNull) || b.Is(TypeKind::kNull)) {
    return MakeConstant(call.expr.type, Value::Null(), call.size, call.context.pool);
  }
  if (call.state != nullptr) return NotNullIs(call, HoldsForEqual(op));
  if (a.IsString() != b.IsString()) {
    ColumnPtr args[2] = {call.args[0], call.args[1]};
    size_t text = a.IsString() ? 0 : 1;
    CastContext cast{.zone = call.context.zone, .pool = call.context.pool, .folded = call.context.folding};
    MR_ASSIGN(args[text], CastColumn(args[text], call.args[1 - text]->type().Nullable(), call.rows, true, cast));
    KernelCall casted{call.context, call.expr, args, call.rows, call.size, nullptr};
    return CompareColumns(casted, op);
  }
  PhysicalKind kind = a.physical();
  if (kind == PhysicalKind::kString) return CompareStrings(call, op);
  if (kind == PhysicalKind::kList || kind == PhysicalKind::kRow) return CompareNested(call, op == CompareOp::kEqual);
  bool decimals = a.Is(TypeKind::kDecimal) || b.Is(TypeKind::kDecimal);
  if (decimals && (kind != b.physical() || a.scale() != b.scale())) return CompareDecimals(call, op);
  return CompareFixed(call, op, kind);
}

extern const ScalarFunction kEqual = {.name = "=",
                                      .signature = "value1 = value2 -> BOOLEAN",
                                      .doc = "TRUE if the values are equal; NULL if one of them is NULL.",
                                      .example = "'a' = 'a '",
                                      .example_result = "FALSE",
                                      .infer = Infer<false>,
                                      .kernel = Compare<CompareOp::kEqual>,
                                      .prepare = PrepareComparison};
extern const ScalarFunction kNotEqual = {.name = "<>",
                                         .aliases = {"!="},
                                         .signature = "value1 <> value2 -> BOOLEAN",
                                         .doc = "TRUE if the values differ; NULL if one of them is NULL.",
                                         .example = "1 <> 2",
                                         .example_result = "TRUE",
                                         .infer = Infer<false>,
                                         .kernel = Compare<CompareOp::kNotEqual>,
                                         .prepare = PrepareComparison};
extern const ScalarFunction kLess = {.name = "<",
                                     .signature = "value1 < value2 -> BOOLEAN",
                                     .doc = "TRUE if the first value is less; NULL if one of them is NULL.",
                                     .example = "1 < 1.5",
                                     .example_result = "TRUE",
                                     .infer = Infer<true>,
                                     .kernel = Compare<CompareOp::kLess>,
                                     .prepare = PrepareComparison};
extern const ScalarFunction kLessOrEqual = {.name = "<=",
                                            .signature = "value1 <= value2 -> BOOLEAN",
                                            .doc = "TRUE if the first value is less or equal; NULL if one is NULL.",
                                            .example = "'b' <= 'a'",
                                            .example_result = "FALSE",
                                            .infer = Infer<true>,
                                            .kernel = Compare<CompareOp::kLessOrEqual>,
                                            .prepare = PrepareComparison};
extern const ScalarFunction kGreater = {.name = ">",
                                        .signature = "value1 > value2 -> BOOLEAN",
                                        .doc = "TRUE if the first value is greater; NULL if one of them is NULL.",
                                        .example = "x'0c' > x'0b'",
                                        .example_result = "TRUE",
                                        .infer = Infer<true>,
                                        .kernel = Compare<CompareOp::kGreater>,
                                        .prepare = PrepareComparison};
extern const ScalarFunction kGreaterOrEqual = {
    .name = ">=",
    .signature = "value1 >= value2 -> BOOLEAN",
    .doc = "TRUE if the first value is greater or equal; NULL if one of them is NULL.",
    .example = "2 >= 2",
    .example_result = "TRUE",
    .infer = Infer<true>,
    .kernel = Compare<CompareOp::kGreaterOrEqual>,
    .prepare = PrepareComparison};

}  // namespace millrace::functions
