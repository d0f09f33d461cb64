// Values in the order of their arrival, of which the first equal one can be taken away: what LISTAGG, ARRAY_AGG,
// FIRST_VALUE, LAST_VALUE and JSON_ARRAYAGG keep when their input has retractions.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/memory_pool.h"
#include "engine/functions/aggregate/record.h"

namespace millrace::functions {

// Items are canonical bytes (record.h). Removing is a scan for short lists; long ones get an index at their first
// removal.
class ArrivalList {
 public:
  explicit ArrivalList(MemoryPool* pool) : pool_(pool) { Charge(sizeof(*this)); }
  ~ArrivalList() { pool_->Charge(-charged_); }
  ArrivalList(const ArrivalList&) = delete;
  ArrivalList& operator=(const ArrivalList&) = delete;

  size_t size() const { return live_; }
  bool empty() const { return live_ == 0; }
  void Add(std::string_view item);
  // Takes the first equal item away. Without one the removal is remembered until Merge brings the item.
  void Remove(std::string_view item);
  const std::string& first() const { return items_.front().bytes; }  // not empty
  const std::string& last() const { return items_.back().bytes; }
  template <typename F>
  void ForEach(F&& f) const {
    for (const Item& item : items_) {
      if (item.live) f(item.bytes);
    }
  }
  void Merge(const ArrivalList& other);
  void Save(std::string& out) const;
  void Load(RecordReader& in);

 private:
  struct Item {
    std::string bytes;
    bool live = true;
  };

  bool RemoveFirst(std::string_view item);
  uint64_t Find(std::string_view item);  // sequence number, or kNone
  void Erase(uint64_t sequence);
  void BuildIndex();
  void Trim();
  void Compact();
  void Charge(int64_t bytes) {
    charged_ += bytes;
    pool_->Charge(bytes);
  }

  MemoryPool* pool_;
  int64_t charged_ = 0;
  std::deque<Item> items_;  // item k has sequence number base_ + k; the first and the last one are live
  uint64_t base_ = 0;
  size_t live_ = 0;
  std::vector<std::string> unmatched_;  // removals whose item has not come
  bool indexed_ = false;
  std::unordered_map<std::string, std::deque<uint64_t>> index_;
};

// The list that a slot owns; null until it is needed.
struct ListSlot {
  ArrivalList* list;

  ArrivalList& Get(MemoryPool* pool) {
    if (list == nullptr) list = new ArrivalList(pool);
    return *list;
  }
  void Free() {
    delete list;
    list = nullptr;
  }
  void Save(std::string& out) const {
    if (list != nullptr) list->Save(out);
  }
  Status Load(std::string_view record, MemoryPool* pool);
};

}  // namespace millrace::functions
