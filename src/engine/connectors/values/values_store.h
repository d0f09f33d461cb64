// The rows behind the test connector `values`: what sources give, by data id, and what sinks got, by table name. One
// per process.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "types/data_type.h"
#include "types/physical.h"
#include "types/value.h"

namespace millrace::connectors {

struct ValuesRow {
  RowKind kind = RowKind::kInsert;
  ValueRow values;  // physical columns, then metadata by key in alphabetical order
};

// What a sink table has received. `keys` are positions of the primary key; empty: none.
struct ValuesSinkContent {
  Schema schema;
  std::vector<int32_t> keys;
  std::vector<ValuesRow> raw;
  // The rows that are left after all changes. Not defined while raw holds changes that do not fit.
  std::vector<ValueRow> Materialized() const;
};

// Thread-safe.
class ValuesStore {
 public:
  static ValuesStore& Get();
  void Register(const std::string& data_id, std::vector<ValuesRow> rows);
  std::vector<ValuesRow> Rows(const std::string& data_id) const;
  void Declare(const std::string& table, Schema schema, std::vector<int32_t> keys);
  void Receive(const std::string& table, std::vector<ValuesRow> rows);
  // Replaces a sink's rows, as a restore does.
  void SetReceived(const std::string& table, std::vector<ValuesRow> rows);
  ValuesSinkContent Content(const std::string& table) const;
  void Clear();

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<ValuesRow>> sources_;
  std::map<std::string, ValuesSinkContent> sinks_;
};

}  // namespace millrace::connectors
