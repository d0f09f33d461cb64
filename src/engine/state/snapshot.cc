#include "engine/state/snapshot.h"

#include <algorithm>

#include "engine/state/keyed_table.h"
#include "engine/state/snapshot_data.h"
#include "engine/state/value_codec.h"

namespace millrace::state {

KeyGroupRange KeyGroupsOf(int32_t subtask, int32_t parallelism, int32_t max_parallelism) {
  int32_t first = (subtask * max_parallelism + parallelism - 1) / parallelism;
  int32_t last = ((subtask + 1) * max_parallelism - 1) / parallelism;
  return {first, last};
}

namespace {

class PartWriter : public SnapshotWriter {
 public:
  PartWriter(std::shared_ptr<SnapshotPart> part, TableSaves* saves) : part_(std::move(part)), saves_(saves) {}

  Status BeginState(std::string_view name, int32_t version) override {
    part_->blocks.emplace_back();
    part_->blocks.back().name = name;
    part_->blocks.back().version = version;
    return Status::Ok();
  }

  Status KeyedRecord(int32_t key_group, std::string_view key, std::string_view value) override {
    if (part_->blocks.empty()) return NotBegun();
    part_->blocks.back().records.AddKeyed(key_group, key, value);
    return Status::Ok();
  }

  Status BroadcastRecord(std::string_view value) override {
    if (part_->blocks.empty()) return NotBegun();
    part_->blocks.back().records.AddBroadcast(value);
    return Status::Ok();
  }

  Status Entries(KeyedTable& table, SaveTime time, SaveEntry save) override {
    if (part_->blocks.empty()) return NotBegun();
    StateRecords& records = part_->blocks.back().records;
    if (saves_ == nullptr || time == SaveTime::kAtOnce) {
      TableCursor cursor;
      while (const uint8_t* entry = table.Next(cursor)) save(entry, records);
      return Status::Ok();
    }
    // The part lives as long as something is added to it.
    table.StartSave([part = part_, &records, save = std::move(save)](const uint8_t* entry) { save(entry, records); });
    saves_->Add(table);
    return Status::Ok();
  }

 private:
  static Error NotBegun() { return InternalError("a state record was written before BeginState"); }

  std::shared_ptr<SnapshotPart> part_;
  TableSaves* saves_;
};

class PartsReader : public SnapshotReader {
 public:
  PartsReader(std::vector<const SnapshotPart*> parts, KeyGroupRange range) : parts_(std::move(parts)), range_(range) {}

  int32_t StateVersion(std::string_view name) const override {
    for (const SnapshotPart* part : parts_) {
      for (const StateBlock& block : part->blocks) {
        if (block.name == name) return block.version;
      }
    }
    return -1;
  }

  Status ForEach(std::string_view name, const std::function<Status(const SnapshotRecord&)>& visit) override {
    for (const SnapshotPart* part : parts_) {
      for (const StateBlock& block : part->blocks) {
        if (block.name != name) continue;
        for (std::string_view piece : block.records.pieces()) MR_RETURN_IF_ERROR(ForEachIn(piece, block, visit));
      }
    }
    return Status::Ok();
  }

 private:
  Status ForEachIn(std::string_view piece, const StateBlock& block,
                   const std::function<Status(const SnapshotRecord&)>& visit) const {
    SnapshotRecord record;
    while (!piece.empty()) {
      if (!TakeRecord(piece, &record)) return CorruptRecord("a record of '" + block.name + "' is cut short");
      if (record.key_group >= 0 && !range_.Contains(record.key_group)) continue;
      MR_RETURN_IF_ERROR(visit(record));
    }
    return Status::Ok();
  }

  std::vector<const SnapshotPart*> parts_;
  KeyGroupRange range_;
};

}  // namespace

bool TableSaves::SaveMore(int32_t entries) {
  while (!tables_.empty() && entries > 0) {
    if (tables_.back()->SaveMore(&entries)) tables_.pop_back();
  }
  return tables_.empty();
}

void TableSaves::Drop() {
  for (KeyedTable* table : tables_) table->DropSave();
  tables_.clear();
}

JobSnapshot::JobSnapshot() : impl_(std::make_unique<Impl>()) {}
JobSnapshot::~JobSnapshot() = default;
JobSnapshot::JobSnapshot(JobSnapshot&&) noexcept = default;
JobSnapshot& JobSnapshot::operator=(JobSnapshot&&) noexcept = default;

std::unique_ptr<SnapshotWriter> JobSnapshot::Writer(const std::string& operator_id, TableSaves* saves) {
  std::lock_guard lock(impl_->mutex);
  auto& parts = impl_->operators[operator_id];
  parts.push_back(std::make_shared<SnapshotPart>());
  return std::make_unique<PartWriter>(parts.back(), saves);
}

std::unique_ptr<SnapshotReader> JobSnapshot::Reader(const std::string& operator_id, KeyGroupRange range) const {
  std::lock_guard lock(impl_->mutex);
  auto found = impl_->operators.find(operator_id);
  if (found == impl_->operators.end()) return nullptr;
  std::vector<const SnapshotPart*> parts;
  for (const auto& part : found->second) parts.push_back(part.get());
  return std::make_unique<PartsReader>(std::move(parts), range);
}

std::vector<std::string> JobSnapshot::OperatorIds() const {
  std::lock_guard lock(impl_->mutex);
  std::vector<std::string> ids;
  for (const auto& [id, parts] : impl_->operators) {
    auto has_records = [](const auto& part) {
      return std::any_of(part->blocks.begin(), part->blocks.end(),
                         [](const auto& block) { return block.records.count() > 0; });
    };
    if (std::any_of(parts.begin(), parts.end(), has_records)) ids.push_back(id);
  }
  return ids;
}

std::vector<StateSummary> JobSnapshot::Summaries() const {
  std::lock_guard lock(impl_->mutex);
  std::map<std::pair<std::string, std::string>, StateSummary> found;
  for (const auto& [id, parts] : impl_->operators) {
    for (const auto& part : parts) {
      for (const StateBlock& block : part->blocks) {
        if (block.records.count() == 0) continue;
        auto [entry, added] = found.try_emplace({id, block.name});
        StateSummary& summary = entry->second;
        if (added) {
          summary.operator_id = id;
          summary.name = block.name;
          summary.groups = {block.records.first_group(), block.records.last_group()};
        }
        summary.version = block.version;
        summary.groups.first = std::min(summary.groups.first, block.records.first_group());
        summary.groups.last = std::max(summary.groups.last, block.records.last_group());
        ++summary.instances;
        summary.records += static_cast<int64_t>(block.records.count());
        summary.bytes += static_cast<int64_t>(block.records.bytes());
      }
    }
  }
  std::vector<StateSummary> summaries;
  for (auto& [key, summary] : found) summaries.push_back(std::move(summary));
  return summaries;
}

void JobSnapshot::SetMetadata(const std::string& name, std::string value) {
  std::lock_guard lock(impl_->mutex);
  impl_->metadata[name] = std::move(value);
}

std::string JobSnapshot::Metadata(const std::string& name) const {
  std::lock_guard lock(impl_->mutex);
  auto found = impl_->metadata.find(name);
  return found == impl_->metadata.end() ? std::string() : found->second;
}

}  // namespace millrace::state
