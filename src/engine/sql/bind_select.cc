// SELECT: where, items, distinct, order.
#include <fmt/format.h>

#include "engine/functions/evaluator.h"
#include "engine/sql/ast_walk.h"
#include "engine/sql/query_binder.h"
#include "engine/sql/query_hints.h"

namespace millrace::sql {
namespace {

struct Conjunct {
  const Expr* expr = nullptr;
  bool negated = false;
};

// What must hold for the condition to hold: a AND b, NOT (a OR b), NOT NOT a, as a list.
void SplitConjuncts(const Expr& expr, bool negated, std::vector<Conjunct>& out) {
  const auto* call = As<Call>(expr);
  if (call != nullptr && call->op == Op::kNot) return SplitConjuncts(*call->operands[0], !negated, out);
  if (call == nullptr || call->op != (negated ? Op::kOr : Op::kAnd)) return out.push_back({&expr, negated});
  for (const ExprPtr& operand : call->operands) SplitConjuncts(*operand, negated, out);
}

RelationPtr FilterOf(const RelationPtr& input, std::vector<BoundExpr> conditions) {
  if (conditions.empty()) return input;
  return MakeRelation(FilterRelation{functions::MakeAnd(std::move(conditions))}, {input}, input->schema);
}

bool HasSubquery(const Expr& expr) {
  bool found = false;
  WalkExpr(expr, [&](const Expr& node) {
    found = found || As<Subquery>(node) != nullptr;
    return !found;
  });
  return found;
}

struct Star {
  std::vector<BoundExpr> exprs;
  std::vector<std::string> names;
};

// The columns of `*` or `t.*`.
Result<Star> ExpandStar(const Identifier& star, const Scope& scope) {
  Star result;
  std::vector<std::string> qualifier = PathOf(star);
  bool found = false;
  std::vector<bool> used(scope.columns.size(), false);
  auto add = [&](size_t i) {
    const ScopeColumn& column = scope.columns[i];
    auto expr = std::make_shared<functions::Expr>();
    expr->kind = functions::ExprKind::kColumn;
    expr->index = static_cast<int32_t>(i);
    expr->type = column.type;
    expr->range = star.range;
    result.exprs.push_back(expr);
    result.names.push_back(column.name);
    used[i] = true;
  };
  if (qualifier.empty()) {  // columns that USING or NATURAL merges come first, once
    for (const ScopeColumn& column : scope.columns) {
      if (column.merged_with < 0) continue;
      auto left = static_cast<size_t>(column.merged_with);
      if (!used[left]) add(left);
      used[static_cast<size_t>(&column - scope.columns.data())] = true;
    }
  }
  for (size_t i = 0; i < scope.columns.size(); ++i) {
    const ScopeColumn& column = scope.columns[i];
    bool matches = qualifier.empty() || (qualifier.size() <= column.qualifier.size() &&
                                         std::equal(qualifier.rbegin(), qualifier.rend(), column.qualifier.rbegin()));
    found = found || matches;
    if (matches && !used[i]) add(i);
  }
  if (!found && !qualifier.empty()) {
    return ValidationError(fmt::format("Table '{}' not found", fmt::join(qualifier, ".")), star.range);
  }
  if (result.exprs.empty()) return ValidationError("SELECT * needs a FROM clause with columns", star.range);
  return result;
}

std::string ItemName(const AliasedExpr& item, size_t position) {
  if (item.alias) return PathOf(*item.alias).back();
  if (const auto* name = As<Identifier>(item.expr.get()); name != nullptr && !name->parts.empty())
    return name->parts.back().name;
  return fmt::format("EXPR${}", position);
}

}  // namespace

Status QueryBinder::ApplyCondition(Block& block, const Expr& condition, ExprScope& scope, std::string_view clause) {
  std::vector<Conjunct> conjuncts;
  SplitConjuncts(condition, false, conjuncts);
  auto bind = [&](const Conjunct& conjunct) -> Result<BoundExpr> {
    MR_ASSIGN(BoundExpr bound, BindCondition(*conjunct.expr, scope, clause));
    return conjunct.negated ? BindNamedCall("NOT", {std::move(bound)}, conjunct.expr->range)
                            : Result<BoundExpr>(std::move(bound));
  };
  std::vector<BoundExpr> plain;
  std::vector<Conjunct> later;
  for (const Conjunct& conjunct : conjuncts) {
    if (HasSubquery(*conjunct.expr)) {
      later.push_back(conjunct);
      continue;
    }
    MR_ASSIGN(BoundExpr bound, bind(conjunct));
    plain.push_back(std::move(bound));
  }
  block.relation = FilterOf(block.relation, std::move(plain));
  for (const Conjunct& conjunct : later) {
    MR_ASSIGN(bool done, BindSubqueryCondition(*conjunct.expr, conjunct.negated, block, scope));
    if (done) continue;
    MR_RETURN_IF_ERROR(BindScalarSubqueries(*conjunct.expr, block, scope));
    MR_ASSIGN(BoundExpr bound, bind(conjunct));
    block.relation = FilterOf(block.relation, {bound});
  }
  return Status::Ok();
}

Status QueryBinder::BindItems(const Select& select, SelectState& state) {
  for (const AliasedExpr& item : select.items) {
    const auto* star = As<Identifier>(item.expr.get());
    if (star != nullptr && star->star) {
      MR_ASSIGN(Star columns, ExpandStar(*star, state.block.scope));
      for (size_t i = 0; i < columns.exprs.size(); ++i) {
        BoundExpr expr = columns.exprs[i];
        if (state.aggregated) {
          Identifier name;
          name.parts.push_back({columns.names[i], false, star->range});
          name.range = star->range;
          MR_ASSIGN(expr, BindExpr(name, state.scope));
        }
        state.exprs.push_back(expr);
        state.names.push_back(columns.names[i]);
      }
      continue;
    }
    if (!targets_.contains(&select)) MR_RETURN_IF_ERROR(CheckTyped(*item.expr));
    MR_RETURN_IF_ERROR(BindScalarSubqueries(*item.expr, state.block, state.scope));
    MR_ASSIGN(BoundExpr expr, BindExpr(*item.expr, state.scope));
    state.names.push_back(ItemName(item, state.exprs.size()));
    state.exprs.push_back(std::move(expr));
  }
  state.visible = state.exprs.size();
  return Status::Ok();
}

Status QueryBinder::BindSortKeys(const OrderBy& order, SelectState& state, std::vector<SortColumn>& keys) {
  for (const OrderItem& item : order.keys) {
    int32_t position = -1;
    const auto* literal = As<Literal>(item.expr.get());
    if (literal != nullptr && literal->type == Literal::Type::kExact && literal->text.find('.') == std::string::npos) {
      MR_ASSIGN(BoundExpr ordinal, BindLiteral(*literal));
      int64_t value = ordinal->literal.AsInt();
      if (value < 1 || value > static_cast<int64_t>(state.visible))
        return ValidationError("Ordinal out of range", item.expr->range);
      position = static_cast<int32_t>(value - 1);
    }
    const auto* name = As<Identifier>(item.expr.get());
    if (name != nullptr && name->parts.size() == 1) {
      for (size_t i = 0; i < state.visible && position < 0; ++i) {
        if (state.names[i] == name->parts[0].name) position = static_cast<int32_t>(i);
      }
    }
    if (position < 0) {
      MR_ASSIGN(BoundExpr expr, BindExpr(*item.expr, state.scope));
      for (size_t i = 0; i < state.exprs.size() && position < 0; ++i) {
        if (functions::SameExpr(*state.exprs[i], *expr)) position = static_cast<int32_t>(i);
      }
      if (position < 0) {
        position = static_cast<int32_t>(state.exprs.size());
        state.exprs.push_back(std::move(expr));
        state.names.push_back(fmt::format("EXPR${}", position));
      }
    }
    // Flink: NULL is lower than every value.
    keys.push_back({position, !item.descending, item.nulls_first.value_or(!item.descending)});
  }
  return Status::Ok();
}

Result<RelationPtr> QueryBinder::BindSelect(const Select& select, const OrderBy* order, const Scope* outer) {
  MR_RETURN_IF_ERROR(CheckHints(select.hints));
  const std::vector<Hint>* around = hints_;
  hints_ = select.hints.empty() ? nullptr : &select.hints;
  auto result = BindBlock(select, order, outer);
  hints_ = around;
  return result;
}

Result<RelationPtr> QueryBinder::BindBlock(const Select& select, const OrderBy* order, const Scope* outer) {
  SelectState state;
  state.block.scope.outer = outer;
  if (select.from) {
    MR_ASSIGN(state.block, BindFrom(*select.from, outer));
  } else {
    state.block.relation = MakeRelation(ValuesRelation{{ValueRow{}}}, {}, {});
  }
  state.scope.context = &context_;
  state.scope.scope = &state.block.scope;
  if (select.where) {
    MR_RETURN_IF_ERROR(ApplyCondition(state.block, *select.where, state.scope, "WHERE clause"));
  }
  MR_RETURN_IF_ERROR(BindAggregate(select, order, state));
  bool distinct = select.quantifier == SetQuantifier::kDistinct;
  MR_RETURN_IF_ERROR(CheckHintedTables(select, state.aggregated || distinct, *context_.catalogs));
  if (select.having) {
    MR_RETURN_IF_ERROR(ApplyCondition(state.block, *select.having, state.scope, "HAVING clause"));
  }
  MR_RETURN_IF_ERROR(BindOverCalls(select, order, state));
  MR_RETURN_IF_ERROR(BindItems(select, state));
  SortRelation sort;
  if (order != nullptr) {
    MR_RETURN_IF_ERROR(BindSortKeys(*order, state, sort.keys));
  }
  if (distinct && state.exprs.size() > state.visible) {
    return ValidationError("ORDER BY of SELECT DISTINCT must name columns of the result", order->range);
  }
  std::vector<std::string> names = UniqueNames(state.names);
  RelationPtr result = ProjectRelationOf(state.block.relation, state.exprs, names);
  if (distinct) {
    AggregateRelation aggregate;
    for (size_t i = 0; i < result->schema.size(); ++i) aggregate.keys.push_back(static_cast<int32_t>(i));
    Schema schema = result->schema;
    result = MakeRelation(std::move(aggregate), {result}, std::move(schema));
  }
  if (order == nullptr) return result;
  MR_ASSIGN(sort.offset, LiteralCount(order->offset, 0, "OFFSET"));
  MR_ASSIGN(sort.limit, LiteralCount(order->fetch, -1, "LIMIT"));
  Schema schema = result->schema;
  result = MakeRelation(std::move(sort), {result}, std::move(schema));
  if (state.exprs.size() > state.visible) {
    std::vector<BoundExpr> kept;
    for (size_t i = 0; i < state.visible; ++i) kept.push_back(ColumnOf(result, static_cast<int32_t>(i)));
    result = ProjectRelationOf(result, std::move(kept), names);
  }
  return result;
}

}  // namespace millrace::sql
