// Temporal joins, lookup joins and MATCH_RECOGNIZE: what Flink's planner refuses is refused here with its reason. None
// of them has an operator yet, so that what passes the checks ends in "not there yet".
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/plan/convert/convert.h"
#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {

using functions::ExprKind;
using functions::ExprPtr;

namespace {

Error RefusedAt(SourceRange range, std::string message, std::string hint = {}) {
  Error error = PlanError(std::move(message), std::move(hint));
  error.range = range;
  return error;
}

bool IsCall(const functions::Expr& expr, std::string_view name, size_t args) {
  return expr.kind == ExprKind::kCall && expr.function->name == name && expr.args.size() == args;
}

// a IS NOT DISTINCT FROM b, also where it is written as (a = b) OR (a IS NULL AND b IS NULL).
bool IsNullEqual(const functions::Expr& expr) {
  if (IsCall(expr, "IS NOT DISTINCT FROM", 2)) return true;
  if (expr.kind != ExprKind::kOr || expr.args.size() != 2) return false;
  const functions::Expr* equal = expr.args[0].get();
  const functions::Expr* nulls = expr.args[1].get();
  if (equal->kind == ExprKind::kAnd) std::swap(equal, nulls);
  if (!IsCall(*equal, "=", 2) || nulls->kind != ExprKind::kAnd || nulls->args.size() != 2) return false;
  for (const ExprPtr& side : equal->args) {
    bool tested = std::any_of(nulls->args.begin(), nulls->args.end(), [&](const ExprPtr& test) {
      return IsCall(*test, "IS NULL", 1) && functions::SameExpr(*test->args[0], *side);
    });
    if (!tested) return false;
  }
  return true;
}

// Columns that the condition makes equal: position on the left, position on the right.
struct EqualColumns {
  std::vector<std::pair<int32_t, int32_t>> pairs;
  std::vector<int32_t> constants;  // right columns that equal a constant
  bool any_key = false;            // an equality between the two sides, of columns or not
  bool null_equal = false;
};

EqualColumns ReadEqualities(const ExprPtr& condition, int32_t left_width, int32_t width) {
  EqualColumns result;
  std::vector<ExprPtr> conjuncts;
  SplitAnd(condition, conjuncts);
  for (const ExprPtr& conjunct : conjuncts) {
    result.null_equal = result.null_equal || IsNullEqual(*conjunct);
    if (!IsCall(*conjunct, "=", 2)) continue;
    ExprPtr a = conjunct->args[0];
    ExprPtr b = conjunct->args[1];
    if (UsesOnly(*b, 0, left_width) && UsesOnly(*a, left_width, width)) std::swap(a, b);
    if (!UsesOnly(*a, 0, left_width) || !UsesOnly(*b, left_width, width) || UsesOnly(*b, 0, 0)) continue;
    bool constant = UsesOnly(*a, 0, 0);
    bool columns = b->kind == ExprKind::kColumn && (constant || a->kind == ExprKind::kColumn);
    result.any_key = result.any_key || !constant;
    if (columns && constant) result.constants.push_back(b->index - left_width);
    if (columns && !constant) result.pairs.emplace_back(a->index, b->index - left_width);
  }
  return result;
}

// The table that is read, below projections; with `through_filters` below filters too. Null for another shape.
const sql::ScanRelation* ScanBelow(const Relation& relation, bool through_filters) {
  if (const auto* scan = relation.As<sql::ScanRelation>()) return scan;
  bool passes = relation.As<sql::ProjectRelation>() != nullptr ||
                (through_filters && relation.As<sql::FilterRelation>() != nullptr);
  return passes ? ScanBelow(*relation.inputs[0], through_filters) : nullptr;
}

// Whether the table's connector can be asked for single rows.
bool CanLookUp(const sql::ScanRelation& scan) {
  constexpr std::string_view kLookupConnectors[] = {"values", "jdbc", "hologres"};
  auto connector = scan.table->options.find("connector");
  if (connector == scan.table->options.end()) return false;
  auto disabled = scan.table->options.find("disable-lookup");
  if (disabled != scan.table->options.end() && disabled->second == "true") return false;
  return std::find(std::begin(kLookupConnectors), std::end(kLookupConnectors), connector->second) !=
         std::end(kLookupConnectors);
}

// The table column that each output column of the chain above a scan is; -1 when it is computed.
int32_t TableColumnOf(const Relation& relation, int32_t column) {
  if (relation.As<sql::ScanRelation>() != nullptr || column < 0) return column;
  if (const auto* project = relation.As<sql::ProjectRelation>()) {
    const functions::Expr& expr = *project->exprs[static_cast<size_t>(column)];
    return expr.kind == ExprKind::kColumn ? TableColumnOf(*relation.inputs[0], expr.index) : -1;
  }
  return TableColumnOf(*relation.inputs[0], column);
}

Status CheckLookupJoin(const sql::TemporalRelation& join, const Relation& right, const sql::ScanRelation& scan,
                       const EqualColumns& equal) {
  if (equal.null_equal) {
    return RefusedAt(
        join.range,
        "LookupJoin doesn't support join condition contains 'a IS NOT DISTINCT FROM b' (or alternative '(a "
        "= b) or (a IS NULL AND b IS NULL)')",
        "compare with =");
  }
  bool has_key = std::any_of(equal.pairs.begin(), equal.pairs.end(),
                             [&](const auto& pair) { return TableColumnOf(right, pair.second) >= 0; }) ||
                 std::any_of(equal.constants.begin(), equal.constants.end(),
                             [&](int32_t column) { return TableColumnOf(right, column) >= 0; });
  if (has_key) return Status::Ok();
  return RefusedAt(join.range,
                   fmt::format("Temporal table join requires an equality condition on fields of table [{}]",
                               scan.table->name.Dotted()),
                   "compare a column of the table, as it is, with a column of the left side of the same type");
}

// A filter between the versioned table and the join would take versions away.
bool HasFilter(const Relation& relation) {
  if (relation.As<sql::FilterRelation>() != nullptr) return true;
  bool passes = relation.As<sql::ProjectRelation>() != nullptr || relation.As<sql::WatermarkRelation>() != nullptr;
  return passes && HasFilter(*relation.inputs[0]);
}

bool EndsInScan(const Relation& relation) {
  if (relation.As<sql::ScanRelation>() != nullptr) return true;
  bool passes = relation.As<sql::FilterRelation>() != nullptr || relation.As<sql::ProjectRelation>() != nullptr ||
                relation.As<sql::WatermarkRelation>() != nullptr;
  return passes && EndsInScan(*relation.inputs[0]);
}

// The versioned side's only event time; -1 when it has none, or several.
int32_t RowtimeOf(const Schema& schema) {
  int32_t found = -1;
  for (size_t i = 0; i < schema.size(); ++i) {
    if (schema[i].type.time_attribute() != TimeAttribute::kRowtime) continue;
    if (found >= 0) return -1;
    found = static_cast<int32_t>(i);
  }
  return found;
}

Status CheckRowtimes(const sql::TemporalRelation& join, const DataType& left, const Schema& right) {
  int32_t rowtime = RowtimeOf(right);
  if (rowtime < 0) {
    return RefusedAt(join.range,
                     "Event-Time Temporal Table Join requires both primary key and row time attribute in versioned "
                     "table, but no row time attribute can be found",
                     "declare a WATERMARK on one column of the versioned table");
  }
  const DataType& other = right[static_cast<size_t>(rowtime)].type;
  if (other.kind() == left.kind()) return Status::Ok();
  return RefusedAt(join.range,
                   fmt::format("Event-Time Temporal Table Join requires same rowtime type in left table and versioned "
                               "table, but the rowtime types are {} and {}",
                               left.ToString(), other.ToString()),
                   "declare both as TIMESTAMP(3) or both as TIMESTAMP_LTZ(3)");
}

std::string NamesOf(const std::vector<int32_t>& columns, const Schema& schema) {
  std::vector<std::string> names;
  for (int32_t column : columns) names.push_back(schema[static_cast<size_t>(column)].name);
  return fmt::format("{}", fmt::join(names, ", "));
}

// The key by which the versioned side is versioned must be compared.
Status CheckVersionKey(const sql::TemporalRelation& join, const PhysicalNode& right, const EqualColumns& equal) {
  if (right.upsert_keys.empty()) {
    return RefusedAt(join.range,
                     "Temporal Table Join requires primary key in versioned table, but no primary key can be found",
                     "declare PRIMARY KEY (…) NOT ENFORCED, or join a view that keeps the last row of each key");
  }
  const auto& key = *std::min_element(right.upsert_keys.begin(), right.upsert_keys.end(),
                                      [](const auto& a, const auto& b) { return a.size() < b.size(); });
  for (int32_t column : key) {
    bool compared =
        std::any_of(equal.pairs.begin(), equal.pairs.end(), [&](const auto& pair) { return pair.second == column; });
    if (compared) continue;
    return RefusedAt(join.range,
                     fmt::format("Temporal table's primary key [{}] must be included in the equivalence condition of "
                                 "temporal join",
                                 NamesOf(key, right.output)),
                     "compare every column of the primary key with = in ON");
  }
  return Status::Ok();
}

Error NotThere(std::string_view what, SourceRange range) {
  return UserError("sql.unsupported", fmt::format("{} is not there yet", what), {}, range);
}

}  // namespace

Result<Planned> Converter::ConvertTemporal(const Relation& relation) {
  const auto& join = *relation.As<sql::TemporalRelation>();
  MR_ASSIGN(Planned left, Convert(relation.inputs[0]));
  const Relation& versioned = *relation.inputs[1];
  auto left_width = static_cast<int32_t>(left.node->output.size());
  auto width = left_width + static_cast<int32_t>(versioned.schema.size());
  EqualColumns equal = ReadEqualities(join.condition, left_width, width);
  const DataType& time = left.node->output[static_cast<size_t>(join.time_column)].type;
  bool processing_time = time.time_attribute() == TimeAttribute::kProctime;
  const sql::ScanRelation* looked_up = ScanBelow(versioned, true);
  if (processing_time && looked_up != nullptr && CanLookUp(*looked_up)) {
    MR_RETURN_IF_ERROR(CheckLookupJoin(join, versioned, *looked_up, equal));
    if (!left.node->mode.IsInsertOnly()) {
      MR_RETURN_IF_ERROR(CheckDeterministicCondition(*join.condition, join.range));
    }
    return NotThere("a lookup join", join.range);
  }
  MR_ASSIGN(Planned right, Convert(relation.inputs[1]));
  if (!processing_time) MR_RETURN_IF_ERROR(CheckRowtimes(join, time, versioned.schema));
  if (!equal.any_key) {
    return RefusedAt(join.range, "Currently the join key in Temporal Table Join can not be empty",
                     "compare the key of the versioned table with = in ON");
  }
  MR_RETURN_IF_ERROR(CheckVersionKey(join, *right.node, equal));
  if (processing_time) {
    return RefusedAt(join.range, "Processing-time temporal join is not supported yet",
                     "join by event time, or a table whose connector can look up single rows");
  }
  if (EndsInScan(versioned) && HasFilter(versioned)) {
    return RefusedAt(join.range,
                     "Filter is not allowed for right changelog input of event time temporal join, it will corrupt the "
                     "versioning of data",
                     "remove the filter before joining");
  }
  return NotThere("a temporal join", join.range);
}

// TRY_RESOLVE: changes that meet a condition which answers differently the second time leave rows behind.
Status Converter::CheckDeterministicCondition(const functions::Expr& condition, SourceRange range) const {
  if (context_.Get("table.optimizer.non-deterministic-update.strategy", "IGNORE") != "TRY_RESOLVE") return Status::Ok();
  if (functions::IsDeterministic(condition)) return Status::Ok();
  return RefusedAt(
      range,
      fmt::format("There exists non deterministic function in condition: '{}' which may cause wrong result "
                  "in update pipeline",
                  functions::ExprText(condition)),
      "compare with columns and constants only");
}

Result<Planned> Converter::ConvertMatch(const Relation& relation) {
  const auto& match = *relation.As<sql::MatchRelation>();
  MR_ASSIGN(Planned input, Convert(relation.inputs[0]));
  if (!input.node->mode.IsInsertOnly()) {
    return RefusedAt(match.range, "Match Recognize doesn't support consuming update and delete changes",
                     "match over a table that only gets inserts");
  }
  if (match.order_keys.empty() && !context_.batch)
    return RefusedAt(match.range, "You must specify either rowtime or proctime for order by", "add ORDER BY");
  if (!match.order_keys.empty() && !context_.batch) {
    const sql::SortColumn& first = match.order_keys[0];
    if (!input.node->output[static_cast<size_t>(first.column)].type.IsTimeAttribute()) {
      return RefusedAt(match.range, "You must specify either rowtime or proctime for order by as the first one",
                       "order by a column that has a WATERMARK, or by one that is PROCTIME()");
    }
    if (!first.ascending) {
      return RefusedAt(match.range, "Primary sort order of a streaming table must be ascending on time",
                       "write ORDER BY … ASC");
    }
  }
  return NotThere("MATCH_RECOGNIZE", match.range);
}

}  // namespace millrace::plan
