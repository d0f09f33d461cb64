// Joins: equal keys out of the condition, window joins, interval joins, the layout of each side's state.
#include <fmt/format.h>

#include <algorithm>

#include "engine/plan/convert/convert.h"
#include "engine/plan/keys.h"
#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {

using functions::ExprKind;
using functions::ExprPtr;

namespace {

JoinType TypeOf(sql::JoinKind kind) {
  switch (kind) {
    case sql::JoinKind::kInner:
      return JoinType::kInner;
    case sql::JoinKind::kLeft:
      return JoinType::kLeft;
    case sql::JoinKind::kRight:
      return JoinType::kRight;
    case sql::JoinKind::kFull:
      return JoinType::kFull;
    case sql::JoinKind::kSemi:
      return JoinType::kSemi;
    case sql::JoinKind::kAnti:
      return JoinType::kAnti;
  }
  return JoinType::kInner;
}

// Equalities between an expression of the left and one of the right, and what remains.
struct JoinCondition {
  std::vector<ExprPtr> left;   // over the left input
  std::vector<ExprPtr> right;  // over the right input
  std::vector<bool> null_equal;
  std::vector<ExprPtr> rest;  // over both
};

JoinCondition Analyze(const ExprPtr& condition, int32_t left_width, int32_t width) {
  JoinCondition result;
  std::vector<ExprPtr> conjuncts;
  SplitAnd(condition, conjuncts);
  for (ExprPtr& conjunct : conjuncts) {
    bool always = conjunct->kind == ExprKind::kLiteral && !conjunct->literal.IsNull() && conjunct->literal.AsBool();
    if (always) continue;
    bool call = conjunct->kind == ExprKind::kCall && conjunct->args.size() == 2;
    bool equal = call && conjunct->function->name == "=";
    bool same = call && conjunct->function->name == "IS NOT DISTINCT FROM";
    if (equal || same) {
      ExprPtr a = conjunct->args[0];
      ExprPtr b = conjunct->args[1];
      if (UsesOnly(*b, 0, left_width) && UsesOnly(*a, left_width, width)) std::swap(a, b);
      bool sides =
          UsesOnly(*a, 0, left_width) && UsesOnly(*b, left_width, width) && !UsesOnly(*a, 0, 0) && !UsesOnly(*b, 0, 0);
      if (sides && functions::IsDeterministic(*conjunct)) {
        result.left.push_back(a);
        result.right.push_back(ShiftColumns(b, -left_width));
        result.null_equal.push_back(same);
        continue;
      }
    }
    result.rest.push_back(std::move(conjunct));
  }
  return result;
}

// Key expressions as columns of the input, appended where they are not columns already.
Planned WithKeyColumns(const Planned& input, const std::vector<ExprPtr>& keys, std::vector<int32_t>& columns) {
  std::vector<ExprPtr> exprs = IdentityExprs(input.node->output);
  Schema schema = input.node->output;
  for (const ExprPtr& key : keys) {
    if (key->kind == ExprKind::kColumn) {
      columns.push_back(key->index);
      continue;
    }
    columns.push_back(static_cast<int32_t>(exprs.size()));
    schema.fields.push_back({fmt::format("$f{}", exprs.size()), key->type, ""});
    exprs.push_back(key);
  }
  if (exprs.size() == input.node->output.size()) return input;
  return MakeCalc(input, nullptr, std::move(exprs), std::move(schema));
}

// What is known of a side's keys where its rows meet the join; the shortest key that fits.
JoinInputSide SideOf(const PhysicalInput& input, const std::vector<int32_t>& keys, std::vector<int32_t>& unique) {
  KeySets known = UpsertKeysWithin(input, keys);
  if (known.empty()) return JoinInputSide::kNoUniqueKey;
  std::stable_sort(known.begin(), known.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  auto within = std::find_if(known.begin(), known.end(), [&](const auto& key) { return ContainsAll(keys, key); });
  unique = within != known.end() ? *within : known[0];
  return within != known.end() ? JoinInputSide::kJoinKeyIsUnique : JoinInputSide::kHasUniqueKey;
}

Schema JoinedSchema(const PhysicalNode& left, const PhysicalNode& right, JoinType type, bool keep_time) {
  bool left_nullable = type == JoinType::kRight || type == JoinType::kFull;
  bool right_nullable = type == JoinType::kLeft || type == JoinType::kFull;
  Schema schema;
  auto add = [&](const Field& field, bool nullable) {
    DataType column = nullable ? field.type.Nullable() : field.type;
    if (!keep_time && column.time_attribute() == TimeAttribute::kRowtime)
      column = column.WithTimeAttribute(TimeAttribute::kNone);
    schema.fields.push_back({field.name, column, ""});
  };
  for (const Field& field : left.output.fields) add(field, left_nullable);
  if (type == JoinType::kSemi || type == JoinType::kAnti) return schema;
  for (const Field& field : right.output.fields) add(field, right_nullable);
  return schema;
}

// left.time <= right.time + constant and the like: a bound on left.time - right.time.
struct IntervalBound {
  bool is = false;
  bool upper = false;
  int32_t left_time = -1;
  int32_t right_time = -1;
  int64_t millis = 0;
};

// column, or column ± constant interval.
struct TimeTerm {
  int32_t column = -1;
  int64_t shift = 0;
};
TimeTerm ReadTimeTerm(const functions::Expr& expr) {
  if (expr.kind == ExprKind::kColumn) return {expr.index, 0};
  if (expr.kind == ExprKind::kCast) return ReadTimeTerm(*expr.args[0]);
  if (expr.kind != ExprKind::kCall || expr.args.size() != 2) return {};
  bool plus = expr.function->name == "+";
  bool minus = expr.function->name == "-";
  const functions::Expr& shift = *expr.args[1];
  if ((!plus && !minus) || shift.kind != ExprKind::kLiteral || !shift.type.Is(TypeKind::kIntervalDayTime) ||
      shift.literal.IsNull())
    return {};
  TimeTerm term = ReadTimeTerm(*expr.args[0]);
  term.shift += plus ? shift.literal.AsInt() : -shift.literal.AsInt();
  return term;
}

IntervalBound ReadIntervalBound(const functions::Expr& expr, int32_t left_width, const Schema& left,
                                const Schema& right) {
  if (expr.kind != ExprKind::kCall || expr.args.size() != 2) return {};
  std::string_view name = expr.function->name;
  bool less = name == "<" || name == "<=";
  bool greater = name == ">" || name == ">=";
  if (!less && !greater) return {};
  TimeTerm a = ReadTimeTerm(*expr.args[0]);
  TimeTerm b = ReadTimeTerm(*expr.args[1]);
  if (a.column < 0 || b.column < 0) return {};
  bool strict = name == "<" || name == ">";
  bool a_left = a.column < left_width;
  if (a_left == (b.column < left_width)) return {};
  if (!a_left) {
    std::swap(a, b);
    std::swap(less, greater);
  }
  int32_t right_column = b.column - left_width;
  const DataType& x = left[static_cast<size_t>(a.column)].type;
  const DataType& y = right[static_cast<size_t>(right_column)].type;
  if (!x.IsTimeAttribute() || x.time_attribute() != y.time_attribute()) return {};
  IntervalBound bound{true, less, a.column, right_column, b.shift - a.shift};
  if (strict) bound.millis += less ? -1 : 1;
  return bound;
}

// Both bounds on the same pair of time columns make an interval join; what else is in the condition stays there.
bool ReadInterval(std::vector<ExprPtr>& rest, int32_t left_width, const Schema& left, const Schema& right,
                  IntervalJoinSpec& spec) {
  IntervalBound lower;
  IntervalBound upper;
  std::vector<ExprPtr> others;
  for (const ExprPtr& condition : rest) {
    IntervalBound bound = ReadIntervalBound(*condition, left_width, left, right);
    if (bound.is && bound.upper && !upper.is) {
      upper = bound;
    } else if (bound.is && !bound.upper && !lower.is) {
      lower = bound;
    } else {
      others.push_back(condition);
    }
  }
  if (!lower.is || !upper.is || lower.left_time != upper.left_time || lower.right_time != upper.right_time)
    return false;
  spec.left_time = lower.left_time;
  spec.right_time = lower.right_time;
  spec.lower_ms = lower.millis;
  spec.upper_ms = upper.millis;
  spec.event_time = left[static_cast<size_t>(lower.left_time)].type.time_attribute() == TimeAttribute::kRowtime;
  rest = std::move(others);
  return true;
}

// One equality between time columns, and no other condition on them, makes an interval join as well. (A sum on one of
// the sides is no time attribute any more once it has become a key.)
bool TakeTimeEquality(JoinCondition& condition, const Schema& left, const Schema& right, IntervalJoinSpec& spec) {
  size_t found = condition.left.size();
  for (size_t i = 0; i < condition.left.size(); ++i) {
    const functions::Expr& a = *condition.left[i];
    const functions::Expr& b = *condition.right[i];
    if (condition.null_equal[i] || a.kind != ExprKind::kColumn || b.kind != ExprKind::kColumn) continue;
    const DataType& x = left[static_cast<size_t>(a.index)].type;
    const DataType& y = right[static_cast<size_t>(b.index)].type;
    if (!x.IsTimeAttribute() || x.time_attribute() != y.time_attribute()) continue;
    if (found < condition.left.size()) return false;
    found = i;
    spec.left_time = a.index;
    spec.right_time = b.index;
    spec.event_time = x.time_attribute() == TimeAttribute::kRowtime;
  }
  if (found == condition.left.size()) return false;
  for (const ExprPtr& rest : condition.rest) {
    if (ReadIntervalBound(*rest, static_cast<int32_t>(left.size()), left, right).is) return false;
  }
  auto at = static_cast<ptrdiff_t>(found);
  condition.left.erase(condition.left.begin() + at);
  condition.right.erase(condition.right.begin() + at);
  condition.null_equal.erase(condition.null_equal.begin() + at);
  return true;
}

// Event times must be of one type; a processing-time join does not hold watermarks back, so that no event time may pass
// through it.
Status CheckIntervalTimes(const IntervalJoinSpec& join, const Schema& left, const Schema& right) {
  const DataType& a = left[static_cast<size_t>(join.left_time)].type;
  const DataType& b = right[static_cast<size_t>(join.right_time)].type;
  if (join.event_time && a.kind() != b.kind()) {
    return PlanError(fmt::format("Interval join with rowtime attribute requires same rowtime types, but the types are "
                                 "{} and {}.",
                                 a.ToString(), b.ToString()),
                     "declare both as TIMESTAMP(3) or both as TIMESTAMP_LTZ(3)");
  }
  for (const Schema* side : {&left, &right}) {
    for (const Field& field : side->fields) {
      if (join.event_time || field.type.time_attribute() != TimeAttribute::kRowtime) continue;
      return PlanError(
          "Interval join with proctime attribute requires no event-time attributes are in the join inputs.",
          fmt::format("leave '{}' out of the result, or cast it to TIMESTAMP", field.name));
    }
  }
  return Status::Ok();
}

// A join within an interval of time takes inserts only; over changes it has no plan.
Status CheckNoInterval(std::vector<ExprPtr> rest, int32_t left_width, const Planned& left, const Planned& right,
                       bool may_be_regular) {
  IntervalJoinSpec interval;
  if (may_be_regular || !ReadInterval(rest, left_width, left.node->output, right.node->output, interval))
    return Status::Ok();
  return PlanError("IntervalJoin doesn't support consuming update and delete changes",
                   "cast the times to TIMESTAMP for a regular join");
}

// Removes the equality of the two sides' columns `left` and `right` from the keys; false when it is not there.
bool TakeKey(std::vector<int32_t>& left_keys, std::vector<int32_t>& right_keys, std::vector<bool>& null_equal,
             int32_t left, int32_t right) {
  for (size_t i = 0; i < left_keys.size(); ++i) {
    if (left_keys[i] != left || right_keys[i] != right) continue;
    left_keys.erase(left_keys.begin() + static_cast<ptrdiff_t>(i));
    right_keys.erase(right_keys.begin() + static_cast<ptrdiff_t>(i));
    null_equal.erase(null_equal.begin() + static_cast<ptrdiff_t>(i));
    return true;
  }
  return false;
}

}  // namespace

Result<Planned> Converter::ConvertJoin(const Relation& relation) {
  const auto& join = *relation.As<sql::JoinRelation>();
  MR_ASSIGN(Planned left, Convert(relation.inputs[0]));
  MR_ASSIGN(Planned right, Convert(relation.inputs[1]));
  JoinType type = TypeOf(join.kind);
  auto left_width = static_cast<int32_t>(left.node->output.size());
  auto right_width = static_cast<int32_t>(right.node->output.size());
  JoinCondition condition = Analyze(join.condition, left_width, left_width + right_width);
  bool only_left = type == JoinType::kSemi || type == JoinType::kAnti;
  bool insert_only = left.node->mode.IsInsertOnly() && right.node->mode.IsInsertOnly();
  bool may_be_interval = insert_only && !context_.batch && !only_left;
  IntervalJoinSpec interval;
  bool same_time = may_be_interval && !(left.window.Complete() && right.window.Complete()) &&
                   TakeTimeEquality(condition, left.node->output, right.node->output, interval);
  std::vector<int32_t> left_keys;
  std::vector<int32_t> right_keys;
  Planned a = WithKeyColumns(left, condition.left, left_keys);
  Planned b = WithKeyColumns(right, condition.right, right_keys);
  auto wide_left = static_cast<int32_t>(a.node->output.size());
  // Conditions count over the widened inputs.
  if (wide_left != left_width) {
    std::vector<ExprPtr> renumbered = IdentityExprs(left.node->output);
    for (size_t i = 0; i < right.node->output.size(); ++i) {
      renumbered.push_back(functions::MakeColumn(wide_left + static_cast<int32_t>(i), right.node->output[i].type));
    }
    for (ExprPtr& rest : condition.rest) rest = functions::SubstituteColumns(rest, renumbered);
  }
  Planned planned;
  NodeSpec spec;
  ChangelogMode mode = ChangelogMode::InsertOnly();
  bool keep_time = true;
  std::vector<int32_t> window_left = left_keys;
  std::vector<int32_t> window_right = right_keys;
  std::vector<bool> window_nulls = condition.null_equal;
  bool windowed = a.window.Complete() && b.window.Complete() && insert_only && !context_.batch &&
                  TakeKey(window_left, window_right, window_nulls, a.window.start, b.window.start) &&
                  TakeKey(window_left, window_right, window_nulls, a.window.end, b.window.end);
  if (windowed && !a.window.window.event_time) return PlanError("Processing time Window Join is not supported yet.");
  if (windowed) {
    WindowJoinSpec window;
    window.type = type;
    window.left_keys = left_keys = window_left;
    window.right_keys = right_keys = window_right;
    if (!condition.rest.empty()) window.condition = functions::MakeAnd(condition.rest);
    window.left_window_start = a.window.start;
    window.left_window_end = a.window.end;
    window.right_window_start = b.window.start;
    window.right_window_end = b.window.end;
    window.ltz = a.window.window.ltz;
    window.zone = a.window.window.zone;
    planned.window = a.window;
    spec = std::move(window);
  } else if (same_time ||
             (may_be_interval && ReadInterval(condition.rest, wide_left, a.node->output, b.node->output, interval))) {
    MR_RETURN_IF_ERROR(CheckIntervalTimes(interval, a.node->output, b.node->output));
    interval.type = type;
    interval.left_keys = left_keys;
    interval.right_keys = right_keys;
    interval.null_equal = condition.null_equal;
    interval.min_cleanup_ms = context_.GetMillis("table.exec.interval-join.min-cleanup-interval", 0);
    if (!condition.rest.empty()) interval.condition = functions::MakeAnd(condition.rest);
    spec = std::move(interval);
  } else {
    MR_RETURN_IF_ERROR(CheckNoInterval(condition.rest, wide_left, a, b, insert_only || context_.batch || only_left));
    JoinSpec regular;
    regular.type = type;
    regular.left_keys = left_keys;
    regular.right_keys = right_keys;
    regular.null_equal = condition.null_equal;
    if (!condition.rest.empty()) regular.condition = functions::MakeAnd(condition.rest);
    regular.left_side = SideOf(KeyedInput(a, left_keys), left_keys, regular.left_unique_key);
    regular.right_side = SideOf(KeyedInput(b, right_keys), right_keys, regular.right_unique_key);
    int64_t ttl = context_.GetMillis("table.exec.state.ttl", 0);
    regular.left_ttl_ms = join.left_ttl_ms >= 0 ? join.left_ttl_ms : ttl;
    regular.right_ttl_ms = join.right_ttl_ms >= 0 ? join.right_ttl_ms : ttl;
    keep_time = false;
    bool forwards = type == JoinType::kInner || type == JoinType::kSemi;
    if (!context_.batch) mode = forwards ? UnionOf(a.node->mode, b.node->mode) : AllChanges();
    spec = std::move(regular);
  }
  Schema output = JoinedSchema(*a.node, *b.node, type, keep_time);
  planned.node =
      MakeNode(std::move(spec), {KeyedInput(a, left_keys), KeyedInput(b, right_keys)}, std::move(output), mode);
  bool left_kept = type != JoinType::kRight && type != JoinType::kFull;
  if (left_kept) planned.hash_keys = left_keys;
  std::vector<ExprPtr> exprs;
  for (int32_t i = 0; i < left_width; ++i)
    exprs.push_back(functions::MakeColumn(i, planned.node->output[static_cast<size_t>(i)].type));
  for (int32_t i = 0; i < right_width && !only_left; ++i) {
    exprs.push_back(
        functions::MakeColumn(wide_left + i, planned.node->output[static_cast<size_t>(wide_left + i)].type));
  }
  Schema schema = relation.schema;
  for (size_t i = 0; i < schema.size(); ++i) schema.fields[i].type = exprs[i]->type;
  return MakeCalc(planned, nullptr, std::move(exprs), std::move(schema));
}

}  // namespace millrace::plan
