#include "engine/connectors/values/values_store.h"

#include <algorithm>

namespace millrace::connectors {

ValuesStore& ValuesStore::Get() {
  static ValuesStore store;
  return store;
}

void ValuesStore::Register(const std::string& data_id, std::vector<ValuesRow> rows) {
  std::lock_guard lock(mutex_);
  sources_[data_id] = std::move(rows);
}

std::vector<ValuesRow> ValuesStore::Rows(const std::string& data_id) const {
  std::lock_guard lock(mutex_);
  auto found = sources_.find(data_id);
  return found == sources_.end() ? std::vector<ValuesRow>{} : found->second;
}

void ValuesStore::Declare(const std::string& table, Schema schema, std::vector<int32_t> keys) {
  std::lock_guard lock(mutex_);
  sinks_[table].schema = std::move(schema);
  sinks_[table].keys = std::move(keys);
}

void ValuesStore::Receive(const std::string& table, std::vector<ValuesRow> rows) {
  std::lock_guard lock(mutex_);
  std::vector<ValuesRow>& raw = sinks_[table].raw;
  raw.insert(raw.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
}

void ValuesStore::SetReceived(const std::string& table, std::vector<ValuesRow> rows) {
  std::lock_guard lock(mutex_);
  sinks_[table].raw = std::move(rows);
}

ValuesSinkContent ValuesStore::Content(const std::string& table) const {
  std::lock_guard lock(mutex_);
  auto found = sinks_.find(table);
  return found == sinks_.end() ? ValuesSinkContent{} : found->second;
}

void ValuesStore::Clear() {
  std::lock_guard lock(mutex_);
  sources_.clear();
  sinks_.clear();
}

std::vector<ValueRow> ValuesSinkContent::Materialized() const {
  std::vector<ValueRow> rows;
  auto same = [this](const ValueRow& a, const ValueRow& b) {
    if (keys.empty()) return a == b;
    return std::all_of(keys.begin(), keys.end(),
                       [&](int32_t k) { return a[static_cast<size_t>(k)] == b[static_cast<size_t>(k)]; });
  };
  for (const ValuesRow& change : raw) {
    auto found = std::find_if(rows.begin(), rows.end(), [&](const ValueRow& row) { return same(row, change.values); });
    if (!IsAddition(change.kind)) {
      if (found != rows.end()) rows.erase(found);
    } else if (!keys.empty() && found != rows.end()) {
      *found = change.values;
    } else {
      rows.push_back(change.values);
    }
  }
  return rows;
}

}  // namespace millrace::connectors
