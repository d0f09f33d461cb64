// KeyedTable: keyed state. Open addressing, one small table per key group, values in fixed-width slots that never move.
//
// Slots live in segments of a fixed number of slots; each segment carries the epoch of its last write, so that a later
// checkpoint can tell what has changed. An index of 8-byte buckets (32 bits of hash, slot number) stands beside them,
// so growing an index touches no slot.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/memory_pool.h"
#include "base/result.h"
#include "engine/state/blob_heap.h"
#include "engine/state/key_encoder.h"
#include "engine/state/page_heap.h"
#include "engine/state/snapshot.h"

namespace millrace::state {

// Where an iteration stands. Stays valid while entries come and go; entries that come meanwhile may or may not be seen.
struct TableCursor {
  int32_t group = 0;  // counted from the first owned key group
  uint32_t entry = 0;
};

// Owned by one operator; not thread-safe. A value is value_bytes() of memory, 16-byte aligned, zeroed when it is
// created; its address holds until it is erased. What a value owns is its user's affair.
class KeyedTable {
 public:
  // `range`: the key groups of this subtask; keys of other groups must not come.
  KeyedTable(KeyShape shape, int32_t value_bytes, KeyGroupRange range, MemoryPool* pool);
  KeyedTable(KeyedTable&& other) noexcept;
  KeyedTable& operator=(KeyedTable&&) = delete;
  ~KeyedTable() = default;

  // For each key of the batch, its value; key i has key group groups[i]. Indexes of keys that were created are appended
  // to `created`, in order. Cache misses of neighbouring rows overlap. Fails with "memory.limit".
  Status FindOrInsert(const KeyBatch& keys, const int32_t* groups, uint8_t** values, std::vector<int32_t>* created);
  // The same without inserting: null where the key is absent.
  void Find(const KeyBatch& keys, const int32_t* groups, uint8_t** values) const;
  Result<uint8_t*> FindOrInsert(const KeyView& key, int32_t group, bool* created);
  uint8_t* Find(const KeyView& key, int32_t group) const;

  void Erase(uint8_t* value);
  // Takes out everything.
  void Clear();

  // The next entry, or null at the end. Order: by key group, then by slot, which is the order of insertion while
  // nothing is erased.
  uint8_t* Next(TableCursor& cursor) const;

  // Saving while the table is used. From StartSave on `save` sees each entry once, as it was then: those of a segment
  // before anyone is given a value in it or takes one out, the others when SaveMore comes to them. `save` must not use
  // the table other than by KeyOf and KeyGroupOf; what it refers to must live as long as the table, or until the save
  // is over or dropped. A former save that is not over is dropped.
  void StartSave(std::function<void(const uint8_t* value)> save);
  // Goes on for about `*entries` entries, which are counted down. True: there is nothing (more) to save.
  bool SaveMore(int32_t* entries);
  void DropSave() { save_.reset(); }
  // For whoever has kept a value's address: call it before the value, or what it owns, is changed.
  void BeforeChange(const uint8_t* value) const;

  // The key of a value; borrows its bytes from the table.
  KeyView KeyOf(const uint8_t* value) const;
  // Appends the canonical bytes of a value's key: AppendKeyBytes(KeyOf(value), out), without its hash.
  void AppendKeyOf(const uint8_t* value, std::string& out) const;
  int32_t KeyGroupOf(const uint8_t* value) const;

  KeyShape shape() const { return shape_; }
  int32_t value_bytes() const { return value_bytes_; }
  int64_t size() const { return size_; }
  int64_t reserved_bytes() const { return pages_.reserved_bytes() + heap_.reserved_bytes(); }

  // The epoch that writes are marked with from now on.
  void set_epoch(uint32_t epoch) { epoch_ = epoch; }

 private:
  static constexpr uint32_t kNoEntry = 0;  // buckets hold slot number + 1
  struct Bucket {
    uint32_t tag;
    uint32_t entry;
  };
  struct Group {
    Bucket* buckets = nullptr;
    uint32_t mask = 0;
    uint32_t used = 0;   // buckets in use
    uint32_t slots = 0;  // slots ever handed out
    std::vector<uint8_t*> segments;
    std::vector<uint32_t> epochs;  // of each segment's last write
    std::vector<uint32_t> free_slots;
  };
  // After the key at the end of a slot.
  struct Footer {
    uint32_t tag;
    uint16_t group;
    uint8_t nulls;
    uint8_t live;
  };

  uint8_t* SlotAt(const Group& group, uint32_t slot) const {
    return group.segments[slot >> segment_shift_] + static_cast<size_t>(slot & segment_mask_) * slot_bytes_;
  }
  Footer* FooterOf(uint8_t* value) const { return reinterpret_cast<Footer*>(value + footer_offset_); }
  const Footer* FooterOf(const uint8_t* value) const { return reinterpret_cast<const Footer*>(value + footer_offset_); }

  struct Save {
    std::function<void(const uint8_t*)> save;
    std::vector<std::vector<uint8_t>> unsaved;  // by group and segment: 1, until it is saved
    size_t group = 0;                           // where SaveMore stands
    size_t segment = 0;
  };
  // Before anything in this slot of a group changes.
  void BeforeChangeIn(size_t group, uint32_t slot) const {
    if (save_ != nullptr) [[unlikely]]
      SaveSegment(group, slot >> segment_shift_);
  }
  // Saves a segment that is not saved yet; how many slots it looked at.
  int32_t SaveSegment(size_t group, size_t segment) const;

  KeyView KeyWithoutHash(const uint8_t* value) const;
  template <KeyShape kShape>
  bool KeyEquals(const uint8_t* value, const KeyBatch& keys, int32_t i) const;
  bool KeyEquals(const uint8_t* value, const KeyView& key) const;
  template <KeyShape kShape>
  Status FindOrInsertShaped(const KeyBatch& keys, const int32_t* groups, uint8_t** values,
                            std::vector<int32_t>* created);
  template <KeyShape kShape>
  uint8_t* Probe(const Group& group, const KeyBatch& keys, int32_t i, uint32_t* slot) const;
  void Prefetch(const KeyBatch& keys, const int32_t* groups, int32_t from, int32_t to) const;

  Result<uint8_t*> Insert(const KeyView& key, int32_t group_index);
  Status StoreKey(const KeyView& key, uint8_t* value);
  Status GrowIndex(Group& group);
  Result<uint32_t> TakeSlot(int32_t group_index);

  KeyShape shape_;
  int32_t value_bytes_;
  uint32_t key_offset_;
  uint32_t footer_offset_;
  uint32_t slot_bytes_;
  uint32_t segment_shift_;
  uint32_t segment_mask_;
  KeyGroupRange range_;
  std::vector<Group> groups_;
  PageHeap pages_;
  BlobHeap heap_;
  uint32_t epoch_ = 1;
  int64_t size_ = 0;
  std::unique_ptr<Save> save_;
};

}  // namespace millrace::state
