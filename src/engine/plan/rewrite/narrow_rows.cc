// Fields of ROW columns are taken out as near to the scan as can be, so that sources need not make whole rows:
// Project(FIELD(bid, price)) over Watermark over Scan becomes Project(price) over Watermark over Project(FIELD(bid,
// price)) over Scan.
#include <fmt/format.h>

#include <map>

#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {

using functions::ExprKind;
using functions::ExprPtr;

// The column and the path of a chain FIELD(FIELD(column, i), j); nothing for other expressions.
std::optional<FieldAccess> ReadFieldAccess(const functions::Expr& expr) {
  if (expr.kind == ExprKind::kColumn) return FieldAccess{expr.index, {}};
  bool field =
      expr.kind == ExprKind::kCall && expr.function->name == "FIELD" && expr.args[1]->kind == ExprKind::kLiteral;
  if (!field) return std::nullopt;
  std::optional<FieldAccess> inner = ReadFieldAccess(*expr.args[0]);
  if (inner) inner->path.push_back(static_cast<int32_t>(expr.args[1]->literal.AsInt()));
  return inner;
}

void CollectFieldAccesses(const ExprPtr& expr, std::vector<FieldAccess>& out, std::vector<ExprPtr>* exprs) {
  if (std::optional<FieldAccess> access = ReadFieldAccess(*expr)) {
    out.push_back(*access);
    if (exprs != nullptr) exprs->push_back(expr);
    return;
  }
  for (const ExprPtr& arg : expr->args) CollectFieldAccesses(arg, out, exprs);
}

ExprPtr ReplaceFieldAccesses(const ExprPtr& expr, const std::map<FieldAccess, int32_t>& columns) {
  if (std::optional<FieldAccess> access = ReadFieldAccess(*expr)) {
    return functions::MakeColumn(columns.at(*access), expr->type);
  }
  if (expr->args.empty()) return expr;
  auto copy = std::make_shared<functions::Expr>(*expr);
  for (ExprPtr& arg : copy->args) arg = ReplaceFieldAccesses(arg, columns);
  return copy;
}

namespace {

bool BeginsWith(const FieldAccess& whole, const FieldAccess& part) {
  return whole.column == part.column && part.path.size() <= whole.path.size() &&
         std::equal(part.path.begin(), part.path.end(), whole.path.begin());
}

// Project [Filter] over Watermark over anything: see above. The tree itself where there is nothing to gain.
RelationPtr Narrow(const Relation& project, const Relation* filter, const Relation& watermark_node) {
  const auto& watermark = *watermark_node.As<sql::WatermarkRelation>();
  std::vector<ExprPtr> above = project.As<sql::ProjectRelation>()->exprs;
  if (filter != nullptr) above.push_back(filter->As<sql::FilterRelation>()->condition);
  std::vector<FieldAccess> accesses;
  std::vector<ExprPtr> access_exprs;
  for (const ExprPtr& expr : above) CollectFieldAccesses(expr, accesses, &access_exprs);
  std::vector<FieldAccess> by_watermark;
  std::vector<ExprPtr> watermark_exprs;
  CollectFieldAccesses(watermark.watermark, by_watermark, &watermark_exprs);
  ExprPtr rowtime =
      functions::MakeColumn(watermark.rowtime, watermark_node.schema[static_cast<size_t>(watermark.rowtime)].type);
  by_watermark.push_back({watermark.rowtime, {}});
  watermark_exprs.push_back(rowtime);
  accesses.insert(accesses.end(), by_watermark.begin(), by_watermark.end());
  access_exprs.insert(access_exprs.end(), watermark_exprs.begin(), watermark_exprs.end());
  bool gain = false;
  for (const FieldAccess& access : accesses) gain = gain || !access.path.empty();
  for (const FieldAccess& a : accesses) {
    for (const FieldAccess& b : accesses) gain = gain && (a == b || !BeginsWith(a, b));
  }
  if (!gain) return nullptr;
  const RelationPtr& base = watermark_node.inputs[0];
  std::map<FieldAccess, int32_t> columns;
  std::vector<ExprPtr> exprs;
  Schema schema;
  for (size_t i = 0; i < accesses.size(); ++i) {
    auto [place, fresh] = columns.emplace(accesses[i], static_cast<int32_t>(exprs.size()));
    if (!fresh) continue;
    const Field& root = base->schema[static_cast<size_t>(accesses[i].column)];
    std::string name = root.name;
    DataType type = access_exprs[i]->type;
    for (int32_t step : accesses[i].path) name += fmt::format("_{}", step);
    if (accesses[i].path.empty()) type = root.type;
    exprs.push_back(accesses[i].path.empty() ? functions::MakeColumn(accesses[i].column, root.type) : access_exprs[i]);
    schema.fields.push_back({std::move(name), type, ""});
  }
  RelationPtr fields = sql::MakeRelation(sql::ProjectRelation{std::move(exprs)}, {base}, schema);
  sql::WatermarkRelation narrowed = watermark;
  narrowed.watermark = ReplaceFieldAccesses(watermark.watermark, columns);
  narrowed.rowtime = columns.at({watermark.rowtime, {}});
  schema.fields[static_cast<size_t>(narrowed.rowtime)].type = rowtime->type;
  RelationPtr result = sql::MakeRelation(std::move(narrowed), {fields}, std::move(schema));
  if (filter != nullptr) result = FilterOver(result, {ReplaceFieldAccesses(above.back(), columns)});
  std::vector<ExprPtr> projected;
  for (const ExprPtr& expr : project.As<sql::ProjectRelation>()->exprs)
    projected.push_back(ReplaceFieldAccesses(expr, columns));
  return sql::MakeRelation(sql::ProjectRelation{std::move(projected)}, {result}, project.schema);
}

}  // namespace

RelationPtr NarrowRows(const RelationPtr& root) {
  if (root->As<sql::ProjectRelation>() != nullptr) {
    const Relation* below = root->inputs[0].get();
    const Relation* filter = below->As<sql::FilterRelation>() != nullptr ? below : nullptr;
    if (filter != nullptr) below = filter->inputs[0].get();
    if (below->As<sql::WatermarkRelation>() != nullptr) {
      if (RelationPtr narrowed = Narrow(*root, filter, *below); narrowed != nullptr) return narrowed;
    }
  }
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : root->inputs) inputs.push_back(NarrowRows(input));
  return WithInputs(*root, std::move(inputs));
}

}  // namespace millrace::plan
