// What a SQL scalar function is: one declaration with signature, doc, example, type inference and kernel.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "engine/functions/expression.h"
#include "types/chunk.h"
#include "types/column.h"
#include "types/time_zone.h"

namespace millrace::functions {

// What functions may know about the running job. One per task; not thread-safe.
struct EvalContext {
  MemoryPool* pool = MemoryPool::Process();
  const Clock* clock = Clock::System();
  const TimeZone* zone = TimeZone::Utc();
  Random* random = nullptr;
  bool batch_mode = false;
  bool legacy_cast = false;
  bool folding = false;            // evaluating constants while planning
  int64_t query_start_millis = 0;  // CURRENT_TIMESTAMP and the like in batch mode
  int64_t current_watermark = kMinWatermark;
};

// The arguments of a call while its type is inferred. Functions check them here and say which implicit casts they want.
struct CallTypes {
  std::string_view name;        // as written, upper case
  std::vector<DataType> types;  // in: types of the arguments; out: types that the kernel wants (the binder adds casts)
  std::vector<const Value*> literals;  // value of each argument that is a literal, else null
  bool Nullable() const;               // any argument nullable: the usual nullability of a result
  const Value* Literal(size_t i) const { return i < literals.size() ? literals[i] : nullptr; }
};

// A fault with code "function.arguments": Flink's "Cannot apply '<name>' to arguments of type …", with the signatures
// that there are.
Error BadArguments(const CallTypes& call, std::string_view supported_signatures);

// Per call site and task: compiled patterns, formatters and the like.
struct FunctionState {
  virtual ~FunctionState() = default;
};

struct KernelCall {
  EvalContext& context;
  const Expr& expr;                 // result type; expr.args[i]->literal for constant arguments
  std::span<const ColumnPtr> args;  // each has `size` rows
  RowSet rows;                      // rows that the result is needed for; only for these may an error be raised
  int32_t size;                     // rows of the result column
  FunctionState* state;             // from ScalarFunction::prepare, or null
};

// Vectorised: returns a column of call.expr.type and call.size; rows outside call.rows are unspecified.
using Kernel = Result<ColumnPtr> (*)(const KernelCall& call);
// One row, boxed: for functions where speed does not matter (nested types, rarely used ones).
struct RowCall {
  EvalContext& context;
  const Expr& expr;
  std::span<const Value> args;
  FunctionState* state;
};
using RowFunction = Result<Value> (*)(const RowCall& call);

struct ScalarFunction {
  std::string_view name;  // upper case; "+" and the like for operators
  std::vector<std::string_view> aliases = {};
  std::string_view signature;            // for people: "SPLIT_INDEX(STRING, STRING, INT) -> STRING"
  std::string_view doc;                  // one or two sentences
  std::string_view example = {};         // a SQL expression …
  std::string_view example_result = {};  // … and its text, as CAST(… AS STRING) prints it; run as a test
  Result<DataType> (*infer)(CallTypes& call) = nullptr;
  Kernel kernel = nullptr;  // exactly one of kernel and row
  RowFunction row = nullptr;
  bool null_in_null_out = true;  // `row` only: a NULL argument gives NULL without a call
  bool deterministic = true;     // within one query and row
  bool dynamic = false;          // constant in a batch query, per row in a stream (CURRENT_TIMESTAMP)
  std::unique_ptr<FunctionState> (*prepare)(const Expr& call, EvalContext& context) = nullptr;
};

// The function of that name or alias (upper case), or null. The list is functions.inc.
const ScalarFunction* FindScalarFunction(std::string_view name);
// All of them, sorted by name.
std::span<const ScalarFunction* const> AllScalarFunctions();

}  // namespace millrace::functions
