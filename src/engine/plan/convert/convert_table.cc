// Tables: sources with projection and watermark push-down, and sinks.
#include <fmt/format.h>

#include <algorithm>

#include "engine/plan/convert/convert.h"
#include "engine/plan/convert/table_checks.h"
#include "engine/plan/keys.h"
#include "engine/plan/rewrite/rewrite.h"
#include "types/cast.h"

namespace millrace::plan {

using functions::ExprKind;
using functions::ExprPtr;

Result<connectors::TableSpec> TableSpecOf(const catalog::Table& table, const OptionMap& hints, bool for_sink) {
  connectors::TableSpec spec;
  spec.name = table.name.Dotted();
  for (const catalog::TableColumn& column : table.columns) {
    if (column.kind == catalog::ColumnKind::kPhysical)
      spec.physical.fields.push_back({column.name, column.type, column.comment});
    bool wanted = column.kind == catalog::ColumnKind::kMetadata && !(for_sink && column.is_virtual);
    if (wanted) spec.metadata.push_back({column.metadata_key, column.type});
  }
  spec.primary_key = table.primary_key;
  spec.partition_keys = table.partition_keys;
  spec.options = table.options;
  for (const auto& [key, value] : hints) spec.options[key] = value;
  return spec;
}

Result<const connectors::Connector*> ConnectorOf(const connectors::TableSpec& table) {
  auto found = table.options.find("connector");
  if (found == table.options.end()) {
    return UserError("option.missing",
                     fmt::format("Table '{}' has no option 'connector': it cannot be read or written", table.name),
                     table.options.contains("connector.type")
                         ? "the legacy option 'connector.type' is not supported; write 'connector'"
                         : "add WITH ('connector' = '…')");
  }
  return connectors::FindConnector(found->second);
}

namespace {

// Which stored columns of the table are metadata, and the position of each among its kind.
struct StoredColumn {
  bool metadata = false;
  int32_t position = 0;
  const catalog::TableColumn* column = nullptr;
};

std::vector<StoredColumn> StoredColumns(const catalog::Table& table) {
  std::vector<StoredColumn> columns;
  int32_t physical = 0;
  int32_t metadata = 0;
  for (const catalog::TableColumn& column : table.columns) {
    if (column.kind == catalog::ColumnKind::kComputed) continue;
    bool is_metadata = column.kind == catalog::ColumnKind::kMetadata;
    columns.push_back({is_metadata, is_metadata ? metadata++ : physical++, &column});
  }
  return columns;
}

// The connector's own type of a metadata key.
Result<DataType> MetadataType(const connectors::Connector& connector, const connectors::TableSpec& table,
                              const std::string& key) {
  std::vector<connectors::Connector::Metadata> known;
  if (connector.metadata != nullptr) {
    MR_ASSIGN(known, connector.metadata(table));
  }
  std::string names;
  for (const auto& entry : known) {
    if (entry.key == key) return entry.type;
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", entry.key);
  }
  return UserError("table.metadata", fmt::format("Invalid metadata key '{}' in table '{}'", key, table.name),
                   names.empty() ? fmt::format("connector '{}' has no metadata", connector.name)
                                 : fmt::format("the keys are: {}", names));
}

// The same, of a column whose declared type fits it.
Result<DataType> CheckedMetadataType(const connectors::Connector& connector, const connectors::TableSpec& table,
                                     const catalog::TableColumn& column, bool for_sink) {
  MR_ASSIGN(DataType type, MetadataType(connector, table, column.metadata_key));
  MR_RETURN_IF_ERROR(CheckMetadataType(table.name, column, type, for_sink));
  return type;
}

// Positions of the primary key among the stored columns; empty: no key.
std::vector<int32_t> StoredKey(const catalog::Table& table, const std::vector<StoredColumn>& stored) {
  std::vector<int32_t> key;
  for (const std::string& name : table.primary_key) {
    for (size_t i = 0; i < stored.size(); ++i) {
      if (!stored[i].metadata && stored[i].column->name == name) key.push_back(static_cast<int32_t>(i));
    }
  }
  return key;
}

// Where each of `some` stands in `all`; empty when one is missing.
std::vector<int32_t> PlacesIn(const std::vector<int32_t>& all, const std::vector<int32_t>& some) {
  std::vector<int32_t> places;
  for (int32_t column : some) {
    auto found = std::find(all.begin(), all.end(), column);
    if (found == all.end()) return {};
    places.push_back(static_cast<int32_t>(found - all.begin()));
  }
  return places;
}

}  // namespace

// The node that reads `wanted` stored columns, and a Calc over it that gives them in this order, metadata cast to the
// declared types.
Result<Planned> Converter::ReadColumns(const sql::ScanRelation& scan, const std::vector<int32_t>& wanted,
                                       const Schema& schema) {
  MR_ASSIGN(connectors::TableSpec table, TableSpecOf(*scan.table, scan.hint_options, false));
  MR_ASSIGN(const connectors::Connector* connector, ConnectorOf(table));
  std::vector<StoredColumn> stored = StoredColumns(*scan.table);
  std::vector<int32_t> physical;
  std::vector<int32_t> metadata;
  for (int32_t column : wanted) {
    const StoredColumn& entry = stored[static_cast<size_t>(column)];
    (entry.metadata ? metadata : physical).push_back(entry.position);
  }
  MR_ASSIGN(std::unique_ptr<connectors::TableSource> source, connector->make_source(table, context_.connector));
  if (context_.batch && !source->bounded()) {
    return PlanError(fmt::format(
        "Querying an unbounded table '{}' in batch mode is not allowed. The table source is unbounded.", table.name));
  }
  if (context_.batch && !source->changelog_mode().IsInsertOnly()) {
    return PlanError(
        fmt::format("Table '{}' produces changes other than inserts: batch mode cannot read them", table.name),
        "SET 'execution.runtime-mode' = 'streaming'");
  }
  if (!source->ApplyProjection(physical, metadata)) {
    physical.clear();
    metadata.clear();
    for (const StoredColumn& entry : stored) (entry.metadata ? metadata : physical).push_back(entry.position);
  }
  Schema output;
  for (int32_t column : physical) output.fields.push_back(table.physical[static_cast<size_t>(column)]);
  for (int32_t column : metadata) {
    const connectors::MetadataColumn& entry = table.metadata[static_cast<size_t>(column)];
    MR_ASSIGN(DataType type, MetadataType(*connector, table, entry.key));
    output.fields.push_back({entry.key, type, ""});
  }
  ChangelogMode mode = source->changelog_mode();
  Planned planned;
  int64_t idle = context_.GetMillis("table.exec.source.idle-timeout", 0);
  planned.node = MakeNode(SourceSpec{std::shared_ptr<connectors::TableSource>(std::move(source)),
                                     scan.table->name.Dotted(), false, nullptr, -1, idle},
                          {}, output, mode);
  std::vector<int32_t> key;
  for (int32_t column : StoredKey(*scan.table, stored)) key.push_back(stored[static_cast<size_t>(column)].position);
  std::vector<int32_t> places = PlacesIn(physical, key);
  std::sort(places.begin(), places.end());
  if (!places.empty()) planned.node->unique_keys = planned.node->upsert_keys = {places};
  ScanOrigin origin{planned.node, scan, {}, metadata};
  for (int32_t column : physical) origin.paths.push_back({column});
  scans_.push_back(std::move(origin));
  std::vector<ExprPtr> exprs;
  for (int32_t column : wanted) {
    const StoredColumn& entry = stored[static_cast<size_t>(column)];
    const std::vector<int32_t>& list = entry.metadata ? metadata : physical;
    auto place = static_cast<size_t>(std::find(list.begin(), list.end(), entry.position) - list.begin());
    if (entry.metadata) place += physical.size();
    ExprPtr expr = functions::MakeColumn(static_cast<int32_t>(place), output[place].type);
    if (entry.metadata) expr = functions::MakeCast(expr, entry.column->type);
    exprs.push_back(std::move(expr));
  }
  return MakeCalc(planned, nullptr, std::move(exprs), schema);
}

Result<Planned> Converter::ConvertScan(const Relation& relation) {
  const auto& scan = *relation.As<sql::ScanRelation>();
  if (auto part = parts_.find(scan.table); part != parts_.end()) {
    std::vector<ExprPtr> exprs = IdentityExprs(scan.pruned ? Schema{} : relation.schema);
    for (int32_t column : scan.columns)
      exprs.push_back(functions::MakeColumn(column, part->second.node->output[static_cast<size_t>(column)].type));
    return MakeCalc(part->second, nullptr, std::move(exprs), relation.schema);
  }
  MR_ASSIGN(connectors::TableSpec table, TableSpecOf(*scan.table, scan.hint_options, false));
  MR_ASSIGN(const connectors::Connector* connector, ConnectorOf(table));
  if (connector->make_source == nullptr) {
    return UserError(
        "connector.no_source",
        fmt::format("Connector '{}' can only be used as a sink. It cannot be used as a source.", connector->name));
  }
  std::vector<StoredColumn> stored = StoredColumns(*scan.table);
  std::vector<int32_t> wanted = scan.columns;
  if (!scan.pruned) {
    for (size_t i = 0; i < stored.size(); ++i) wanted.push_back(static_cast<int32_t>(i));
  }
  MR_ASSIGN(std::unique_ptr<connectors::TableSource> probe, connector->make_source(table, context_.connector));
  ChangelogMode mode = probe->changelog_mode();
  MR_RETURN_IF_ERROR(CheckSourceMode(table.name, mode));
  for (const StoredColumn& entry : stored) {
    if (!entry.metadata) continue;
    MR_RETURN_IF_ERROR(CheckedMetadataType(*connector, table, *entry.column, false));
  }
  std::vector<int32_t> key = StoredKey(*scan.table, stored);
  bool upserts = mode.update_after && !mode.update_before;
  bool repeats = !mode.IsInsertOnly() && context_.GetBool("table.exec.source.cdc-events-duplicate", false);
  if (context_.batch || (!upserts && !repeats)) return ReadColumns(scan, wanted, relation.schema);
  if (key.empty()) {
    return PlanError(
        fmt::format("Table '{}' produces {} but has no PRIMARY KEY", table.name,
                    upserts ? "updates without the rows that they replace" : "changes that may come twice"),
        "declare PRIMARY KEY (…) NOT ENFORCED");
  }
  // Changes are completed by key: its columns are read whether the query wants them or not.
  Schema wide = relation.schema;
  for (int32_t column : key) {
    if (std::find(wanted.begin(), wanted.end(), column) != wanted.end()) continue;
    wanted.push_back(column);
    const catalog::TableColumn& added = *stored[static_cast<size_t>(column)].column;
    wide.fields.push_back({added.name, added.type, ""});
  }
  MR_ASSIGN(Planned read, ReadColumns(scan, wanted, wide));
  std::vector<int32_t> places = PlacesIn(wanted, key);
  Planned normalized;
  normalized.hash_keys = places;
  normalized.node = MakeNode(ChangelogNormalizeSpec{places, true, context_.GetMillis("table.exec.state.ttl", 0)},
                             {KeyedInput(read, places)}, wide, AllChanges());
  std::vector<ExprPtr> exprs = IdentityExprs(relation.schema);
  return MakeCalc(normalized, nullptr, std::move(exprs), relation.schema);
}

Result<Planned> Converter::ConvertNestedScan(const Relation& relation, const ExprPtr& condition,
                                             const std::vector<ExprPtr>& projection, const Schema& output) {
  const auto& scan = *relation.As<sql::ScanRelation>();
  if (parts_.contains(scan.table)) return Planned{};
  std::vector<FieldAccess> accesses;
  std::vector<ExprPtr> access_exprs;
  for (const ExprPtr& expr : projection) CollectFieldAccesses(expr, accesses, &access_exprs);
  if (condition) CollectFieldAccesses(condition, accesses, &access_exprs);
  // Sorted, so that the fields of one row stand together: decoders count on it.
  std::map<FieldAccess, int32_t> columns;
  std::map<FieldAccess, DataType> types;
  for (size_t i = 0; i < accesses.size(); ++i) types.emplace(accesses[i], access_exprs[i]->type);
  std::vector<std::vector<int32_t>> paths;
  Schema schema;
  bool nested = false;
  std::vector<StoredColumn> stored = StoredColumns(*scan.table);
  for (const auto& [access, type] : types) {
    auto at = static_cast<size_t>(access.column);
    const StoredColumn& column = stored[scan.pruned ? static_cast<size_t>(scan.columns[at]) : at];
    if (column.metadata) return Planned{};
    nested = nested || !access.path.empty();
    columns.emplace(access, static_cast<int32_t>(paths.size()));
    std::vector<int32_t> path{column.position};
    path.insert(path.end(), access.path.begin(), access.path.end());
    paths.push_back(std::move(path));
    std::string name = fmt::format("{}{}", relation.schema[at].name, fmt::join(access.path, "."));
    schema.fields.push_back({std::move(name), type, ""});
  }
  for (const auto& [a, position] : columns) {
    for (const auto& [b, other] : columns) {
      bool inside = position != other && a.column == b.column && b.path.size() <= a.path.size() &&
                    std::equal(b.path.begin(), b.path.end(), a.path.begin());
      if (inside) return Planned{};  // the whole row is read too
    }
  }
  if (!nested) return Planned{};
  MR_ASSIGN(connectors::TableSpec table, TableSpecOf(*scan.table, scan.hint_options, false));
  MR_ASSIGN(const connectors::Connector* connector, ConnectorOf(table));
  if (connector->make_source == nullptr) return Planned{};
  MR_ASSIGN(std::unique_ptr<connectors::TableSource> source, connector->make_source(table, context_.connector));
  bool fits = source->changelog_mode().IsInsertOnly() && !(context_.batch && !source->bounded());
  if (!fits || !source->ApplyProjection({}, {}) || !source->ApplyNestedProjection(paths)) return Planned{};
  Planned planned;
  int64_t idle = context_.GetMillis("table.exec.source.idle-timeout", 0);
  planned.node = MakeNode(SourceSpec{std::shared_ptr<connectors::TableSource>(std::move(source)),
                                     scan.table->name.Dotted(), false, nullptr, -1, idle},
                          {}, std::move(schema), ChangelogMode::InsertOnly());
  scans_.push_back({planned.node, scan, std::move(paths), {}});
  std::vector<ExprPtr> exprs;
  for (const ExprPtr& expr : projection) exprs.push_back(ReplaceFieldAccesses(expr, columns));
  return MakeCalc(planned, condition ? ReplaceFieldAccesses(condition, columns) : nullptr, std::move(exprs), output);
}

Result<Planned> Converter::ConvertWatermark(const Relation& relation) {
  const auto& watermark = *relation.As<sql::WatermarkRelation>();
  MR_ASSIGN(Planned input, Convert(relation.inputs[0]));
  if (context_.batch) {  // a bounded input is complete: nothing is late, and only its end counts
    return MakeCalc(input, nullptr, IdentityExprs(relation.schema), relation.schema);
  }
  int64_t idle = context_.GetMillis("table.exec.source.idle-timeout", 0);
  int64_t interval = context_.GetMillis("pipeline.auto-watermark-interval", 200);
  // Sources whose splits have watermarks of their own take the expression over their own columns.
  PhysicalPtr source = input.node;
  ExprPtr expr = watermark.watermark;
  if (const auto* calc = std::get_if<CalcSpec>(&source->spec); calc != nullptr && !calc->condition) {
    expr = functions::SubstituteColumns(expr, calc->projection);
    source = source->inputs[0].node;
  }
  Planned planned = input;
  if (auto* spec = std::get_if<SourceSpec>(&source->spec); spec != nullptr && spec->source->watermark_per_split()) {
    spec->watermark_in_source = true;
    spec->watermark = expr;
    spec->idle_timeout_ms = idle;
    input.node->output = relation.schema;
    return input;
  }
  planned.node = MakeNode(WatermarkSpec{watermark.rowtime, watermark.watermark, idle, interval}, {ForwardInput(input)},
                          relation.schema, input.node->mode);
  return planned;
}

namespace {

// Positions, in the sink's input, of its primary key.
std::vector<int32_t> SinkKey(const sql::SinkRelation& sink, const Schema& input) {
  std::vector<int32_t> key;
  for (const std::string& name : sink.table->primary_key) key.push_back(input.Find(name));
  return key;
}

// Whether the sink must keep the rows itself to know what each change leaves: by Flink's rule, when its key holds no
// key by which the query's changes are ordered.
bool MustMaterialize(const PhysicalNode& query, const ChangelogMode& accepted, const std::vector<int32_t>& key,
                     const std::string& option) {
  if (key.empty() || option == "NONE") return false;
  if (option == "FORCE") return true;
  if (query.mode.IsInsertOnly() || accepted.IsInsertOnly()) return false;
  return std::none_of(query.upsert_keys.begin(), query.upsert_keys.end(),
                      [&](const std::vector<int32_t>& known) { return ContainsAll(key, known); });
}

// How rows reach a sink with this primary key (in the order of its columns; empty: none), and what of `spec` hangs on
// it.
Result<PhysicalInput> SinkInput(const Planned& query, const std::vector<int32_t>& key, SinkSpec& spec,
                                const PlanContext& context) {
  spec.primary_key = key;
  std::sort(spec.primary_key.begin(), spec.primary_key.end());
  if (key.empty() || context.batch) return ForwardInput(query);
  const PhysicalNode& node = *query.node;
  ChangelogMode changes = node.mode;
  changes.update_before = changes.update_after = node.mode.HasUpdates();
  MR_ASSIGN(ChangelogMode accepted, spec.sink->AcceptedMode(changes));
  if (MustMaterialize(node, accepted, key, context.Get("table.exec.sink.upsert-materialize", "AUTO"))) {
    spec.upsert_materialize_key = key;
    const auto& known = node.upsert_keys;
    auto shortest =
        std::min_element(known.begin(), known.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
    if (shortest != known.end()) spec.input_upsert_key = *shortest;
  }
  bool by_key = !node.mode.IsInsertOnly() && !accepted.update_before;
  return by_key || !spec.upsert_materialize_key.empty() ? KeyedInput(query, key) : ForwardInput(query);
}

}  // namespace

Result<PhysicalPtr> Converter::ConvertRoot(const RelationPtr& root) {
  const auto* sink = root->As<sql::SinkRelation>();
  if (sink == nullptr) {
    MR_ASSIGN(Planned query, Convert(root));
    SinkSpec spec;
    for (const Field& field : root->schema.fields) spec.not_null.push_back(!field.type.nullable());
    spec.drop_null_rows = context_.Get("table.exec.sink.not-null-enforcer", "ERROR") == "DROP";
    return MakeNode(std::move(spec), {ForwardInput(query)}, root->schema, query.node->mode);
  }
  MR_ASSIGN(Planned query, Convert(root->inputs[0]));
  MR_ASSIGN(connectors::TableSpec table, TableSpecOf(*sink->table, sink->hint_options, true));
  MR_ASSIGN(const connectors::Connector* connector, ConnectorOf(table));
  if (connector->make_sink == nullptr) {
    return UserError(
        "connector.no_sink",
        fmt::format("Connector '{}' can only be used as a source. It cannot be used as a sink.", connector->name));
  }
  connectors::ConnectorContext own = context_.connector;
  if (own.seed != 0) own.seed += sinks_made_++ * 0x9E3779B97F4A7C15ULL;  // two sinks of a table name their files apart
  MR_ASSIGN(std::unique_ptr<connectors::TableSink> made, connector->make_sink(table, own));
  // Physical columns first, then metadata: what the connector expects.
  std::vector<ExprPtr> exprs;
  Schema ordered;
  for (bool metadata : {false, true}) {
    size_t i = 0;
    for (const catalog::TableColumn& column : sink->table->columns) {
      bool persisted = column.kind == catalog::ColumnKind::kPhysical ||
                       (column.kind == catalog::ColumnKind::kMetadata && !column.is_virtual);
      if (!persisted) continue;
      if ((column.kind == catalog::ColumnKind::kMetadata) == metadata) {
        exprs.push_back(functions::MakeColumn(static_cast<int32_t>(i), root->inputs[0]->schema[i].type));
        if (metadata) {
          MR_ASSIGN(DataType type, CheckedMetadataType(*connector, table, column, true));
          exprs.back() = functions::MakeCast(exprs.back(), type.WithNullable(exprs.back()->type.nullable()));
        }
        ordered.fields.push_back({column.name, exprs.back()->type, ""});
      }
      ++i;
    }
  }
  query = MakeCalc(query, nullptr, std::move(exprs), ordered);
  SinkSpec spec;
  spec.sink = std::move(made);
  spec.table = table.name;
  spec.blackhole = connector->name == "blackhole";
  spec.drop_null_rows = context_.Get("table.exec.sink.not-null-enforcer", "ERROR") == "DROP";
  spec.enforce_lengths = context_.Get("table.exec.sink.type-length-enforcer", "IGNORE") == "TRIM_PAD";
  spec.ttl_ms = context_.GetMillis("table.exec.state.ttl", 0);
  for (const Field& field : ordered.fields) {
    spec.not_null.push_back(!sink->table->FindColumn(field.name)->type.nullable());
  }
  std::vector<int32_t> key = SinkKey(*sink, ordered);
  MR_ASSIGN(PhysicalInput input, SinkInput(query, key, spec, context_));
  ChangelogMode mode = query.node->mode;
  return MakeNode(std::move(spec), {input}, ordered, mode);
}

}  // namespace millrace::plan
