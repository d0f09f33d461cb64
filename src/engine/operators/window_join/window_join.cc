// WindowJoin: joins rows of two inputs that have the same key and the same window, when the watermark passes the
// window's end. Only insertions come and go. Rows of an outer side without a partner go out padded with NULLs; semi and
// anti joins send rows of the left side. A row of a window that is complete is late: dropped and counted.
//
// State: "left" and "right", the waiting rows (see WindowRowStore); "watermark".
#include <algorithm>
#include <memory>
#include <numeric>
#include <span>

#include "engine/operators/factories.h"
#include "engine/operators/join/join_condition.h"
#include "engine/operators/join/joined_rows.h"
#include "engine/operators/window_aggregate/sliced_aggregate.h"
#include "engine/operators/windows/window_row_store.h"

namespace millrace::operators {
namespace {

using Rows = WindowRowStore::Rows;
using Node = WindowRowStore::Node;

constexpr size_t kPairsAtOnce = 4096;  // that the condition is evaluated for

plan::Window WindowOf(const plan::WindowJoinSpec& spec) {
  plan::Window window;
  window.ltz = spec.ltz;
  window.zone = spec.zone;
  return window;
}

class WindowJoin : public Operator {
 public:
  WindowJoin(const plan::WindowJoinSpec& spec, const plan::PhysicalNode& node)
      : spec_(spec),
        left_only_(spec.type == plan::JoinType::kSemi || spec.type == plan::JoinType::kAnti),
        math_(WindowOf(spec)),
        left_(InputTypes(node, 0), spec.left_keys, spec.left_window_end),
        right_(InputTypes(node, 1), spec.right_keys, spec.right_window_end),
        condition_(spec.condition, InputTypes(node, 0), InputTypes(node, 1)),
        joined_(InputTypes(node, 0), InputTypes(node, 1), left_only_) {}

  Status Open(const OperatorContext& context) override {
    context_ = context;
    left_.Open(context);
    right_.Open(context);
    condition_.Open(context);
    joined_.Open(context.pool, context.chunk_rows);
    return Status::Ok();
  }

  Result<Progress> Process(int32_t input, const Chunk& chunk, Output&) override {
    int32_t end = input == 0 ? spec_.left_window_end : spec_.right_window_end;
    std::vector<int32_t> in_time = RowsInTime(chunk, end, math_, watermark_, &late_rows_);
    MR_RETURN_IF_ERROR((input == 0 ? left_ : right_).Add(chunk, RowSet::Of(in_time)));
    return Progress::kDone;
  }

  Result<Progress> OnWatermark(int64_t watermark, Output& output) override {
    if (watermark <= watermark_) return Progress::kDone;
    for (;;) {
      int64_t end = std::min(left_.FirstEnd(), right_.FirstEnd());
      if (end == INT64_MAX || !math_.IsFired(end, watermark)) break;
      MR_ASSIGN(Progress progress, FireWindow(end, output));
      if (progress == Progress::kMore) return progress;
    }
    Progress sent = joined_.Send(true, output);
    if (!joined_.empty()) return sent;
    watermark_ = watermark;
    return Progress::kDone;
  }

  Result<Progress> Finish(Output& output) override {
    if (!context_.batch) return Progress::kDone;
    return OnWatermark(kMaxWatermark, output);
  }

  Status Snapshot(state::SnapshotWriter& writer) override {
    MR_RETURN_IF_ERROR(SaveWatermark(watermark_, writer));
    MR_RETURN_IF_ERROR(left_.Snapshot("left", writer));
    return right_.Snapshot("right", writer);
  }

  Status Restore(state::SnapshotReader& reader) override {
    MR_RETURN_IF_ERROR(LoadWatermark(reader, &watermark_));
    MR_RETURN_IF_ERROR(left_.Restore("left", reader));
    return right_.Restore("right", reader);
  }

  OperatorMetrics Metrics() const override {
    return {late_rows_, left_.reserved_bytes() + right_.reserved_bytes(), left_.size() + right_.size()};
  }

 private:
  bool KeepsLeft() const { return spec_.type == plan::JoinType::kLeft || spec_.type == plan::JoinType::kFull; }
  bool KeepsRight() const { return spec_.type == plan::JoinType::kRight || spec_.type == plan::JoinType::kFull; }

  // First the keys of the left side, then those that only the right side has.
  Result<Progress> FireWindow(int64_t end, Output& output) {
    const std::vector<uint8_t*>* left = left_.Window(end);
    const std::vector<uint8_t*>* right = right_.Window(end);
    size_t left_slots = left == nullptr ? 0 : left->size();
    size_t slots = left_slots + (right == nullptr ? 0 : right->size());
    while (next_slot_ < slots) {
      if (next_slot_ < left_slots) {
        uint8_t* slot = (*left)[next_slot_];
        uint8_t* partner = right_.Partner(left_, slot);
        MR_RETURN_IF_ERROR(JoinKey(WindowRowStore::RowsOf(slot), partner ? WindowRowStore::RowsOf(partner) : nullptr));
      } else {
        uint8_t* slot = (*right)[next_slot_ - left_slots];
        if (KeepsRight() && left_.Partner(right_, slot) == nullptr) PadRight(*WindowRowStore::RowsOf(slot));
      }
      ++next_slot_;
      // What is pending names rows of this window, so it goes out before the window does.
      Progress sent = joined_.Send(next_slot_ == slots, output);
      if (sent == Progress::kMore && (next_slot_ < slots || !joined_.empty())) return Progress::kMore;
    }
    if (!joined_.empty() && joined_.Send(true, output) == Progress::kMore && !joined_.empty()) return Progress::kMore;
    left_.DropWindow(end);
    right_.DropWindow(end);
    next_slot_ = 0;
    return Progress::kDone;
  }

  static std::vector<const uint8_t*> List(const Rows* rows) {
    std::vector<const uint8_t*> list;
    for (const Node* node = rows == nullptr ? nullptr : rows->head; node != nullptr; node = node->next) {
      list.push_back(node->row());
    }
    return list;
  }

  void Add(const uint8_t* left, const uint8_t* right) {
    joined_.left().Add(left);
    if (!left_only_) joined_.right().Add(right);
    joined_.EndRow(RowKind::kInsert);
  }

  void PadRight(const Rows& rows) {
    for (const Node* node = rows.head; node != nullptr; node = node->next) Add(nullptr, node->row());
  }

  // The rows of one key and window. A right outer join goes through the right side's rows, all others through the left
  // side's; the pairs of many rows are tested at once.
  Status JoinKey(const Rows* left_rows, const Rows* right_rows) {
    std::vector<const uint8_t*> left = List(left_rows);
    std::vector<const uint8_t*> right = List(right_rows);
    bool right_join = spec_.type == plan::JoinType::kRight;
    const std::vector<const uint8_t*>& outer = right_join ? right : left;
    const std::vector<const uint8_t*>& inner = right_join ? left : right;
    size_t partners = left_rows->null_key ? 0 : inner.size();
    std::vector<uint8_t> right_matched(right.size(), 0);
    size_t rows_at_once = std::max<size_t>(kPairsAtOnce / std::max<size_t>(partners, 1), 1);
    for (size_t first = 0; first < outer.size(); first += rows_at_once) {
      std::span<const uint8_t* const> some(outer.data() + first, std::min(rows_at_once, outer.size() - first));
      MR_ASSIGN(std::vector<int32_t> matches, Matches(some, {inner.data(), partners}, right_join));
      auto match = matches.begin();
      for (size_t i = 0; i < some.size(); ++i) {
        auto end = std::lower_bound(match, matches.end(), static_cast<int32_t>((i + 1) * partners));
        AddMatches(some[i], inner, {match, end}, static_cast<int32_t>(i * partners), right_matched);
        match = end;
      }
    }
    for (size_t r = 0; spec_.type == plan::JoinType::kFull && r < right.size(); ++r) {
      if (right_matched[r] == 0) Add(nullptr, right[r]);
    }
    return Status::Ok();
  }

  // What one row of the outer side gives: `matches` are the numbers of its pairs, the first of which is `first_pair`.
  void AddMatches(const uint8_t* row, const std::vector<const uint8_t*>& inner, std::span<const int32_t> matches,
                  int32_t first_pair, std::vector<uint8_t>& right_matched) {
    if (left_only_) {
      if (matches.empty() == (spec_.type == plan::JoinType::kAnti)) Add(row, nullptr);
      return;
    }
    bool right_join = spec_.type == plan::JoinType::kRight;
    for (int32_t pair : matches) {
      auto m = static_cast<size_t>(pair - first_pair);
      right_join ? Add(inner[m], row) : Add(row, inner[m]);
      if (!right_join) right_matched[m] = 1;
    }
    if (matches.empty() && right_join) Add(nullptr, row);
    if (matches.empty() && KeepsLeft()) Add(row, nullptr);
  }

  // Which pairs of `outer` × `inner` meet the condition, numbered row by row.
  Result<std::vector<int32_t>> Matches(std::span<const uint8_t* const> outer, std::span<const uint8_t* const> inner,
                                       bool outer_is_right) {
    size_t pairs = outer.size() * inner.size();
    if (condition_.always_true() || pairs == 0) {
      std::vector<int32_t> all(pairs);
      std::iota(all.begin(), all.end(), 0);
      return all;
    }
    for (const uint8_t* row : outer) {
      for (const uint8_t* other : inner) {
        condition_.left().Add(outer_is_right ? other : row);
        condition_.right().Add(outer_is_right ? row : other);
      }
    }
    return condition_.Select(static_cast<int32_t>(pairs));
  }

  plan::WindowJoinSpec spec_;
  bool left_only_;
  WindowMath math_;
  OperatorContext context_;
  WindowRowStore left_;
  WindowRowStore right_;
  JoinCondition condition_;
  JoinedRows joined_;
  int64_t watermark_ = INT64_MIN;
  int64_t late_rows_ = 0;
  size_t next_slot_ = 0;  // of the window that is being fired
};

}  // namespace

OperatorResult Make(const plan::WindowJoinSpec& spec, const plan::PhysicalNode& node) {
  return {std::make_unique<WindowJoin>(spec, node)};
}

}  // namespace millrace::operators
