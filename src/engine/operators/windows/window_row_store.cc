#include "engine/operators/windows/window_row_store.h"

#include <cstring>

#include "engine/operators/factories.h"
#include "engine/operators/windows/window_math.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {

WindowRowStore::WindowRowStore(std::vector<DataType> types, std::vector<int32_t> keys, int32_t window_end)
    : types_(std::move(types)),
      window_end_(window_end),
      group_encoder_(keys, TypesAt(types_, keys)),
      encoder_(keys, TypesAt(types_, keys), true),
      layout_(types_) {}

void WindowRowStore::Open(const OperatorContext& context) {
  context_ = context;
  table_ = std::make_unique<state::KeyedTable>(encoder_.shape(), static_cast<int32_t>(sizeof(Rows)), context.key_groups,
                                               context.pool);
  heap_ = std::make_unique<state::BlobHeap>(context.pool);
}

Status WindowRowStore::Append(uint8_t* slot, const uint8_t* row) {
  uint32_t bytes = state::PackedSize(row);
  MR_ASSIGN(uint8_t * blob, heap_->Allocate(sizeof(Node) + bytes));
  auto* node = reinterpret_cast<Node*>(blob);
  node->next = nullptr;
  std::memcpy(node + 1, row, bytes);
  Rows* rows = RowsOf(slot);
  (rows->tail != nullptr ? rows->tail->next : rows->head) = node;
  rows->tail = node;
  ++rows_;
  return Status::Ok();
}

Status WindowRowStore::Add(const Chunk& chunk, RowSet rows) {
  if (rows.count() == 0) return Status::Ok();
  ColumnReader<Timestamp> ends(*chunk.columns[static_cast<size_t>(window_end_)]);
  ends_.clear();
  rows.ForEach([&](int32_t row) { ends_.push_back(ends[row].millis); });
  group_encoder_.Encode(chunk.columns, rows, keys_);
  state::KeyGroupsOfHashes(keys_.hashes, context_.max_parallelism, groups_);
  encoder_.EncodeWith(chunk.columns, rows, ends_.data(), keys_);
  slots_.resize(static_cast<size_t>(rows.count()));
  created_.clear();
  MR_RETURN_IF_ERROR(table_->FindOrInsert(keys_, groups_.data(), slots_.data(), &created_));
  for (int32_t i : created_) {
    auto at = static_cast<size_t>(i);
    windows_[ends_[at]].push_back(slots_[at]);
    for (int32_t key : group_encoder_.columns()) {
      if (chunk.columns[static_cast<size_t>(key)]->IsNull(rows[i])) RowsOf(slots_[at])->null_key = true;
    }
  }
  layout_.Encode(chunk.columns, rows, packed_);
  for (int32_t i = 0; i < rows.count(); ++i) {
    MR_RETURN_IF_ERROR(Append(slots_[static_cast<size_t>(i)], packed_.row(i)));
  }
  return Status::Ok();
}

const std::vector<uint8_t*>* WindowRowStore::Window(int64_t end) const {
  auto found = windows_.find(end);
  return found == windows_.end() ? nullptr : &found->second;
}

uint8_t* WindowRowStore::Partner(const WindowRowStore& other, const uint8_t* slot) const {
  return table_->Find(other.table_->KeyOf(slot), other.table_->KeyGroupOf(slot));
}

void WindowRowStore::DropWindow(int64_t end) {
  auto found = windows_.find(end);
  if (found == windows_.end()) return;
  for (uint8_t* slot : found->second) {
    for (Node* node = RowsOf(slot)->head; node != nullptr;) {
      Node* next = node->next;
      heap_->Free(reinterpret_cast<uint8_t*>(node), sizeof(Node) + state::PackedSize(node->row()));
      --rows_;
      node = next;
    }
    table_->Erase(slot);
  }
  windows_.erase(found);
}

Status WindowRowStore::Snapshot(std::string_view name, state::SnapshotWriter& writer) const {
  MR_RETURN_IF_ERROR(writer.BeginState(name, 1));
  std::string key;
  std::string value;
  for (const auto& [end, slots] : windows_) {
    for (uint8_t* slot : slots) {
      key.clear();
      table_->AppendKeyOf(slot, key);
      for (const Node* node = RowsOf(slot)->head; node != nullptr; node = node->next) {
        value.assign(1, RowsOf(slot)->null_key ? '\1' : '\0');
        value.append(state::PackedBytes(node->row()));
        MR_RETURN_IF_ERROR(writer.KeyedRecord(table_->KeyGroupOf(slot), key, value));
      }
    }
  }
  return Status::Ok();
}

Status WindowRowStore::Restore(std::string_view name, state::SnapshotReader& reader) {
  return reader.ForEach(name, [this](const state::SnapshotRecord& record) -> Status {
    if (record.value.empty() || !layout_.IsPlausible(record.value.substr(1))) {
      return state::CorruptRecord("a waiting row of a window is damaged");
    }
    MR_ASSIGN(state::KeyView key, state::ParseKey(table_->shape(), record.key));
    bool created = false;
    MR_ASSIGN(uint8_t * slot, table_->FindOrInsert(key, record.key_group, &created));
    if (created) windows_[state::ExtraOf(key)].push_back(slot);
    RowsOf(slot)->null_key = record.value[0] != '\0';
    return Append(slot, reinterpret_cast<const uint8_t*>(record.value.data()) + 1);
  });
}

std::vector<int32_t> RowsInTime(const Chunk& chunk, int32_t window_end, const WindowMath& math, int64_t watermark,
                                int64_t* late_rows) {
  ColumnReader<Timestamp> ends(*chunk.columns[static_cast<size_t>(window_end)]);
  std::vector<int32_t> in_time;
  chunk.rows().ForEach([&](int32_t row) {
    if (watermark != INT64_MIN && math.IsFired(ends[row].millis, watermark)) {
      ++*late_rows;
    } else {
      in_time.push_back(row);
    }
  });
  return in_time;
}

}  // namespace millrace::operators
