// INSERT: the query's columns matched with the table's, cast, and defaults for those that are not named.
#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/query_binder.h"
#include "engine/sql/query_hints.h"
#include "types/cast.h"

namespace millrace::sql {
namespace {

// Columns that INSERT writes: physical ones and metadata columns that are not virtual.
std::vector<const catalog::TableColumn*> PersistedColumns(const catalog::Table& table) {
  std::vector<const catalog::TableColumn*> columns;
  for (const catalog::TableColumn& column : table.columns) {
    bool persisted = column.kind == catalog::ColumnKind::kPhysical ||
                     (column.kind == catalog::ColumnKind::kMetadata && !column.is_virtual);
    if (persisted) columns.push_back(&column);
  }
  return columns;
}

std::string SchemaText(const Schema& schema) {
  std::string text = "[";
  for (size_t i = 0; i < schema.size(); ++i) {
    text += fmt::format("{}{}: {}", i > 0 ? ", " : "", schema[i].name, schema[i].type.ToString());
  }
  return text + "]";
}

// The type with everything nullable: whether columns hold NULL is checked when rows are written.
DataType DeepNullable(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kArray:
      return DataType::Array(DeepNullable(type.element()));
    case TypeKind::kMultiset:
      return DataType::Multiset(DeepNullable(type.element()));
    case TypeKind::kMap:
      return DataType::Map(DeepNullable(type.key()), DeepNullable(type.value()));
    case TypeKind::kRow: {
      std::vector<Field> fields = type.fields();
      for (Field& field : fields) field.type = DeepNullable(field.type);
      return DataType::Row(std::move(fields));
    }
    case TypeKind::kNull:
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return type.Nullable();
  }
  return type.Nullable();
}

// Whether the sink takes values of the type as they are: equal types, or a shorter text.
bool FitsUncast(const DataType& from, const DataType& to) {
  if (from.SameIgnoringNullability(to)) return true;
  bool text = from.IsString() && to.Is(TypeKind::kVarchar);
  bool bytes = from.IsBinaryString() && to.Is(TypeKind::kVarbinary);
  return (text || bytes) && from.length() <= to.length();
}

Error Mismatch(const catalog::Table& table, const std::string& cause, const Schema& query, const Schema& sink,
               SourceRange range) {
  return ValidationError(
      fmt::format(
          "Column types of query result and sink for '{}' do not match. Cause: {}. Query schema: {} Sink schema:  {}",
          table.name.Dotted(), cause, SchemaText(query), SchemaText(sink)),
      range);
}

Result<BoundExpr> StaticPartitionValue(const PartitionItem& item, const DataType& type) {
  MR_ASSIGN(BoundExpr literal, BindLiteral(*item.value));
  if (!CanCast(literal->type, type)) {
    return ValidationError(
        fmt::format("the partition value for '{}' is no {}", PathOf(*item.column).back(), type.ToString()),
        item.value->range);
  }
  return functions::MakeCast(literal, type.WithNullable(literal->type.nullable()));
}

// Where each persisted column takes its value from: a query column, a static partition value, or NULL.
struct Target {
  std::vector<int32_t> from;         // query column, -1: not from the query
  std::vector<BoundExpr> constants;  // for -1
  std::vector<int32_t> written;      // persisted columns that are written, when not all are
};

Result<Target> MatchColumns(const Insert& insert, const catalog::Table& table,
                            const std::vector<const catalog::TableColumn*>& columns, const Schema& query,
                            const Schema& sink) {
  Target target;
  target.from.assign(columns.size(), -1);
  target.constants.resize(columns.size());
  for (const PartitionItem& item : insert.partition) {
    std::string name = PathOf(*item.column).back();
    int32_t column = sink.Find(name);
    if (column < 0)
      return ValidationError(fmt::format("Column '{}' not found in table '{}'", name, table.name.Dotted()),
                             item.column->range);
    if (std::find(table.partition_keys.begin(), table.partition_keys.end(), name) == table.partition_keys.end()) {
      return ValidationError(fmt::format("Static partition column '{}' should be in the partition fields list [{}]",
                                         name, fmt::join(table.partition_keys, ", ")),
                             item.column->range, "PARTITION names columns of the table's PARTITIONED BY");
    }
    if (!item.value) continue;
    MR_ASSIGN(target.constants[static_cast<size_t>(column)],
              StaticPartitionValue(item, sink[static_cast<size_t>(column)].type));
  }
  int32_t next = 0;
  auto width = static_cast<int32_t>(query.size());
  if (insert.columns.empty()) {
    for (size_t i = 0; i < columns.size(); ++i) {
      if (!target.constants[i]) target.from[i] = next++;
    }
    if (next != width) return Mismatch(table, "Different number of columns", query, sink, insert.source->range);
    return target;
  }
  for (const IdentifierPtr& name : insert.columns) {
    std::string written = PathOf(*name).back();
    int32_t column = sink.Find(written);
    if (column < 0) return ValidationError(fmt::format("Unknown target column '{}'", written), name->range);
    if (target.from[static_cast<size_t>(column)] >= 0) {
      return ValidationError(fmt::format("Target column '{}' is assigned more than once", written), name->range);
    }
    target.from[static_cast<size_t>(column)] = next++;
    target.written.push_back(column);
  }
  if (next != width) return Mismatch(table, "Different number of columns", query, sink, insert.source->range);
  for (size_t i = 0; i < columns.size(); ++i) {
    if (target.from[i] >= 0 || target.constants[i]) continue;
    if (!columns[i]->type.nullable()) {
      return ValidationError(fmt::format("Column '{}' has no default value and does not allow NULLs", columns[i]->name),
                             insert.range);
    }
    target.constants[i] = functions::MakeLiteral(Value::Null(), columns[i]->type);
  }
  return target;
}

// The query's columns in the order and with the types of the sink's. Names stay the query's, as Flink has it, unless
// something is cast.
Result<RelationPtr> CastToSink(const catalog::Table& table, const std::vector<const catalog::TableColumn*>& columns,
                               const RelationPtr& query, const Target& target, const Schema& sink,
                               const Insert& insert) {
  std::vector<BoundExpr> exprs;
  std::vector<std::string> names;
  std::vector<std::string> sink_names;
  bool identity = query->schema.size() == columns.size();
  bool cast = false;
  for (size_t i = 0; i < columns.size(); ++i) {
    sink_names.push_back(columns[i]->name);
    if (target.from[i] < 0) {
      identity = false;
      exprs.push_back(target.constants[i]);
      names.push_back(fmt::format("EXPR${}", i));
      continue;
    }
    BoundExpr value = ColumnOf(query, target.from[i]);
    const std::string& name = query->schema[static_cast<size_t>(target.from[i])].name;
    names.push_back(name.starts_with("EXPR$") ? fmt::format("EXPR${}", i) : name);
    DataType to = DeepNullable(columns[i]->type);
    if (!value->type.Is(TypeKind::kNull) && !CanCastImplicitly(value->type, to)) {
      return Mismatch(table, fmt::format("Incompatible types for sink column '{}' at position {}", columns[i]->name, i),
                      query->schema, sink, insert.source->range);
    }
    cast = cast || !FitsUncast(value->type, to);
    identity = identity && target.from[i] == static_cast<int32_t>(i) && value->type.SameIgnoringNullability(to);
    exprs.push_back(functions::MakeCast(value, to.WithNullable(value->type.nullable())));
  }
  return identity ? query
                  : ProjectRelationOf(query, std::move(exprs), cast ? sink_names : UniqueNames(std::move(names)));
}

}  // namespace

Result<RelationPtr> BindInsert(const Insert& insert, const BindContext& context) {
  std::vector<std::string> path = PathOf(*insert.table->name);
  catalog::TablePtr table = context.catalogs->FindTable(path);
  if (table == nullptr) {
    auto known =
        context.catalogs->ListTables(context.catalogs->current_catalog(), context.catalogs->current_database());
    auto nearest = NearestWord(path.back(), known);
    return ValidationError(fmt::format("Cannot find table '{}' in any of the catalogs", fmt::join(path, ".")),
                           insert.table->name->range,
                           nearest ? fmt::format("did you mean '{}'?", *nearest) : "SHOW TABLES lists what there is");
  }
  if (table->is_view)
    return ValidationError(fmt::format("'{}' is a view; rows cannot be inserted", table->name.Dotted()),
                           insert.table->name->range);
  MR_RETURN_IF_ERROR(CheckHints(insert.table->hints));
  QueryBinder binder(context);
  binder.SetTarget(*insert.source);
  MR_ASSIGN(RelationPtr query, binder.Bind(*insert.source, nullptr));
  std::vector<const catalog::TableColumn*> columns = PersistedColumns(*table);
  Schema sink;
  for (const catalog::TableColumn* column : columns) sink.fields.push_back({column->name, column->type, ""});
  MR_ASSIGN(Target target, MatchColumns(insert, *table, columns, query->schema, sink));
  MR_ASSIGN(RelationPtr input, CastToSink(*table, columns, query, target, sink, insert));
  SinkRelation relation;
  relation.table = table;
  relation.target_columns = target.written;
  relation.overwrite = insert.overwrite;
  for (const PartitionItem& item : insert.partition) {
    if (item.value) relation.static_partition[PathOf(*item.column).back()] = item.value->text;
  }
  for (const Hint& hint : insert.table->hints) {
    if (HintName(hint) != "OPTIONS") continue;
    MR_ASSIGN(OptionMap options, KeyValuesOf(hint));
    relation.hint_options.insert(options.begin(), options.end());
  }
  return MakeRelation(std::move(relation), {input}, sink);
}

}  // namespace millrace::sql
