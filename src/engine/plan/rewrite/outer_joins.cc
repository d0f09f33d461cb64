// An outer join whose padded rows a condition above throws away is an inner one (or one with a side less).
#include <algorithm>

#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {
namespace {

using functions::Expr;
using functions::ExprKind;
using functions::ExprPtr;

// A side's columns, all NULL.
struct Padded {
  int32_t first = 0;
  int32_t last = 0;

  // Whether the expression is NULL then.
  bool MakesNull(const Expr& expr) const {
    if (expr.kind == ExprKind::kColumn) return expr.index >= first && expr.index < last;
    if (expr.kind == ExprKind::kCast) return MakesNull(*expr.args[0]);
    if (expr.kind != ExprKind::kCall) return false;
    std::string_view name = expr.function->name;
    constexpr std::string_view kStrict[] = {"+", "-", "*", "/", "%", "=", "<>", "<", "<=", ">", ">=", "LIKE", "NOT"};
    bool strict = std::find(std::begin(kStrict), std::end(kStrict), name) != std::end(kStrict);
    return strict &&
           std::any_of(expr.args.begin(), expr.args.end(), [&](const ExprPtr& arg) { return MakesNull(*arg); });
  }
  // Whether the condition cannot be TRUE then.
  bool Rejects(const Expr& expr) const {
    auto rejects = [&](const ExprPtr& arg) { return Rejects(*arg); };
    if (expr.kind == ExprKind::kAnd) return std::any_of(expr.args.begin(), expr.args.end(), rejects);
    if (expr.kind == ExprKind::kOr) return std::all_of(expr.args.begin(), expr.args.end(), rejects);
    if (MakesNull(expr)) return true;
    if (expr.kind != ExprKind::kCall) return false;
    if (expr.function->name == "IS NOT NULL") return MakesNull(*expr.args[0]);
    return expr.function->name == "IS TRUE" && Rejects(*expr.args[0]);
  }
};

}  // namespace

sql::JoinKind NarrowJoin(sql::JoinKind kind, const std::vector<ExprPtr>& conditions, int32_t left_width,
                         int32_t width) {
  auto rejected = [&](Padded side) {
    return std::any_of(conditions.begin(), conditions.end(), [&](const ExprPtr& c) { return side.Rejects(*c); });
  };
  bool no_left_padding = rejected({0, left_width});
  bool no_right_padding = rejected({left_width, width});
  switch (kind) {
    case sql::JoinKind::kLeft:
      return no_right_padding ? sql::JoinKind::kInner : kind;
    case sql::JoinKind::kRight:
      return no_left_padding ? sql::JoinKind::kInner : kind;
    case sql::JoinKind::kFull:
      if (no_left_padding && no_right_padding) return sql::JoinKind::kInner;
      if (no_left_padding) return sql::JoinKind::kLeft;
      return no_right_padding ? sql::JoinKind::kRight : kind;
    case sql::JoinKind::kInner:
    case sql::JoinKind::kSemi:
    case sql::JoinKind::kAnti:
      return kind;
  }
  return kind;
}

}  // namespace millrace::plan
