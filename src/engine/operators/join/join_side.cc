#include "engine/operators/join/join_side.h"

#include <cstring>

#include "engine/operators/factories.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {

// Open addressing over the records of one list. A record's hash is computed from its row again when the index grows.
struct RecordIndex {
  struct Bucket {
    uint32_t hash;
    JoinRecord* record;  // null: free
  };
  uint32_t mask;
  Bucket* buckets() { return reinterpret_cast<Bucket*>(this + 1); }
  static size_t BytesFor(uint32_t buckets) { return sizeof(RecordIndex) + sizeof(Bucket) * buckets; }
  char padding[12];  // buckets start at a multiple of 16
};
static_assert(sizeof(RecordIndex) == 16);

namespace {
constexpr uint32_t kIndexedFrom = 24;  // shorter lists are walked
}

JoinSide::JoinSide(std::vector<DataType> types, Options options)
    : types_(std::move(types)),
      options_(std::move(options)),
      appends_only_(!options_.retracts && options_.kind == plan::JoinInputSide::kNoUniqueKey),
      encoder_(options_.keys, TypesAt(types_, options_.keys)),
      layout_(types_),
      row_offset_(sizeof(JoinRecord) + (options_.ttl_ms > 0 ? sizeof(int64_t) : 0)) {}

void JoinSide::Open(const OperatorContext& context) {
  table_ = std::make_unique<state::KeyedTable>(encoder_.shape(), static_cast<int32_t>(sizeof(RecordList)),
                                               context.key_groups, context.pool);
  heap_ = std::make_unique<state::BlobHeap>(context.pool);
}

bool JoinSide::SameIdentity(const uint8_t* a, const uint8_t* b) const {
  switch (options_.kind) {
    case plan::JoinInputSide::kJoinKeyIsUnique:
      return true;
    case plan::JoinInputSide::kHasUniqueKey:
      return layout_.FieldsEqual(a, b, options_.unique_key);
    case plan::JoinInputSide::kNoUniqueKey:
      return state::PackedBytes(a) == state::PackedBytes(b);
  }
  return false;
}

uint32_t JoinSide::IdentityHash(const uint8_t* row) const {
  if (options_.kind == plan::JoinInputSide::kHasUniqueKey) {
    return static_cast<uint32_t>(layout_.HashFields(row, options_.unique_key));
  }
  return static_cast<uint32_t>(state::KeyHash(state::PackedBytes(row)));
}

JoinRecord* JoinSide::FindRecord(RecordList* list, const uint8_t* row) const {
  if (list->index != nullptr) {
    uint32_t hash = IdentityHash(row);
    RecordIndex::Bucket* buckets = list->index->buckets();
    for (uint32_t at = hash & list->index->mask; buckets[at].record != nullptr; at = (at + 1) & list->index->mask) {
      if (buckets[at].hash == hash && SameIdentity(RowOf(buckets[at].record), row)) return buckets[at].record;
    }
    return nullptr;
  }
  for (JoinRecord* record = list->head; record != nullptr; record = record->next) {
    if (SameIdentity(RowOf(record), row)) return record;
  }
  return nullptr;
}

Result<JoinRecord*> JoinSide::NewRecord(const uint8_t* row, uint32_t count, int32_t associations) {
  uint32_t bytes = state::PackedSize(row);
  MR_ASSIGN(uint8_t * blob, heap_->Allocate(row_offset_ + bytes));
  auto* record = reinterpret_cast<JoinRecord*>(blob);
  *record = {nullptr, nullptr, count, associations};
  Touch(record);
  std::memcpy(MutableRow(record), row, bytes);
  return record;
}

void JoinSide::FreeRecord(JoinRecord* record) {
  heap_->Free(reinterpret_cast<uint8_t*>(record), row_offset_ + state::PackedSize(RowOf(record)));
}

Status JoinSide::Append(RecordList* list, JoinRecord* record) {
  record->previous = list->tail;
  (list->tail != nullptr ? list->tail->next : list->head) = record;
  list->tail = record;
  ++list->size;
  ++records_;
  if (appends_only_ || list->size <= kIndexedFrom) return Status::Ok();
  if (list->index == nullptr) return BuildIndex(list, 128);
  return IndexInsert(list, record);
}

Status JoinSide::Replace(RecordList* list, JoinRecord* old, const uint8_t* row, int32_t associations) {
  uint32_t bytes = state::PackedSize(row);
  if (bytes == state::PackedSize(RowOf(old))) {
    std::memcpy(MutableRow(old), row, bytes);
    old->count = 1;
    old->associations = associations;
    Touch(old);
    return Status::Ok();
  }
  MR_ASSIGN(JoinRecord * record, NewRecord(row, 1, associations));
  record->next = old->next;
  record->previous = old->previous;
  (old->previous != nullptr ? old->previous->next : list->head) = record;
  (old->next != nullptr ? old->next->previous : list->tail) = record;
  if (list->index != nullptr) {
    IndexErase(list, old);
    MR_RETURN_IF_ERROR(IndexInsert(list, record));
  }
  FreeRecord(old);
  return Status::Ok();
}

void JoinSide::Remove(RecordList* list, JoinRecord* record) {
  if (list->index != nullptr) IndexErase(list, record);
  (record->previous != nullptr ? record->previous->next : list->head) = record->next;
  (record->next != nullptr ? record->next->previous : list->tail) = record->previous;
  --list->size;
  --records_;
  FreeRecord(record);
  if (list->size == 0) FreeIndex(list);
}

void JoinSide::DropExpired(RecordList* list) {
  for (JoinRecord* record = list->head; record != nullptr;) {
    JoinRecord* next = record->next;
    if (Expired(record)) Remove(list, record);
    record = next;
  }
}

Status JoinSide::Add(RecordList* list, const uint8_t* row, int32_t associations) {
  JoinRecord* old = appends_only_ ? nullptr : FindRecord(list, row);
  if (old != nullptr && Expired(old)) {
    Remove(list, old);
    old = nullptr;
  }
  if (old != nullptr && options_.kind == plan::JoinInputSide::kNoUniqueKey) {
    ++old->count;
    old->associations = associations;
    Touch(old);
    return Status::Ok();
  }
  if (old != nullptr) return Replace(list, old, row, associations);
  MR_ASSIGN(JoinRecord * record, NewRecord(row, 1, associations));
  return Append(list, record);
}

void JoinSide::Retract(RecordList* list, const uint8_t* row) {
  JoinRecord* record = FindRecord(list, row);
  if (record == nullptr) return;
  if (record->count > 1 && !Expired(record)) {
    --record->count;
    Touch(record);
    return;
  }
  Remove(list, record);
}

void JoinSide::EraseIfEmpty(uint8_t* slot) {
  if (ListOf(slot)->size == 0) table_->Erase(slot);
}

void JoinSide::Sweep(int32_t slots) {
  if (options_.ttl_ms <= 0) return;
  for (int32_t i = 0; i < slots; ++i) {
    uint8_t* slot = table_->Next(sweep_cursor_);
    if (slot == nullptr) {
      sweep_cursor_ = {};
      return;
    }
    DropExpired(ListOf(slot));
    EraseIfEmpty(slot);
  }
}

Status JoinSide::BuildIndex(RecordList* list, uint32_t buckets) {
  MR_ASSIGN(uint8_t * blob, heap_->Allocate(RecordIndex::BytesFor(buckets)));
  std::memset(blob, 0, RecordIndex::BytesFor(buckets));
  FreeIndex(list);
  list->index = reinterpret_cast<RecordIndex*>(blob);
  list->index->mask = buckets - 1;
  for (JoinRecord* record = list->head; record != nullptr; record = record->next) {
    MR_RETURN_IF_ERROR(IndexInsert(list, record));
  }
  return Status::Ok();
}

Status JoinSide::IndexInsert(RecordList* list, JoinRecord* record) {
  if (list->size * 2 > list->index->mask + 1) return BuildIndex(list, (list->index->mask + 1) * 2);
  uint32_t hash = IdentityHash(RowOf(record));
  RecordIndex::Bucket* buckets = list->index->buckets();
  uint32_t at = hash & list->index->mask;
  while (buckets[at].record != nullptr) at = (at + 1) & list->index->mask;
  buckets[at] = {hash, record};
  return Status::Ok();
}

void JoinSide::IndexErase(RecordList* list, JoinRecord* record) {
  RecordIndex::Bucket* buckets = list->index->buckets();
  uint32_t mask = list->index->mask;
  uint32_t at = IdentityHash(RowOf(record)) & mask;
  while (buckets[at].record != record) at = (at + 1) & mask;
  for (uint32_t next = (at + 1) & mask; buckets[next].record != nullptr; next = (next + 1) & mask) {
    uint32_t home = buckets[next].hash & mask;
    if (((next - home) & mask) < ((next - at) & mask)) continue;
    buckets[at] = buckets[next];
    at = next;
  }
  buckets[at].record = nullptr;
}

void JoinSide::FreeIndex(RecordList* list) {
  if (list->index == nullptr) return;
  heap_->Free(reinterpret_cast<uint8_t*>(list->index), RecordIndex::BytesFor(list->index->mask + 1));
  list->index = nullptr;
}

// One record per row: key → count, associations, time of the last write, the packed row.
Status JoinSide::Snapshot(std::string_view name, state::SnapshotWriter& writer) {
  MR_RETURN_IF_ERROR(writer.BeginState(name, 1));
  auto save = [this, key = std::string(), value = std::string()](const uint8_t* slot,
                                                                 state::StateRecords& records) mutable {
    key.clear();
    table_->AppendKeyOf(slot, key);
    for (const JoinRecord* record = ListOf(const_cast<uint8_t*>(slot))->head; record != nullptr;
         record = record->next) {
      value.clear();
      state::PutFixed(record->count, value);
      state::PutFixed(record->associations, value);
      state::PutFixed(options_.ttl_ms > 0 ? *TouchedOf(record) : int64_t{0}, value);
      value.append(state::PackedBytes(RowOf(record)));
      records.AddKeyed(table_->KeyGroupOf(slot), key, value);
    }
  };
  return writer.Entries(*table_, state::SnapshotWriter::SaveTime::kInUse, std::move(save));
}

Status JoinSide::Restore(std::string_view name, state::SnapshotReader& reader) {
  return reader.ForEach(name, [this](const state::SnapshotRecord& record) -> Status {
    std::string_view in = record.value;
    uint32_t count = 0;
    int32_t associations = 0;
    int64_t touched = 0;
    if (!state::TakeFixed(in, &count) || !state::TakeFixed(in, &associations) || !state::TakeFixed(in, &touched) ||
        !layout_.IsPlausible(in)) {
      return state::CorruptRecord("a row of a join is damaged");
    }
    MR_ASSIGN(state::KeyView key, state::ParseKey(table_->shape(), record.key));
    MR_ASSIGN(uint8_t * slot, table_->FindOrInsert(key, record.key_group, nullptr));
    MR_ASSIGN(JoinRecord * restored, NewRecord(reinterpret_cast<const uint8_t*>(in.data()), count, associations));
    if (options_.ttl_ms > 0) *TouchedOf(restored) = touched;
    return Append(ListOf(slot), restored);
  });
}

}  // namespace millrace::operators
