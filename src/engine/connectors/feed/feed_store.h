// What the test connector `feed` gives while a job runs: rows, watermarks and idleness, by table, in order. One per
// process.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "types/data_type.h"
#include "types/physical.h"
#include "types/value.h"

namespace millrace::connectors {

struct FeedEntry {
  enum class Kind : uint8_t { kRow, kWatermark, kIdle, kActive };
  Kind kind = Kind::kRow;
  RowKind row_kind = RowKind::kInsert;
  ValueRow values;        // kRow: the physical columns
  int64_t watermark = 0;  // kWatermark: milliseconds
};

// Thread-safe. Tables go by catalog.database.table.
class FeedStore {
 public:
  static FeedStore& Get();
  // Nothing is there, and more may come.
  void Clear();
  void Append(const std::string& table, std::vector<FeedEntry> entries);
  // Nothing more comes, for any table.
  void Close();
  bool closed() const;
  // Entries from a position on, at most `count`.
  std::vector<FeedEntry> Read(const std::string& table, size_t from, size_t count) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<FeedEntry>> entries_;
  bool closed_ = false;
};

}  // namespace millrace::connectors
