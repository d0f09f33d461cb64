#include "engine/operators/over_aggregate/sorted_over.h"

#include <algorithm>
#include <cstring>

#include "engine/functions/over_function.h"
#include "engine/state/key_encoder.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

std::vector<plan::SortKey> SortKeysOf(const plan::OverAggregateSpec& spec) {
  std::vector<plan::SortKey> keys;
  for (int32_t column : spec.partition_keys) keys.push_back({column, true, true});
  keys.insert(keys.end(), spec.order_keys.begin(), spec.order_keys.end());
  return keys;
}

}  // namespace

SortedOver::SortedOver(const plan::OverAggregateSpec& spec, std::vector<DataType> types)
    : spec_(spec), layout_(types), order_(&layout_, spec.order_keys), sort_(&layout_, SortKeysOf(spec)) {
  for (size_t c = 0; c < spec_.aggregates.size(); ++c) {
    if (spec_.rankings[c].empty()) plain_.push_back(c);
  }
}

SortedOver::~SortedOver() {
  if (slot_ != nullptr) aggregates_->Destroy(slot_);
}

Status SortedOver::Open(const OperatorContext& context) {
  context_ = context;
  heap_ = std::make_unique<state::BlobHeap>(context.pool);
  std::vector<functions::AggregateCall> calls;
  for (size_t c : plain_) calls.push_back(spec_.aggregates[c]);
  MR_ASSIGN(aggregates_, AggregateSet::Make(calls, {}, 0, true, context.key_groups, context.pool));
  MR_ASSIGN(slot_, heap_->Allocate(static_cast<size_t>(std::max(aggregates_->slot_bytes(), 16))));
  aggregates_->Init(slot_);
  return Status::Ok();
}

// The key group stands behind the row.
Status SortedOver::Keep(const uint8_t* row, int32_t group) {
  uint32_t bytes = state::PackedSize(row);
  MR_ASSIGN(uint8_t * copy, heap_->Allocate(bytes + sizeof(group)));
  std::memcpy(copy, row, bytes);
  std::memcpy(copy + bytes, &group, sizeof(group));
  rows_.push_back(copy);
  return Status::Ok();
}

Result<Progress> SortedOver::Process(int32_t, const Chunk& chunk, Output&) {
  layout_.Encode(chunk.columns, chunk.rows(), packed_);
  state::ComputeKeyGroups(chunk, spec_.partition_keys, context_.max_parallelism, groups_);
  for (int32_t i = 0; i < chunk.row_count(); ++i) {
    MR_RETURN_IF_ERROR(Keep(packed_.row(i), groups_[static_cast<size_t>(i)]));
  }
  return Progress::kDone;
}

Result<Progress> SortedOver::Finish(Output& output) {
  if (!sorted_) {
    std::stable_sort(rows_.begin(), rows_.end(),
                     [this](const uint8_t* a, const uint8_t* b) { return sort_.Compare(a, b) < 0; });
    sorted_ = true;
  }
  for (;;) {
    if (sent_ == partition_.last - partition_.first) {
      if (partition_.last == rows_.size()) return Progress::kDone;
      partition_.first = partition_.last;
      const uint8_t* first = rows_[partition_.first];
      do {
        ++partition_.last;
      } while (partition_.last < rows_.size() &&
               layout_.FieldsEqual(first, rows_[partition_.last], spec_.partition_keys));
      sent_ = 0;
      MR_RETURN_IF_ERROR(EvaluatePartition());
    }
    if (SendPartition(output) == Progress::kMore) return Progress::kMore;
  }
}

Progress SortedOver::SendPartition(Output& output) {
  size_t size = partition_.last - partition_.first;
  while (sent_ < size) {
    size_t count = std::min(static_cast<size_t>(context_.chunk_rows), size - sent_);
    Chunk chunk;
    chunk.size = static_cast<int32_t>(count);
    const uint8_t* const* rows = rows_.data() + partition_.first + sent_;
    for (size_t c = 0; c < layout_.types().size(); ++c) {
      ColumnBuilder builder(layout_.types()[c], context_.pool, chunk.size);
      layout_.AppendColumn(c, rows, chunk.size, builder);
      chunk.columns.push_back(builder.Finish());
    }
    for (const ColumnPtr& result : results_) {
      chunk.columns.push_back(Slice(result, static_cast<int32_t>(sent_), chunk.size, context_.pool));
    }
    sent_ += count;
    output.Emit(std::move(chunk));
    if (!output.HasCredit()) return Progress::kMore;
  }
  return Progress::kDone;
}

Status SortedOver::EvaluatePartition() {
  FindPeers();
  std::vector<ColumnBuilder> results;
  for (const functions::AggregateCall& call : spec_.aggregates) results.emplace_back(call.type, context_.pool);
  MR_RETURN_IF_ERROR(Aggregate(results));
  for (size_t c = 0; c < results.size(); ++c) {
    if (!spec_.rankings[c].empty()) Rank(c, results[c]);
  }
  results_.clear();
  for (ColumnBuilder& result : results) results_.push_back(result.Finish());
  return Status::Ok();
}

void SortedOver::FindPeers() {
  size_t size = partition_.last - partition_.first;
  peer_first_.assign(size, 0);
  peer_last_.assign(size, size);
  for (size_t first = 0; first < size;) {
    size_t last = first + 1;
    while (last < size && order_.Compare(rows_[partition_.first + first], rows_[partition_.first + last]) == 0) ++last;
    for (size_t row = first; row < last; ++row) {
      peer_first_[row] = first;
      peer_last_[row] = last;
    }
    first = last;
  }
}

int64_t SortedOver::TimeOf(const uint8_t* row) const {
  auto column = static_cast<size_t>(spec_.order_keys[0].column);
  const DataType& type = layout_.types()[column];
  if (type.physical() == PhysicalKind::kTimestamp) return layout_.GetTimestamp(row, column).millis;
  int64_t number = layout_.GetInteger(row, column);
  return type.Is(TypeKind::kDate) ? number * 86400000 : number;
}

// Whether `other`, which stands before `row`, is near enough for a RANGE frame; a NULL has only its peers.
bool SortedOver::WithinBefore(const uint8_t* other, const uint8_t* row) const {
  auto column = static_cast<size_t>(spec_.order_keys[0].column);
  if (layout_.IsNull(other, column) || layout_.IsNull(row, column)) return false;
  return std::abs(TimeOf(row) - TimeOf(other)) <= spec_.preceding;
}

bool SortedOver::WithinAfter(const uint8_t* other, const uint8_t* row) const {
  auto column = static_cast<size_t>(spec_.order_keys[0].column);
  if (layout_.IsNull(other, column) || layout_.IsNull(row, column)) return false;
  return std::abs(TimeOf(row) - TimeOf(other)) <= spec_.following;
}

// `before`: the frame of the row before; frames move on only.
SortedOver::Range SortedOver::FrameOf(size_t row, Range before) const {
  size_t size = partition_.last - partition_.first;
  Range frame{0, size};
  const uint8_t* const* rows = rows_.data() + partition_.first;
  if (spec_.rows_frame) {
    auto preceding = static_cast<size_t>(spec_.preceding);
    if (spec_.preceding >= 0) frame.first = row > preceding ? row - preceding : 0;
    if (spec_.following >= 0) frame.last = std::min(size, row + static_cast<size_t>(spec_.following) + 1);
    return frame;
  }
  if (spec_.preceding == 0) frame.first = peer_first_[row];
  if (spec_.preceding > 0) {
    frame.first = before.first;
    while (frame.first < peer_first_[row] && !WithinBefore(rows[frame.first], rows[row])) ++frame.first;
  }
  if (spec_.following == 0) frame.last = peer_last_[row];
  if (spec_.following > 0) {
    frame.last = std::max(before.last, peer_last_[row]);
    while (frame.last < size && WithinAfter(rows[frame.last], rows[row])) ++frame.last;
  }
  return frame;
}

Status SortedOver::Aggregate(std::vector<ColumnBuilder>& results) {
  if (plain_.empty()) return Status::Ok();
  size_t size = partition_.last - partition_.first;
  std::vector<ColumnPtr> columns;
  for (size_t c = 0; c < layout_.types().size(); ++c) {
    ColumnBuilder builder(layout_.types()[c], context_.pool, static_cast<int32_t>(size));
    layout_.AppendColumn(c, rows_.data() + partition_.first, static_cast<int32_t>(size), builder);
    columns.push_back(builder.Finish());
  }
  aggregates_->Reset(slot_);
  Range done{0, 0};
  for (size_t row = 0; row < size; ++row) {
    Range frame = FrameOf(row, done);
    if (frame.first != done.first || frame.last < done.last) {
      aggregates_->Reset(slot_);
      done = {frame.first, frame.first};
    }
    MR_RETURN_IF_ERROR(Accumulate(columns, {done.last, frame.last}));
    done = frame;
    for (size_t a = 0; a < plain_.size(); ++a) {
      MR_RETURN_IF_ERROR(aggregates_->Emit(a, &slot_, 1, results[plain_[a]]));
    }
  }
  return Status::Ok();
}

Status SortedOver::Accumulate(const std::vector<ColumnPtr>& columns, Range range) {
  if (range.first >= range.last) return Status::Ok();
  std::vector<int32_t> rows;
  for (size_t row = range.first; row < range.last; ++row) rows.push_back(static_cast<int32_t>(row));
  std::vector<uint8_t*> slots(rows.size(), slot_);
  std::vector<int32_t> groups(rows.size(), context_.key_groups.first);
  AggregateInput input;
  input.columns = columns;
  input.rows = RowSet::Of(rows);
  input.slots = slots.data();
  input.groups = groups.data();
  return aggregates_->Accumulate(input);
}

void SortedOver::Rank(size_t c, ColumnBuilder& result) const {
  const std::string& name = spec_.rankings[c];
  const functions::AggregateCall& call = spec_.aggregates[c];
  if (name == "LAG" || name == "LEAD") return Shift(call, name == "LEAD", result);
  if (name == "NTILE") return Tile(call, result);
  auto size = static_cast<int64_t>(peer_first_.size());
  int64_t dense = 0;
  for (int64_t row = 0; row < size; ++row) {
    auto at = static_cast<size_t>(row);
    auto rank = static_cast<int64_t>(peer_first_[at]) + 1;
    if (rank == row + 1) ++dense;
    if (name == "ROW_NUMBER") {
      result.Append(row + 1);
    } else if (name == "RANK") {
      result.Append(rank);
    } else if (name == "DENSE_RANK") {
      result.Append(dense);
    } else if (name == "PERCENT_RANK") {
      result.Append(size == 1 ? 0.0 : static_cast<double>(rank - 1) / static_cast<double>(size - 1));
    } else {  // CUME_DIST
      result.Append(static_cast<double>(peer_last_[at]) / static_cast<double>(size));
    }
  }
}

void SortedOver::Shift(const functions::AggregateCall& call, bool ahead, ColumnBuilder& result) const {
  auto size = static_cast<int64_t>(peer_first_.size());
  const uint8_t* const* rows = rows_.data() + partition_.first;
  for (int64_t row = 0; row < size; ++row) {
    int64_t offset = 1;
    if (call.args.size() > 1) offset = layout_.GetInteger(rows[row], static_cast<size_t>(call.args[1]));
    int64_t source = ahead ? row + offset : row - offset;
    bool within = source >= 0 && source < size;
    if (within && !call.type.nullable() && layout_.IsNull(rows[source], static_cast<size_t>(call.args[0]))) {
      result.AppendValue(functions::StandInForNull(call.type));
    } else if (within) {
      layout_.AppendColumn(static_cast<size_t>(call.args[0]), &rows[source], 1, result);
    } else if (call.args.size() > 2) {
      layout_.AppendColumn(static_cast<size_t>(call.args[2]), &rows[row], 1, result);
    } else {
      result.AppendNull();
    }
  }
}

// The first partitions get one row more where they do not come out even.
void SortedOver::Tile(const functions::AggregateCall& call, ColumnBuilder& result) const {
  auto size = static_cast<int64_t>(peer_first_.size());
  const uint8_t* const* rows = rows_.data() + partition_.first;
  for (int64_t row = 0; row < size; ++row) {
    int64_t tiles = std::max<int64_t>(layout_.GetInteger(rows[row], static_cast<size_t>(call.args[0])), 1);
    int64_t small = size / tiles;
    int64_t in_large = size % tiles * (small + 1);
    result.Append(row < in_large ? row / (small + 1) + 1 : size % tiles + (row - in_large) / small + 1);
  }
}

Status SortedOver::Snapshot(state::SnapshotWriter& writer) {
  MR_RETURN_IF_ERROR(writer.BeginState("rows", 1));
  for (const uint8_t* row : rows_) {
    int32_t group = 0;
    std::memcpy(&group, row + state::PackedSize(row), sizeof(group));
    MR_RETURN_IF_ERROR(writer.KeyedRecord(group, {}, state::PackedBytes(row)));
  }
  return Status::Ok();
}

Status SortedOver::Restore(state::SnapshotReader& reader) {
  return reader.ForEach("rows", [this](const state::SnapshotRecord& record) -> Status {
    if (!layout_.IsPlausible(record.value)) return state::CorruptRecord("a waiting row is damaged");
    return Keep(reinterpret_cast<const uint8_t*>(record.value.data()), record.key_group);
  });
}

OperatorMetrics SortedOver::Metrics() const {
  return {0, heap_ ? heap_->reserved_bytes() : 0, static_cast<int64_t>(rows_.size())};
}

}  // namespace millrace::operators
