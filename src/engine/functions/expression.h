// Bound expressions: what the binder makes and the evaluator runs. Immutable trees, shared freely.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "types/data_type.h"
#include "types/value.h"

namespace millrace::functions {

struct ScalarFunction;
struct Expr;
using ExprPtr = std::shared_ptr<const Expr>;

enum class ExprKind : uint8_t {
  kColumn,       // column `index` of the input
  kOuterColumn,  // column `index` of the enclosing query's row; only in plans before decorrelation, never evaluated
  kLiteral,      // `literal` of type `type`
  kCall,         // `function` over `args`
  kCast,         // CAST or TRY_CAST (`try_cast`) of args[0] to `type`
  kAnd,          // args: two or more, three-valued, right sides run only for rows that the left sides leave undecided
  kOr,
  kCase,  // args: condition, result, condition, result, …, else result (always there; NULL literal if not written)
  kCoalesce,  // args: the first that is not NULL; later ones run only for rows that need them
};

struct Expr {
  ExprKind kind = ExprKind::kLiteral;
  DataType type;
  std::vector<ExprPtr> args;
  int32_t index = 0;
  Value literal;
  const ScalarFunction* function = nullptr;
  bool try_cast = false;
  SourceRange range;  // where it stands in the statement, for errors
};

ExprPtr MakeColumn(int32_t index, DataType type);
ExprPtr MakeLiteral(Value value, DataType type);
ExprPtr MakeCast(ExprPtr arg, DataType to, bool try_cast = false);  // returns `arg` itself when its type equals `to`
ExprPtr MakeAnd(std::vector<ExprPtr> args);                         // one argument: that argument; none: TRUE
ExprPtr MakeCall(const ScalarFunction* function, std::vector<ExprPtr> args, DataType type, SourceRange range = {});

// Same tree, same types, same functions; source ranges do not count.
bool SameExpr(const Expr& a, const Expr& b);
// False if any function in it gives another answer each time (RAND, UUID, PROCTIME, CURRENT_ROW_TIMESTAMP …).
bool IsDeterministic(const Expr& expr);
// No column and no outer column in it, and deterministic within a query.
bool IsConstant(const Expr& expr);
// Adds every input column that the expression reads.
void CollectColumns(const Expr& expr, std::vector<bool>& used);
// The expression with column i replaced by replacements[i].
ExprPtr SubstituteColumns(const ExprPtr& expr, const std::vector<ExprPtr>& replacements);
// A canonical text such as "(`a` + 1)" with names from `input` (or $0 when null), for EXPLAIN and for names of state.
std::string ExprText(const Expr& expr, const Schema* input = nullptr);

}  // namespace millrace::functions
