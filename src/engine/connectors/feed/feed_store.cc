#include "engine/connectors/feed/feed_store.h"

#include <algorithm>

namespace millrace::connectors {

FeedStore& FeedStore::Get() {
  static FeedStore store;
  return store;
}

void FeedStore::Clear() {
  std::lock_guard lock(mutex_);
  entries_.clear();
  closed_ = false;
}

void FeedStore::Append(const std::string& table, std::vector<FeedEntry> entries) {
  std::lock_guard lock(mutex_);
  std::vector<FeedEntry>& all = entries_[table];
  std::move(entries.begin(), entries.end(), std::back_inserter(all));
}

void FeedStore::Close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
}

bool FeedStore::closed() const {
  std::lock_guard lock(mutex_);
  return closed_;
}

std::vector<FeedEntry> FeedStore::Read(const std::string& table, size_t from, size_t count) const {
  std::lock_guard lock(mutex_);
  auto found = entries_.find(table);
  if (found == entries_.end() || from >= found->second.size()) return {};
  auto begin = found->second.begin() + static_cast<ptrdiff_t>(from);
  size_t there = std::min(count, found->second.size() - from);
  return {begin, begin + static_cast<ptrdiff_t>(there)};
}

}  // namespace millrace::connectors
