// FROM: tables, views, joins, sub-queries, UNNEST.
#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/parser.h"
#include "engine/sql/query_binder.h"
#include "engine/sql/query_hints.h"
#include "engine/sql/user_function.h"

namespace millrace::sql {
namespace {

// What OPTIONS hints give to a table. Other hints do not concern a table itself.
Status ReadHints(const std::vector<Hint>& hints, ScanRelation& scan) {
  for (const Hint& hint : hints) {
    if (HintName(hint) != "OPTIONS") continue;
    MR_ASSIGN(OptionMap options, KeyValuesOf(hint));
    scan.hint_options.insert(options.begin(), options.end());
  }
  return Status::Ok();
}

Schema SchemaOfColumns(const std::vector<const catalog::TableColumn*>& columns) {
  Schema schema;
  for (const catalog::TableColumn* column : columns)
    schema.fields.push_back({column->name, column->type, column->comment});
  return schema;
}

DataType WithAttributeOf(const DataType& type, TimeAttribute attribute) { return type.WithTimeAttribute(attribute); }

// Hints behind a table's name: readable, and OPTIONS for tables only.
Status CheckTableHints(const catalog::Table& table, const std::vector<Hint>& hints, const BindContext& context) {
  MR_RETURN_IF_ERROR(CheckHints(hints));
  if (!HasOptionsHint(hints)) return Status::Ok();
  auto enabled = context.config->find("table.dynamic-table-options.enabled");
  if (enabled != context.config->end() && enabled->second == "false") {
    return ValidationError(
        "The 'OPTIONS' hint is allowed only when the config option 'table.dynamic-table-options.enabled' is set to "
        "true",
        hints[0].range, "SET 'table.dynamic-table-options.enabled' = 'true'");
  }
  if (!table.is_view) return Status::Ok();
  return ValidationError(fmt::format("View '{}' cannot be enriched with new options. Hints can only be applied to "
                                     "tables.",
                                     table.name.ToString()),
                         hints[0].range, "write the hint behind the table within the view");
}

}  // namespace

const TableRef* Unaliased(const TableRef& table, const TableAlias** alias) {
  const auto* named = As<TableAlias>(table);
  if (alias != nullptr) *alias = named;
  return named != nullptr ? named->table.get() : &table;
}

Result<RelationPtr> QueryBinder::ScanTable(const catalog::TablePtr& table, const std::vector<Hint>& hints,
                                           SourceRange range) {
  ScanRelation scan;
  scan.table = table;
  MR_RETURN_IF_ERROR(ReadHints(hints, scan));
  std::vector<const catalog::TableColumn*> stored;
  bool computed = false;
  for (const catalog::TableColumn& column : table->columns) {
    if (column.kind == catalog::ColumnKind::kComputed) {
      computed = true;
    } else {
      stored.push_back(&column);
    }
  }
  RelationPtr relation = MakeRelation(std::move(scan), {}, SchemaOfColumns(stored));
  if (computed) {
    std::vector<BoundExpr> exprs;
    std::vector<std::string> names;
    Schema base = relation->schema;
    for (const catalog::TableColumn& column : table->columns) {
      names.push_back(column.name);
      if (column.kind != catalog::ColumnKind::kComputed) {
        exprs.push_back(ColumnOf(relation, base.Find(column.name)));
        continue;
      }
      MR_ASSIGN(ExprPtr parsed, ParseExpression(column.expression));
      auto bound = BindScalar(*parsed, base, context_);
      if (!bound.ok()) {
        Error error = bound.error();
        error.message =
            fmt::format("computed column '{}' of table {}: {}", column.name, table->name.Dotted(), error.message);
        error.range = range;
        return error;
      }
      exprs.push_back(*bound);
    }
    relation = ProjectRelationOf(relation, std::move(exprs), names);
  }
  if (!table->watermark) return relation;
  int32_t rowtime = relation->schema.Find(table->watermark->column);
  if (rowtime < 0) {
    return UnsupportedError(fmt::format("a watermark on the nested column '{}'", table->watermark->column), range);
  }
  MR_ASSIGN(ExprPtr parsed, ParseExpression(table->watermark->expression));
  Schema schema = relation->schema;
  MR_ASSIGN(BoundExpr watermark, BindScalar(*parsed, schema, context_));
  DataType& type = schema.fields[static_cast<size_t>(rowtime)].type;
  type = WithAttributeOf(type, TimeAttribute::kRowtime);
  return MakeRelation(WatermarkRelation{rowtime, std::move(watermark)}, {relation}, std::move(schema));
}

Result<RelationPtr> QueryBinder::ExpandView(const catalog::Table& view) {
  constexpr int32_t kMaxViewDepth = 64;
  if (view_depth_ >= kMaxViewDepth) {
    return UserError("sql.validate",
                     fmt::format("view {} is nested more than {} deep", view.name.Dotted(), kMaxViewDepth));
  }
  auto parsed = ParseStatement(view.view_text);
  const QueryStatement* statement = parsed.ok() ? As<QueryStatement>(parsed->get()) : nullptr;
  if (statement == nullptr) return InternalError(fmt::format("the text of view {} is no query", view.name.Dotted()));
  BindContext inner = context_;
  inner.text = view.view_text;
  catalog::Catalogs names;
  bool elsewhere = view.context_catalog != context_.catalogs->current_catalog() ||
                   view.context_database != context_.catalogs->current_database();
  if (elsewhere) {
    names = *context_.catalogs;
    MR_RETURN_IF_ERROR(names.UseCatalog(view.context_catalog));
    MR_RETURN_IF_ERROR(names.UseDatabase({view.context_database}));
    inner.catalogs = &names;
  }
  QueryBinder binder(inner);
  binder.view_depth_ = view_depth_ + 1;
  auto bound = binder.Bind(*statement->query, nullptr);
  if (!bound.ok()) {
    Error error = bound.error();
    error.message = fmt::format("view {}: {}", view.name.Dotted(), error.message);
    error.range = {};
    return error;
  }
  RelationPtr relation = *bound;
  bool renamed = false;
  std::vector<BoundExpr> exprs;
  std::vector<std::string> column_names;
  for (size_t i = 0; i < view.columns.size() && i < relation->schema.size(); ++i) {
    renamed = renamed || view.columns[i].name != relation->schema[i].name;
    exprs.push_back(ColumnOf(relation, static_cast<int32_t>(i)));
    column_names.push_back(view.columns[i].name);
  }
  return renamed ? ProjectRelationOf(relation, std::move(exprs), column_names) : relation;
}

Result<Block> QueryBinder::BindCatalogTable(const std::vector<std::string>& path, const std::vector<Hint>& hints,
                                            SourceRange range, const Scope* outer) {
  if (path.size() == 1) {
    if (auto found = with_.find(path[0]); found != with_.end())
      return Block{found->second, ScopeOf(*found->second, path, outer)};
  }
  catalog::TablePtr table = context_.catalogs->FindTable(path);
  if (table == nullptr) {
    auto known =
        context_.catalogs->ListTables(context_.catalogs->current_catalog(), context_.catalogs->current_database());
    auto nearest = NearestWord(path.back(), known);
    return ValidationError(fmt::format("Object '{}' not found", fmt::join(path, ".")), range,
                           nearest ? fmt::format("did you mean '{}'?", *nearest) : "SHOW TABLES lists what there is");
  }
  MR_RETURN_IF_ERROR(CheckTableHints(*table, hints, context_));
  RelationPtr relation;
  if (table->is_view) {
    MR_ASSIGN(relation, ExpandView(*table));
  } else {
    MR_ASSIGN(relation, ScanTable(table, hints, range));
  }
  return Block{relation, ScopeOf(*relation, {table->name.catalog, table->name.database, table->name.object}, outer)};
}

Result<Block> QueryBinder::BindTableName(const TableName& table, const Scope* outer) {
  if (!table.extensions.empty()) return UnsupportedError("EXTEND", table.range);
  return BindCatalogTable(PathOf(*table.name), table.hints, table.name->range, outer);
}

Result<Block> QueryBinder::BindAlias(const TableAlias& alias, const Scope* outer) {
  MR_ASSIGN(Block block, BindFrom(*alias.table, outer));
  std::string name = PathOf(*alias.alias).back();
  if (alias.columns && alias.columns->size() != block.scope.columns.size()) {
    return ValidationError(
        fmt::format(
            "List of column aliases must have same degree as table; table has {} columns, whereas alias list has "
            "{} columns",
            block.scope.columns.size(), alias.columns->size()),
        alias.alias->range);
  }
  for (size_t i = 0; i < block.scope.columns.size(); ++i) {
    block.scope.columns[i].qualifier = {name};
    if (alias.columns) block.scope.columns[i].name = PathOf(*(*alias.columns)[i]).back();
  }
  return block;
}

Result<Block> QueryBinder::BindFrom(const TableRef& table, const Scope* outer) {
  if (const auto* name = As<TableName>(table)) return BindTableName(*name, outer);
  if (const auto* alias = As<TableAlias>(table)) {
    if (const auto* unnest = As<Unnest>(alias->table.get()); unnest != nullptr) {
      Block one{MakeRelation(ValuesRelation{{ValueRow{}}}, {}, {}), {}};
      one.scope.outer = outer;
      return BindLateral(one, table, false, outer);
    }
    return BindAlias(*alias, outer);
  }
  if (const auto* derived = As<DerivedTable>(table)) {
    MR_ASSIGN(RelationPtr relation, Bind(*derived->query, outer));
    return Block{relation, ScopeOf(*relation, {}, outer)};
  }
  if (const auto* join = As<Join>(table)) return BindJoin(*join, outer);
  if (const auto* function = As<TableFunction>(table)) return BindTableFunction(*function, outer);
  if (As<Unnest>(table) != nullptr || As<Lateral>(table) != nullptr) {
    Block one{MakeRelation(ValuesRelation{{ValueRow{}}}, {}, {}), {}};
    one.scope.outer = outer;
    return BindLateral(one, table, false, outer);
  }
  if (As<Snapshot>(table) != nullptr) return UnsupportedError("FOR SYSTEM_TIME AS OF outside of a join", table.range);
  if (const auto* match = As<MatchRecognize>(table)) return BindMatch(*match, outer);
  if (As<TableSample>(table) != nullptr) return UnsupportedError("TABLESAMPLE", table.range);
  return UnsupportedError("PIVOT and UNPIVOT", table.range);
}

JoinKind JoinKindOf(Join::Type type) {
  switch (type) {
    case Join::Type::kComma:
    case Join::Type::kCross:
    case Join::Type::kInner:
      return JoinKind::kInner;
    case Join::Type::kLeft:
      return JoinKind::kLeft;
    case Join::Type::kRight:
      return JoinKind::kRight;
    case Join::Type::kFull:
      return JoinKind::kFull;
  }
  return JoinKind::kInner;
}

Schema JoinSchema(const Schema& left, const Schema& right, JoinKind kind) {
  bool left_nullable = kind == JoinKind::kRight || kind == JoinKind::kFull;
  bool right_nullable = kind == JoinKind::kLeft || kind == JoinKind::kFull;
  std::vector<std::string> names;
  Schema schema;
  for (const Schema* side : {&left, &right}) {
    bool nullable = side == &left ? left_nullable : right_nullable;
    for (Field field : side->fields) {
      if (nullable) field.type = field.type.Nullable();
      names.push_back(field.name);
      schema.fields.push_back(std::move(field));
    }
  }
  names = UniqueNames(std::move(names));
  for (size_t i = 0; i < names.size(); ++i) schema.fields[i].name = names[i];
  return schema;
}

namespace {

bool IsLateral(const TableRef& table) {
  const TableRef* inner = Unaliased(table, nullptr);
  return As<Unnest>(inner) != nullptr || As<Lateral>(inner) != nullptr;
}

bool IsTemporal(const TableRef& table) { return As<Snapshot>(Unaliased(table, nullptr)) != nullptr; }

// Pairs of equally named columns for NATURAL and USING; positions in each scope.
Result<std::vector<std::pair<int32_t, int32_t>>> MergedColumns(const Join& join, const Scope& left,
                                                               const Scope& right) {
  std::vector<std::pair<int32_t, int32_t>> pairs;
  auto find = [](const Scope& scope, const std::string& name) -> int32_t {
    for (size_t i = 0; i < scope.columns.size(); ++i) {
      if (scope.columns[i].name == name) return static_cast<int32_t>(i);
    }
    return -1;
  };
  if (join.natural) {
    for (size_t i = 0; i < left.columns.size(); ++i) {
      int32_t other = find(right, left.columns[i].name);
      if (other >= 0) pairs.emplace_back(static_cast<int32_t>(i), other);
    }
  }
  for (const IdentifierPtr& column : join.using_columns) {
    std::string name = PathOf(*column).back();
    int32_t a = find(left, name);
    int32_t b = find(right, name);
    if (a < 0 || b < 0) return ValidationError(fmt::format("Column '{}' not found in any table", name), column->range);
    pairs.emplace_back(a, b);
  }
  return pairs;
}

}  // namespace

Result<Block> QueryBinder::BindJoin(const Join& join, const Scope* outer) {
  MR_ASSIGN(Block left, BindFrom(*join.left, outer));
  JoinKind kind = JoinKindOf(join.type);
  if (IsLateral(*join.right)) {
    if (kind == JoinKind::kRight || kind == JoinKind::kFull) {
      return ValidationError("a lateral table can be joined by CROSS, INNER or LEFT JOIN only", join.range);
    }
    bool always = !join.on || (As<Literal>(join.on.get()) != nullptr && As<Literal>(join.on.get())->text == "TRUE");
    MR_ASSIGN(Block result, BindLateral(left, *join.right, kind == JoinKind::kLeft, outer));
    if (always) return result;
    if (kind == JoinKind::kLeft) {
      return UnsupportedError("LEFT JOIN of a lateral table with a condition other than TRUE", join.on->range);
    }
    ExprScope scope;
    scope.context = &context_;
    scope.scope = &result.scope;
    MR_ASSIGN(BoundExpr on, BindCondition(*join.on, scope, "ON clause"));
    std::vector<bool> used(result.scope.columns.size(), false);
    functions::CollectColumns(*on, used);
    auto left_end = used.begin() + static_cast<ptrdiff_t>(left.scope.columns.size());
    if (std::find(used.begin(), left_end, true) != left_end) {
      return ValidationError(
          "unexpected correlate variable in the plan: ON of a lateral table names columns of the left side",
          join.on->range, "write ON TRUE, and the condition in WHERE");
    }
    Schema schema = result.relation->schema;
    result.relation = MakeRelation(FilterRelation{std::move(on)}, {result.relation}, std::move(schema));
    return result;
  }
  if (IsTemporal(*join.right)) return BindTemporalJoin(left, *join.right, join, outer);
  MR_ASSIGN(Block right, BindFrom(*join.right, outer));
  MR_ASSIGN(auto merged, MergedColumns(join, left.scope, right.scope));
  Block result;
  result.scope = JoinScopes(left.scope, right.scope);
  result.scope.outer = outer;
  ExprScope scope;
  scope.context = &context_;
  scope.scope = &result.scope;
  auto shift = static_cast<int32_t>(left.scope.columns.size());
  std::vector<BoundExpr> conditions;
  for (auto [a, b] : merged) {
    result.scope.columns[static_cast<size_t>(b + shift)].merged_with = a;
    BoundExpr x = functions::MakeColumn(a, left.scope.columns[static_cast<size_t>(a)].type);
    BoundExpr y = functions::MakeColumn(b + shift, right.scope.columns[static_cast<size_t>(b)].type);
    MR_ASSIGN(BoundExpr equal, BindNamedCall("=", {x, y}, join.range));
    conditions.push_back(std::move(equal));
  }
  if (join.on) {
    MR_ASSIGN(BoundExpr on, BindCondition(*join.on, scope, "ON clause"));
    conditions.push_back(std::move(on));
  } else if (merged.empty() && join.type != Join::Type::kComma && join.type != Join::Type::kCross && !join.natural) {
    return ValidationError(
        "INNER, LEFT, RIGHT or FULL join requires a condition (NATURAL keyword or ON or USING clause)", join.range);
  }
  Schema schema = JoinSchema(left.relation->schema, right.relation->schema, kind);
  for (size_t i = 0; i < result.scope.columns.size(); ++i) result.scope.columns[i].type = schema[i].type;
  JoinRelation made{kind, functions::MakeAnd(std::move(conditions)), -1, -1};
  if (hints_ != nullptr) {
    made.left_ttl_ms = HintedTtl(*hints_, *join.left, *context_.catalogs);
    made.right_ttl_ms = HintedTtl(*hints_, *join.right, *context_.catalogs);
  }
  result.relation = MakeRelation(std::move(made), {left.relation, right.relation}, std::move(schema));
  return result;
}

Result<Block> QueryBinder::BindLateral(const Block& left, const TableRef& right, bool left_outer, const Scope* outer) {
  const TableAlias* alias = nullptr;
  const TableRef* inner = Unaliased(right, &alias);
  if (const auto* lateral = As<Lateral>(inner)) {
    if (As<DerivedTable>(lateral->table.get()) != nullptr)
      return BindLateralQuery(left, *lateral, alias, left_outer, outer);
    inner = lateral->table.get();
  }
  ExprScope scope;
  scope.context = &context_;
  scope.scope = &left.scope;
  CorrelateRelation correlate;
  correlate.left_outer = left_outer;
  std::string name;
  functions::CallTypes call;
  std::vector<ExprPtr> operands;
  if (const auto* unnest = As<Unnest>(inner)) {
    if (unnest->with_ordinality)
      return UnsupportedError("UNNEST WITH ORDINALITY (Flink 1.20 refuses it too)", unnest->range);
    name = "UNNEST";
    operands = unnest->operands;
    correlate.function = functions::FindTableFunction(name);
  } else if (const auto* function = As<TableFunction>(inner)) {
    name = function->call->FunctionName();
    operands = function->call->operands;
    correlate.function = TableFunctionOf(*function->call, context_);
    if (correlate.function == nullptr) {
      if (auto refused = CannotRun(*function->call, context_)) return *refused;
    }
  } else {
    return UnsupportedError("a lateral sub-query", right.range);
  }
  if (correlate.function == nullptr) {
    return ValidationError(fmt::format("No match found for table function {}", name), inner->range);
  }
  for (const ExprPtr& operand : operands) {
    MR_ASSIGN(BoundExpr argument, BindExpr(*operand, scope));
    call.types.push_back(argument->type);
    call.literals.push_back(argument->kind == functions::ExprKind::kLiteral ? &argument->literal : nullptr);
    correlate.arguments.push_back(std::move(argument));
  }
  call.name = correlate.function->name;
  auto fields = correlate.function->infer(call);
  if (!fields.ok()) {
    Error error = fields.error();
    error.range = inner->range;
    return error;
  }
  if (alias != nullptr && alias->columns) {
    if (alias->columns->size() != fields->size()) {
      return ValidationError("List of column aliases must have same degree as table", alias->alias->range);
    }
    for (size_t i = 0; i < fields->size(); ++i) (*fields)[i].name = PathOf(*(*alias->columns)[i]).back();
  }
  Schema right_schema{*fields};
  Schema schema = JoinSchema(left.relation->schema, right_schema, left_outer ? JoinKind::kLeft : JoinKind::kInner);
  Block result;
  result.scope = left.scope;
  result.scope.outer = outer;
  std::vector<std::string> qualifier;
  if (alias != nullptr) qualifier = {PathOf(*alias->alias).back()};
  for (size_t i = 0; i < fields->size(); ++i) {
    result.scope.columns.push_back({qualifier, (*fields)[i].name, schema[left.relation->schema.size() + i].type, -1});
  }
  result.relation = MakeRelation(std::move(correlate), {left.relation}, std::move(schema));
  return result;
}

}  // namespace millrace::sql
