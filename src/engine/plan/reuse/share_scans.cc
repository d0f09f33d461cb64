// Scans of one table become one.
#include <algorithm>
#include <map>
#include <set>

#include "engine/plan/convert/convert.h"
#include "engine/plan/keys.h"
#include "engine/plan/reuse/reuse.h"

namespace millrace::plan {

using functions::ExprPtr;

namespace {

using Path = std::vector<int32_t>;

bool BeginsWith(const Path& whole, const Path& part) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

void CollectNodes(const PhysicalNode& node, std::set<const PhysicalNode*>& nodes) {
  if (!nodes.insert(&node).second) return;
  for (const PhysicalInput& input : node.inputs) CollectNodes(*input.node, nodes);
}

// What a group of scans reads together.
struct Columns {
  std::vector<Path> paths;  // sorted, so that the fields of one row stand together; none begins another
  std::vector<int32_t> metadata;
  Schema schema;  // of both
};

Columns Together(const std::vector<const ScanOrigin*>& scans) {
  std::map<Path, Field> paths;
  std::map<int32_t, Field> metadata;
  for (const ScanOrigin* scan : scans) {
    const Schema& output = scan->node->output;
    for (size_t i = 0; i < scan->paths.size(); ++i) paths.emplace(scan->paths[i], output[i]);
    for (size_t i = 0; i < scan->metadata.size(); ++i)
      metadata.emplace(scan->metadata[i], output[scan->paths.size() + i]);
  }
  Columns columns;
  for (const auto& [path, field] : paths) {  // in order, so a beginning comes before what it begins
    if (!columns.paths.empty() && BeginsWith(path, columns.paths.back())) continue;
    columns.paths.push_back(path);
    columns.schema.fields.push_back(field);
  }
  for (const auto& [column, field] : metadata) {
    columns.metadata.push_back(column);
    columns.schema.fields.push_back(field);
  }
  for (Field& field : columns.schema.fields) field.type = field.type.WithTimeAttribute(TimeAttribute::kNone);
  return columns;
}

// The field at the end of `path` of a row; null when there is no such function or field.
ExprPtr FieldOf(ExprPtr row, const Path& path, size_t from) {
  const functions::ScalarFunction* field = functions::FindScalarFunction("FIELD");
  for (size_t i = from; i < path.size(); ++i) {
    if (field == nullptr || !row->type.Is(TypeKind::kRow)) return nullptr;
    DataType type = row->type.fields()[static_cast<size_t>(path[i])].type;
    if (row->type.nullable()) type = type.Nullable();
    ExprPtr index = functions::MakeLiteral(Value::Int(path[i]), DataType::Int().NotNull());
    row = functions::MakeCall(field, {std::move(row), std::move(index)}, std::move(type));
  }
  return row;
}

// The columns of a scan over those of the common source; empty when one cannot be had.
std::vector<ExprPtr> ProjectionOf(const ScanOrigin& scan, const Columns& columns) {
  std::vector<ExprPtr> exprs;
  auto column = [&](size_t place) {
    return functions::MakeColumn(static_cast<int32_t>(place), columns.schema[place].type);
  };
  for (const Path& path : scan.paths) {
    auto found = std::find_if(columns.paths.begin(), columns.paths.end(),
                              [&](const Path& whole) { return BeginsWith(path, whole); });
    ExprPtr expr = FieldOf(column(static_cast<size_t>(found - columns.paths.begin())), path, found->size());
    if (expr == nullptr) return {};
    exprs.push_back(std::move(expr));
  }
  for (int32_t wanted : scan.metadata) {
    auto found = std::find(columns.metadata.begin(), columns.metadata.end(), wanted);
    exprs.push_back(column(columns.paths.size() + static_cast<size_t>(found - columns.metadata.begin())));
  }
  return exprs;
}

// The source of a table that gives these columns; null when it cannot.
Result<std::shared_ptr<connectors::TableSource>> MakeSource(const sql::ScanRelation& scan, const Columns& columns,
                                                            const PlanContext& context) {
  MR_ASSIGN(connectors::TableSpec table, TableSpecOf(*scan.table, scan.hint_options, false));
  MR_ASSIGN(const connectors::Connector* connector, ConnectorOf(table));
  MR_ASSIGN(std::unique_ptr<connectors::TableSource> made, connector->make_source(table, context.connector));
  std::shared_ptr<connectors::TableSource> source = std::move(made);
  bool nested =
      std::any_of(columns.paths.begin(), columns.paths.end(), [](const Path& path) { return path.size() > 1; });
  if (nested) {
    bool fits =
        columns.metadata.empty() && source->ApplyProjection({}, {}) && source->ApplyNestedProjection(columns.paths);
    return fits ? source : nullptr;
  }
  std::vector<int32_t> physical;
  for (const Path& path : columns.paths) physical.push_back(path[0]);
  if (source->ApplyProjection(physical, columns.metadata)) return source;
  bool all = physical.size() == table.physical.size() && columns.metadata.size() == table.metadata.size();
  return all ? source : nullptr;
}

std::vector<int32_t> KeyOf(const connectors::TableSpec& table, const Columns& columns) {
  std::vector<int32_t> key;
  for (const std::string& name : table.primary_key) {
    auto found = std::find(columns.paths.begin(), columns.paths.end(), Path{table.physical.Find(name)});
    if (found == columns.paths.end()) return {};
    key.push_back(static_cast<int32_t>(found - columns.paths.begin()));
  }
  std::sort(key.begin(), key.end());
  return key;
}

// The source is added to `made`.
Status ShareGroup(const std::vector<const ScanOrigin*>& scans, const PlanContext& context,
                  std::vector<ScanOrigin>& made) {
  Columns columns = Together(scans);
  const SourceSpec& first = std::get<SourceSpec>(scans[0]->node->spec);
  SourceSpec shared{nullptr, first.table, false, nullptr, first.rowtime, 0};
  std::vector<std::vector<ExprPtr>> projections;
  for (const ScanOrigin* scan : scans) {
    projections.push_back(ProjectionOf(*scan, columns));
    if (projections.back().size() != scan->node->output.size()) return Status::Ok();
    const SourceSpec& spec = std::get<SourceSpec>(scan->node->spec);
    shared.idle_timeout_ms = std::max(shared.idle_timeout_ms, spec.idle_timeout_ms);
    if (!spec.watermark_in_source) continue;
    ExprPtr watermark = functions::SubstituteColumns(spec.watermark, projections.back());
    if (shared.watermark != nullptr && !functions::SameExpr(*shared.watermark, *watermark)) return Status::Ok();
    shared.watermark_in_source = true;
    shared.watermark = std::move(watermark);
  }
  MR_ASSIGN(shared.source, MakeSource(scans[0]->scan, columns, context));
  if (shared.source == nullptr) return Status::Ok();
  MR_ASSIGN(connectors::TableSpec table, TableSpecOf(*scans[0]->scan.table, scans[0]->scan.hint_options, false));
  std::vector<int32_t> key = KeyOf(table, columns);
  PhysicalPtr source = MakeNode(std::move(shared), {}, columns.schema, scans[0]->node->mode);
  if (!key.empty()) source->unique_keys = source->upsert_keys = {key};
  made.push_back({source, scans[0]->scan, columns.paths, columns.metadata});
  for (size_t i = 0; i < scans.size(); ++i) {
    PhysicalNode& node = *scans[i]->node;
    node.spec = CalcSpec{nullptr, std::move(projections[i])};
    node.inputs = {{source, Distribution::kForward, {}}};
    DeriveKeys(node);
  }
  return Status::Ok();
}

}  // namespace

Status ShareScans(const PhysicalPlan& plan, std::vector<ScanOrigin>& scans, const PlanContext& context) {
  std::set<const PhysicalNode*> used;
  for (const PhysicalPtr& sink : plan.sinks) CollectNodes(*sink, used);
  std::map<std::pair<const catalog::Table*, OptionMap>, std::vector<const ScanOrigin*>> groups;
  for (const ScanOrigin& scan : scans) {
    if (used.contains(scan.node.get())) groups[{scan.scan.table.get(), scan.scan.hint_options}].push_back(&scan);
  }
  std::vector<ScanOrigin> made;
  for (const auto& [table, group] : groups) {
    if (group.size() > 1) MR_RETURN_IF_ERROR(ShareGroup(group, context, made));
  }
  scans.insert(scans.end(), made.begin(), made.end());
  return Status::Ok();
}

}  // namespace millrace::plan
