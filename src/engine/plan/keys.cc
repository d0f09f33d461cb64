// Unique keys and upsert keys, node by node.
#include "engine/plan/keys.h"

#include <algorithm>

namespace millrace::plan {

using functions::Expr;
using functions::ExprKind;
using functions::ExprPtr;

bool ContainsAll(const std::vector<int32_t>& all, const std::vector<int32_t>& some) {
  return std::all_of(some.begin(), some.end(),
                     [&](int32_t column) { return std::find(all.begin(), all.end(), column) != all.end(); });
}

namespace {

void Add(KeySets& keys, std::vector<int32_t> key) {
  std::sort(key.begin(), key.end());
  key.erase(std::unique(key.begin(), key.end()), key.end());
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
}

KeySets ThatContain(const KeySets& keys, const std::vector<int32_t>& columns) {
  KeySets kept;
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(kept),
               [&](const std::vector<int32_t>& key) { return ContainsAll(key, columns); });
  return kept;
}

bool AnyWithin(const KeySets& keys, const std::vector<int32_t>& columns) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const std::vector<int32_t>& key) { return ContainsAll(columns, key); });
}

// Upsert keys behind the edge: of what a shuffle spreads, only keys that hold its columns keep their order.
KeySets UpsertKeysBehind(const PhysicalInput& input) {
  if (input.distribution != Distribution::kHash) return input.node->upsert_keys;
  return ThatContain(input.node->upsert_keys, input.hash_keys);
}

std::vector<int32_t> FirstColumns(size_t count) {
  std::vector<int32_t> columns(count);
  for (size_t i = 0; i < count; ++i) columns[i] = static_cast<int32_t>(i);
  return columns;
}

std::vector<int32_t> ColumnsOf(const std::vector<SortKey>& keys) {
  std::vector<int32_t> columns;
  for (const SortKey& key : keys) columns.push_back(key.column);
  return columns;
}

// Whether no two values become one: the same type, or a wider one of its family.
bool IsLossless(const DataType& from, const DataType& to) {
  if (from.nullable() && !to.nullable()) return false;
  if (from.Nullable() == to.Nullable()) return true;
  auto integer_rank = [](const DataType& type) {
    return type.Is(TypeKind::kTinyint)    ? 1
           : type.Is(TypeKind::kSmallint) ? 2
           : type.Is(TypeKind::kInt)      ? 3
           : type.Is(TypeKind::kBigint)   ? 4
                                          : 0;
  };
  int a = integer_rank(from);
  int b = integer_rank(to);
  if (a > 0 && b > 0) return a <= b;
  return from.Is(TypeKind::kVarchar) && to.Is(TypeKind::kVarchar) && from.length() <= to.length();
}

// The input column that an expression passes on; -1 when it makes something new.
int32_t PassedColumn(const Expr& expr) {
  if (expr.kind == ExprKind::kColumn) return expr.index;
  bool cast = expr.kind == ExprKind::kCast && expr.args[0]->kind == ExprKind::kColumn;
  return cast && IsLossless(expr.args[0]->type, expr.type) ? expr.args[0]->index : -1;
}

// Keys through a projection. A column that is passed on more than once makes as many keys.
KeySets Projected(const KeySets& keys, const std::vector<ExprPtr>& projection) {
  KeySets result;
  for (const std::vector<int32_t>& key : keys) {
    std::vector<std::vector<int32_t>> places(key.size());
    size_t combinations = 1;
    for (size_t k = 0; k < key.size(); ++k) {
      for (size_t i = 0; i < projection.size(); ++i) {
        if (PassedColumn(*projection[i]) == key[k]) places[k].push_back(static_cast<int32_t>(i));
      }
      combinations *= places[k].size();
    }
    constexpr size_t kMostCombinations = 16;
    for (size_t c = 0; c < std::min(combinations, kMostCombinations); ++c) {
      std::vector<int32_t> mapped;
      for (const std::vector<int32_t>& place : places) mapped.push_back(place[c % place.size()]);
      Add(result, std::move(mapped));
    }
  }
  return result;
}

// A key whose columns every set keeps is a key together with the set's number, the last column.
KeySets Expanded(const KeySets& keys, const ExpandSpec& expand, size_t width) {
  KeySets result;
  for (std::vector<int32_t> key : keys) {
    bool kept = std::all_of(key.begin(), key.end(), [&](int32_t column) {
      return std::all_of(expand.projections.begin(), expand.projections.end(), [&](const std::vector<ExprPtr>& exprs) {
        const Expr& expr = *exprs[static_cast<size_t>(column)];
        return expr.kind == ExprKind::kColumn && expr.index == column;
      });
    });
    if (!kept) continue;
    key.push_back(static_cast<int32_t>(width) - 1);
    Add(result, std::move(key));
  }
  return result;
}

KeySets Ranked(const KeySets& input, const std::vector<int32_t>& partition, int64_t start, int64_t end,
               int32_t number_column) {
  if (start == 1 && end == 1) return {partition};
  if (number_column < 0) return input;
  KeySets result;
  std::vector<int32_t> numbered = partition;
  numbered.push_back(number_column);
  Add(result, std::move(numbered));
  for (const std::vector<int32_t>& key : input) Add(result, key);
  return result;
}

struct JoinSides {
  const KeySets& left;
  const KeySets& right;
  bool left_unique = false;  // the left has one row per join key at most
  bool right_unique = false;
};

KeySets Joined(JoinType type, int32_t left_width, const JoinSides& sides) {
  KeySets right;
  for (std::vector<int32_t> key : sides.right) {
    for (int32_t& column : key) column += left_width;
    right.push_back(std::move(key));
  }
  bool nulls_left = type == JoinType::kRight || type == JoinType::kFull;
  bool nulls_right = type == JoinType::kLeft || type == JoinType::kFull;
  KeySets result;
  if (sides.right_unique && !nulls_left) {
    for (const std::vector<int32_t>& key : sides.left) Add(result, key);
  }
  if (sides.left_unique && !nulls_right) {
    for (const std::vector<int32_t>& key : right) Add(result, key);
  }
  for (const std::vector<int32_t>& a : sides.left) {
    for (const std::vector<int32_t>& b : right) {
      std::vector<int32_t> both = a;
      both.insert(both.end(), b.begin(), b.end());
      Add(result, std::move(both));
    }
  }
  return result;
}

struct Keys {
  KeySets unique;
  KeySets upsert;
};

struct Derive {
  const PhysicalNode& node;

  const PhysicalInput& In(size_t i = 0) const { return node.inputs[i]; }
  Keys Passed() const { return {In().node->unique_keys, UpsertKeysBehind(In())}; }
  Keys One(std::vector<int32_t> key) const {
    KeySets keys;
    Add(keys, std::move(key));
    return {keys, keys};
  }
  Keys JoinKeys(JoinType type, const std::vector<int32_t>& left_keys, const std::vector<int32_t>& right_keys) const {
    const KeySets& unique_left = In(0).node->unique_keys;
    const KeySets& unique_right = In(1).node->unique_keys;
    KeySets upsert_left = UpsertKeysBehind(In(0));
    KeySets upsert_right = UpsertKeysBehind(In(1));
    KeySets kept_left = ThatContain(upsert_left, left_keys);
    if (type == JoinType::kSemi || type == JoinType::kAnti) return {unique_left, std::move(kept_left)};
    KeySets kept_right = ThatContain(upsert_right, right_keys);
    auto width = static_cast<int32_t>(In(0).node->output.size());
    return {Joined(type, width,
                   {unique_left, unique_right, AnyWithin(unique_left, left_keys), AnyWithin(unique_right, right_keys)}),
            Joined(type, width,
                   {kept_left, kept_right, AnyWithin(upsert_left, left_keys), AnyWithin(upsert_right, right_keys)})};
  }

  Keys operator()(const SourceSpec&) const { return {node.unique_keys, node.upsert_keys}; }
  Keys operator()(const ValuesSpec&) const { return {}; }
  Keys operator()(const CalcSpec& calc) const {
    return {Projected(In().node->unique_keys, calc.projection), Projected(UpsertKeysBehind(In()), calc.projection)};
  }
  Keys operator()(const WatermarkSpec&) const { return Passed(); }
  Keys operator()(const GroupAggregateSpec& aggregate) const { return One(FirstColumns(aggregate.keys.size())); }
  Keys operator()(const WindowAggregateSpec&) const { return {}; }  // Flink derives none
  Keys operator()(const GroupWindowAggregateSpec& aggregate) const {
    Keys keys;
    auto first = static_cast<int32_t>(aggregate.keys.size() + aggregate.aggregates.size());
    for (size_t i = 0; i < aggregate.properties.size(); ++i) {
      std::vector<int32_t> key = FirstColumns(aggregate.keys.size());
      key.push_back(first + static_cast<int32_t>(i));
      Add(keys.unique, key);
      Add(keys.upsert, std::move(key));
    }
    return keys;
  }
  Keys operator()(const WindowTableFunctionSpec&) const { return {}; }
  Keys operator()(const JoinSpec& join) const { return JoinKeys(join.type, join.left_keys, join.right_keys); }
  Keys operator()(const WindowJoinSpec& join) const { return JoinKeys(join.type, join.left_keys, join.right_keys); }
  Keys operator()(const IntervalJoinSpec& join) const { return JoinKeys(join.type, join.left_keys, join.right_keys); }
  Keys operator()(const SortSpec& sort) const {
    return {In().node->unique_keys, ThatContain(UpsertKeysBehind(In()), ColumnsOf(sort.keys))};
  }
  Keys operator()(const LimitSpec&) const { return Passed(); }
  Keys operator()(const RankSpec& rank) const {
    KeySets upsert = UpsertKeysBehind(In());
    if (rank.sort_limit) return {In().node->unique_keys, ThatContain(upsert, ColumnsOf(rank.sort_keys))};
    int32_t number = rank.output_rank_number ? static_cast<int32_t>(node.output.size()) - 1 : -1;
    return {
        Ranked(In().node->unique_keys, rank.partition_keys, rank.rank_start, rank.rank_end, number),
        Ranked(ThatContain(upsert, rank.partition_keys), rank.partition_keys, rank.rank_start, rank.rank_end, number)};
  }
  Keys operator()(const DeduplicateSpec& dedup) const { return One(dedup.keys); }
  Keys operator()(const WindowRankSpec& rank) const {
    int32_t number = rank.output_rank_number ? static_cast<int32_t>(node.output.size()) - 1 : -1;
    KeySets unique = Ranked(In().node->unique_keys, rank.partition_keys, rank.rank_start, rank.rank_end, number);
    if (rank.deduplicate) return {std::move(unique), {}};
    return {std::move(unique), Ranked(ThatContain(UpsertKeysBehind(In()), rank.partition_keys), rank.partition_keys,
                                      rank.rank_start, rank.rank_end, number)};
  }
  Keys operator()(const ChangelogNormalizeSpec& normalize) const { return One(normalize.unique_key); }
  Keys operator()(const DropUpdateBeforeSpec&) const { return Passed(); }
  Keys operator()(const ExpandSpec& expand) const {
    return {Expanded(In().node->unique_keys, expand, node.output.size()),
            Expanded(UpsertKeysBehind(In()), expand, node.output.size())};
  }
  Keys operator()(const CorrelateSpec&) const { return {}; }
  Keys operator()(const OverAggregateSpec& over) const {
    return {In().node->unique_keys, ThatContain(UpsertKeysBehind(In()), over.partition_keys)};
  }
  Keys operator()(const UnionSpec&) const { return {}; }
  Keys operator()(const ReplicateRowsSpec&) const { return {}; }
  Keys operator()(const SinkSpec&) const { return {}; }
};

}  // namespace

void DeriveKeys(PhysicalNode& node) {
  Keys keys = std::visit(Derive{node}, node.spec);
  node.unique_keys = std::move(keys.unique);
  node.upsert_keys = std::move(keys.upsert);
}

KeySets UpsertKeysWithin(const PhysicalInput& input, const std::vector<int32_t>& keys) {
  bool own = input.distribution == Distribution::kHash && input.hash_keys == keys;
  return own ? input.node->upsert_keys : UpsertKeysBehind(input);
}

}  // namespace millrace::plan
