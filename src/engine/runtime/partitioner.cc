#include "engine/runtime/partitioner.h"

#include "engine/state/key_encoder.h"

namespace millrace::runtime {

bool Partitioner::HasRoom() const {
  for (const Channel* channel : channels_) {
    if (!channel->HasRoom()) return false;
  }
  return true;
}

void Partitioner::Send(const Chunk& chunk) {
  if (channels_.size() == 1) {
    channels_[0]->Push(chunk);
    return;
  }
  switch (options_.distribution) {
    case plan::Distribution::kHash:
      SendHashed(chunk);
      return;
    case plan::Distribution::kRoundRobin: {
      // One channel gets the rows, each gets the watermark.
      Chunk rows = chunk;
      rows.marks.clear();
      channels_[next_++ % channels_.size()]->Push(std::move(rows));
      if (!chunk.marks.empty()) SendToAll(WatermarkElement{chunk.marks.back().watermark});
      return;
    }
    case plan::Distribution::kForward:
    case plan::Distribution::kSingleton:
      channels_[static_cast<size_t>(options_.subtask) % channels_.size()]->Push(chunk);
      return;
  }
}

namespace {

// The rows of one target as a chunk of their own.
Chunk TakeRows(const Chunk& chunk, const std::vector<int32_t>& rows, MemoryPool* pool) {
  Chunk part;
  part.size = static_cast<int32_t>(rows.size());
  part.columns.reserve(chunk.columns.size());
  for (const ColumnPtr& column : chunk.columns) part.columns.push_back(Gather(column, rows, pool, true));
  if (chunk.kinds) {
    auto kinds = std::make_shared<std::vector<RowKind>>();
    kinds->reserve(rows.size());
    for (int32_t row : rows) kinds->push_back((*chunk.kinds)[static_cast<size_t>(row)]);
    part.kinds = std::move(kinds);
  }
  return part;
}

}  // namespace

void Partitioner::SendHashed(const Chunk& chunk) {
  state::ComputeKeyGroups(chunk, options_.hash_keys, options_.max_parallelism, groups_);
  auto parallelism = static_cast<int32_t>(channels_.size());
  std::vector<std::vector<int32_t>> rows(channels_.size());
  std::vector<std::vector<WatermarkMark>> marks(channels_.size());
  RowSet live = chunk.rows();
  size_t mark = 0;
  auto place_marks = [&](int32_t before) {
    for (; mark < chunk.marks.size() && chunk.marks[mark].row <= before; ++mark) {
      for (size_t t = 0; t < rows.size(); ++t)
        marks[t].push_back({static_cast<int32_t>(rows[t].size()), chunk.marks[mark].watermark});
    }
  };
  for (int32_t i = 0; i < live.count(); ++i) {
    place_marks(live[i]);
    auto target =
        static_cast<size_t>(state::SubtaskOf(groups_[static_cast<size_t>(i)], parallelism, options_.max_parallelism));
    rows[target].push_back(live[i]);
  }
  place_marks(INT32_MAX);
  for (size_t t = 0; t < rows.size(); ++t) {
    if (rows[t].empty()) {
      if (!marks[t].empty()) channels_[t]->Push(WatermarkElement{marks[t].back().watermark});
      continue;
    }
    Chunk part = TakeRows(chunk, rows[t], options_.pool);
    part.marks = std::move(marks[t]);
    channels_[t]->Push(std::move(part));
  }
}

void Partitioner::SendToAll(const StreamElement& element) {
  for (Channel* channel : channels_) channel->Push(element);
}

}  // namespace millrace::runtime
