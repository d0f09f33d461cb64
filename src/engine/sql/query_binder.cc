// Query expressions: set operations, VALUES, WITH, ORDER BY, and what the other binder files share.
#include "engine/sql/query_binder.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/functions/evaluator.h"
#include "engine/sql/ast_walk.h"
#include "types/cast.h"

namespace millrace::sql {

using functions::ExprKind;

BoundExpr ColumnOf(const RelationPtr& relation, int32_t column) {
  return functions::MakeColumn(column, relation->schema[static_cast<size_t>(column)].type);
}

std::vector<std::string> UniqueNames(std::vector<std::string> names) {
  std::set<std::string> used;
  for (std::string& name : names) {
    std::string candidate = name;
    for (int suffix = 0; used.contains(candidate); ++suffix) candidate = fmt::format("{}{}", name, suffix);
    used.insert(candidate);
    name = candidate;
  }
  return names;
}

RelationPtr ProjectRelationOf(const RelationPtr& input, std::vector<BoundExpr> exprs,
                              const std::vector<std::string>& names) {
  Schema schema;
  for (size_t i = 0; i < exprs.size(); ++i) schema.fields.push_back({names[i], exprs[i]->type, ""});
  return MakeRelation(ProjectRelation{std::move(exprs)}, {input}, std::move(schema));
}

namespace {

// Whether a column is what `expr`, a PROCTIME(), would be: it is one attribute however often it is written.
bool IsProctime(const Relation& relation, size_t column, const functions::Expr& expr) {
  if (expr.type.time_attribute() != TimeAttribute::kProctime || expr.kind != ExprKind::kCall) return false;
  const auto* project = relation.As<ProjectRelation>();
  if (project == nullptr) return false;
  const functions::Expr& made = *project->exprs[column];
  if (made.kind == ExprKind::kColumn) return IsProctime(*relation.inputs[0], static_cast<size_t>(made.index), expr);
  return functions::SameExpr(made, expr);
}

}  // namespace

RelationPtr AppendExprs(const RelationPtr& relation, const std::vector<BoundExpr>& exprs,
                        std::vector<int32_t>& positions) {
  std::vector<BoundExpr> all;
  std::vector<std::string> names;
  for (size_t i = 0; i < relation->schema.size(); ++i) {
    all.push_back(ColumnOf(relation, static_cast<int32_t>(i)));
    names.push_back(relation->schema[i].name);
  }
  size_t width = all.size();
  for (const BoundExpr& expr : exprs) {
    int32_t position = -1;
    for (size_t i = 0; i < all.size() && position < 0; ++i) {
      bool same = (functions::SameExpr(*all[i], *expr) && functions::IsDeterministic(*expr)) ||
                  (i < width && IsProctime(*relation, i, *expr));
      if (same) position = static_cast<int32_t>(i);
    }
    if (position < 0) {
      position = static_cast<int32_t>(all.size());
      names.push_back(fmt::format("$f{}", all.size()));
      all.push_back(expr);
    }
    positions.push_back(position);
  }
  if (all.size() == width) return relation;
  return ProjectRelationOf(relation, std::move(all), names);
}

Result<int64_t> ConstantMillis(const Expr& expr, const BindContext& context, std::string_view what) {
  Scope empty;
  ExprScope scope;
  scope.context = &context;
  scope.scope = &empty;
  bool names_column = false;
  WalkExpr(expr, [&](const Expr& node) {
    const auto* name = As<Identifier>(node);
    names_column = names_column || (name != nullptr && !name->context_variable);
    return !names_column;
  });
  if (names_column) {
    return ValidationError(
        fmt::format("{} must be a constant interval: only constant window descriptors are supported", what), expr.range,
        "write it as a literal, such as INTERVAL '1' MINUTE");
  }
  MR_ASSIGN(BoundExpr bound, BindExpr(expr, scope));
  if (!bound->type.Is(TypeKind::kIntervalDayTime) || !functions::IsConstant(*bound)) {
    return ValidationError(fmt::format("{} must be a constant interval of days to seconds", what), expr.range,
                           "months and years have no fixed length");
  }
  MR_ASSIGN(Value value, functions::EvaluateConstant(bound, *context.eval));
  if (value.IsNull()) return ValidationError(fmt::format("{} must not be NULL", what), expr.range);
  return value.AsInt();
}

Result<RelationPtr> QueryBinder::Bind(const Query& query, const Scope* outer) {
  if (const auto* select = As<Select>(query)) return BindSelect(*select, nullptr, outer);
  if (const auto* order = As<OrderBy>(query)) return BindOrderBy(*order, outer);
  if (const auto* op = As<SetOp>(query)) return BindSetOp(*op, outer);
  if (const auto* values = As<Values>(query)) return BindValues(*values, outer);
  if (const auto* with = As<With>(query)) return BindWith(*with, outer);
  if (const auto* table = As<ExplicitTable>(query)) {
    MR_ASSIGN(Block block, BindCatalogTable(PathOf(*table->table), {}, table->table->range, outer));
    return block.relation;
  }
  return ValidationError("this query cannot stand here", query.range);
}

void QueryBinder::SetTarget(const Query& query) {
  targets_.insert(&query);
  if (const auto* order = As<OrderBy>(query)) SetTarget(*order->query);
  if (const auto* with = As<With>(query)) SetTarget(*with->body);
  if (const auto* op = As<SetOp>(query)) {
    SetTarget(*op->left);
    SetTarget(*op->right);
  }
}

Status CheckTyped(const Expr& expr) {
  const auto* literal = As<Literal>(expr);
  if (literal == nullptr || literal->type != Literal::Type::kNull) return Status::Ok();
  return ValidationError("Illegal use of 'NULL'", expr.range, "say its type: CAST(NULL AS INT)");
}

namespace {

// The input with its columns cast to `types`; itself where they fit.
RelationPtr CastColumns(const RelationPtr& input, const std::vector<DataType>& types) {
  bool same = true;
  std::vector<BoundExpr> exprs;
  std::vector<std::string> names;
  for (size_t i = 0; i < types.size(); ++i) {
    BoundExpr column = ColumnOf(input, static_cast<int32_t>(i));
    same = same && column->type.SameIgnoringNullability(types[i]);
    exprs.push_back(column->type.SameIgnoringNullability(types[i])
                        ? column
                        : functions::MakeCast(column, types[i].WithNullable(column->type.nullable())));
    names.push_back(input->schema[i].name);
  }
  return same ? input : ProjectRelationOf(input, std::move(exprs), names);
}

}  // namespace

Result<int64_t> LiteralCount(const ExprPtr& expr, int64_t otherwise, std::string_view what) {
  if (!expr) return otherwise;
  const auto* literal = As<Literal>(expr.get());
  if (literal == nullptr || literal->type != Literal::Type::kExact) {
    return ValidationError(fmt::format("{} must be a whole number", what), expr->range);
  }
  MR_ASSIGN(BoundExpr bound, BindLiteral(*literal));
  if (!bound->type.IsInteger()) return ValidationError(fmt::format("{} must be a whole number", what), expr->range);
  return bound->literal.AsInt();
}

Result<RelationPtr> QueryBinder::BindOrderBy(const OrderBy& order, const Scope* outer) {
  const Query* inner = order.query.get();
  RelationPtr relation;
  if (const auto* select = As<Select>(inner); select != nullptr && !order.keys.empty()) {
    return BindSelect(*select, &order, outer);
  }
  MR_ASSIGN(relation, Bind(*inner, outer));
  SelectState state;
  state.block = {relation, ScopeOf(*relation, {}, outer)};
  state.scope.context = &context_;
  state.scope.scope = &state.block.scope;
  for (size_t i = 0; i < relation->schema.size(); ++i) {
    state.exprs.push_back(ColumnOf(relation, static_cast<int32_t>(i)));
    state.names.push_back(relation->schema[i].name);
  }
  state.visible = state.exprs.size();
  SortRelation sort;
  MR_RETURN_IF_ERROR(BindSortKeys(order, state, sort.keys));
  if (state.exprs.size() != state.visible)
    return UnsupportedError("ORDER BY an expression that is no column of the result", order.range);
  MR_ASSIGN(sort.offset, LiteralCount(order.offset, 0, "OFFSET"));
  MR_ASSIGN(sort.limit, LiteralCount(order.fetch, -1, "LIMIT"));
  return MakeRelation(std::move(sort), {relation}, relation->schema);
}

Result<RelationPtr> QueryBinder::BindSetOp(const SetOp& op, const Scope* outer) {
  MR_ASSIGN(RelationPtr left, Bind(*op.left, outer));
  MR_ASSIGN(RelationPtr right, Bind(*op.right, outer));
  constexpr std::string_view kNames[] = {"UNION", "INTERSECT", "EXCEPT"};
  std::string_view name = kNames[static_cast<int>(op.type)];
  if (left->schema.size() != right->schema.size()) {
    return ValidationError(
        fmt::format("Column count mismatch in {}: {} and {}", name, left->schema.size(), right->schema.size()),
        op.range);
  }
  std::vector<DataType> types;
  Schema schema;
  for (size_t i = 0; i < left->schema.size(); ++i) {
    const DataType& a = left->schema[i].type;
    const DataType& b = right->schema[i].type;
    auto common = CommonType({a, b});
    if (!common.ok()) {
      return ValidationError(
          fmt::format("Type mismatch in column {} of {}: {} and {}", i + 1, name, a.ToString(), b.ToString()),
          op.range);
    }
    DataType type = *common;
    if (a.time_attribute() == b.time_attribute()) type = type.WithTimeAttribute(a.time_attribute());
    types.push_back(type);
    schema.fields.push_back({left->schema[i].name, type, ""});
  }
  SetKind kind = op.type == SetOp::Type::kUnion
                     ? SetKind::kUnion
                     : (op.type == SetOp::Type::kIntersect ? SetKind::kIntersect : SetKind::kExcept);
  return MakeRelation(SetRelation{kind, op.all}, {CastColumns(left, types), CastColumns(right, types)},
                      std::move(schema));
}

Result<RelationPtr> QueryBinder::BindWith(const With& with, const Scope* outer) {
  auto saved = with_;
  for (const With::Item& item : with.items) {
    MR_ASSIGN(RelationPtr relation, Bind(*item.query, outer));
    if (item.columns) {
      if (item.columns->size() != relation->schema.size()) {
        return ValidationError("the number of columns named by WITH and given by its query differ", item.name->range);
      }
      std::vector<BoundExpr> exprs;
      std::vector<std::string> names;
      for (size_t i = 0; i < item.columns->size(); ++i) {
        exprs.push_back(ColumnOf(relation, static_cast<int32_t>(i)));
        names.push_back(PathOf(*(*item.columns)[i]).back());
      }
      relation = ProjectRelationOf(relation, std::move(exprs), names);
    }
    with_[PathOf(*item.name).back()] = relation;
  }
  auto result = Bind(*with.body, outer);
  with_ = std::move(saved);
  return result;
}

namespace {

Result<RelationPtr> RowsOfConstants(const std::vector<std::vector<BoundExpr>>& rows, const Schema& schema,
                                    const BindContext& context) {
  ValuesRelation values;
  for (const std::vector<BoundExpr>& row : rows) {
    ValueRow boxed;
    for (const BoundExpr& expr : row) {
      MR_ASSIGN(Value value, functions::EvaluateConstant(expr, *context.eval));
      boxed.push_back(std::move(value));
    }
    values.rows.push_back(std::move(boxed));
  }
  return MakeRelation(std::move(values), {}, schema);
}

}  // namespace

Result<RelationPtr> QueryBinder::BindValues(const Values& values, const Scope* outer) {
  Scope empty;
  empty.outer = outer;
  ExprScope scope;
  scope.context = &context_;
  scope.scope = &empty;
  std::vector<std::vector<BoundExpr>> rows;
  for (const CallPtr& row : values.rows) {
    std::vector<BoundExpr> bound;
    for (const ExprPtr& item : row->operands) {
      if (!targets_.contains(&values)) MR_RETURN_IF_ERROR(CheckTyped(*item));
      MR_ASSIGN(BoundExpr expr, BindExpr(*item, scope));
      bound.push_back(std::move(expr));
    }
    if (!rows.empty() && rows[0].size() != bound.size()) {
      return ValidationError("Values passed to VALUES operator must have compatible types: the rows differ in length",
                             row->range);
    }
    rows.push_back(std::move(bound));
  }
  Schema schema;
  bool constant = true;
  for (size_t c = 0; c < rows[0].size(); ++c) {
    std::vector<DataType> types;
    for (const auto& row : rows) types.push_back(row[c]->type);
    bool nulls = std::all_of(types.begin(), types.end(), [](const DataType& type) { return type.Is(TypeKind::kNull); });
    auto common = nulls ? Result<DataType>(DataType::Null()) : CommonType(types);
    if (!common.ok())
      return ValidationError("Values passed to VALUES operator must have compatible types", values.range,
                             common.error().message);
    for (auto& row : rows) {
      row[c] = functions::MakeCast(row[c], common->WithNullable(row[c]->type.nullable()));
      constant = constant && functions::IsConstant(*row[c]) && !row[c]->type.IsTimeAttribute();
    }
    schema.fields.push_back({fmt::format("EXPR${}", c), *common, ""});
  }
  if (constant) return RowsOfConstants(rows, schema, context_);
  std::vector<std::string> names;
  for (const Field& field : schema.fields) names.push_back(field.name);
  RelationPtr result;
  for (auto& row : rows) {
    RelationPtr one = ProjectRelationOf(MakeRelation(ValuesRelation{{ValueRow{}}}, {}, {}), std::move(row), names);
    result = result ? MakeRelation(SetRelation{SetKind::kUnion, true}, {result, one}, schema) : one;
  }
  return result;
}

Result<RelationPtr> BindQuery(const Query& query, const BindContext& context) {
  return QueryBinder(context).Bind(query, nullptr);
}

}  // namespace millrace::sql
