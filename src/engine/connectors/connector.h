// Connectors bring rows in from the outside world and carry them out. One folder per connector; connectors.inc lists
// them. A TableSource / TableSink is made while planning; readers and writers are made per parallel subtask when the
// job runs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/memory_pool.h"
#include "base/options.h"
#include "base/result.h"
#include "engine/formats/format.h"
#include "types/chunk.h"
#include "types/data_type.h"
#include "types/time_zone.h"

namespace millrace::connectors {

using formats::ChangelogMode;

struct MetadataColumn {
  std::string key;  // "timestamp", "headers", "file.path"
  DataType type;    // as the table declares it; the planner casts from the connector's own type
};

// A table as its connector sees it: no computed columns, no watermark.
struct TableSpec {
  std::string name;                      // catalog.database.table, for messages
  Schema physical;                       // physical columns in order
  std::vector<MetadataColumn> metadata;  // metadata columns that are read or written, in order
  std::vector<std::string> primary_key;
  std::vector<std::string> partition_keys;
  OptionMap options;  // all of WITH, 'connector' too
};

// What a running reader or writer may use. Outlives it.
struct ConnectorContext {
  MemoryPool* pool = MemoryPool::Process();
  const Clock* clock = Clock::System();
  const TimeZone* zone = TimeZone::Utc();
  int32_t subtask = 0;
  int32_t parallelism = 1;
  int32_t chunk_rows = kDefaultChunkRows;
  uint64_t seed = 0;
  // Where `print` writes: one call per whole line, thread-safe. Null: standard output.
  std::function<void(std::string_view line)> print_line;
  // Wakes the task of this reader after PollStatus::kNothing; may be called from any thread. Null: the runtime polls.
  std::function<void()> wake;
};

// A piece of input with a position: a file, a partition. `state` says where to go on; it is what a checkpoint stores.
struct Split {
  std::string id;     // stable over restarts: path, topic and partition
  std::string state;  // opaque; empty: from the start as the options say
};

enum class PollStatus : uint8_t {
  kRows,     // `chunk` holds rows
  kNothing,  // nothing now; ask again when woken, or after a while
  kEnd,      // all assigned splits of a bounded source are at their end
};

struct PollResult {
  PollStatus status = PollStatus::kNothing;
  Chunk chunk;  // columns: the wanted physical columns, then the wanted metadata columns
  int32_t split =
      0;  // index, in the order of AddSplit, of the split that the rows come from (all rows of one chunk from one)
};

// Reads splits. Used by one thread at a time. Poll never blocks: clients that block run on threads of their own.
class SourceReader {
 public:
  virtual ~SourceReader() = default;
  virtual Status AddSplit(const Split& split) = 0;
  virtual Result<PollResult> Poll() = 0;
  // Every assigned split with its present position (finished ones may be left out); exact with respect to the rows
  // Poll() returned.
  virtual std::vector<Split> SnapshotSplits() = 0;
  // After a checkpoint is complete; for what is only for show, such as committed group offsets.
  virtual Status OnCheckpointComplete() { return Status::Ok(); }
};

// A table's source while planning. The planner may narrow it before readers are made.
class TableSource {
 public:
  virtual ~TableSource() = default;
  virtual ChangelogMode changelog_mode() const = 0;
  virtual bool bounded() const = 0;
  // Whether each split carries its own watermark (Kafka); otherwise one watermark per reader (files).
  virtual bool watermark_per_split() const { return false; }
  // Readers will deliver only these physical columns, in this order, and these metadata columns (positions in
  // TableSpec). False: cannot; the planner projects itself.
  virtual bool ApplyProjection(const std::vector<int32_t>& physical, const std::vector<int32_t>& metadata) = 0;
  // After ApplyProjection: readers will deliver, instead of those physical columns, one column for each path of field
  // positions (the first step counts among the table's physical columns). No path begins another one. False: cannot.
  virtual bool ApplyNestedProjection(const std::vector<std::vector<int32_t>>& paths) {
    static_cast<void>(paths);
    return false;
  }
  // The splits there are now. Called once at the start, and again every discovery_interval_ms() when that is positive;
  // splits with known ids are not assigned twice. Contacts the outside world: a missing file, broker or topic is an
  // error here, within seconds.
  virtual Result<std::vector<Split>> EnumerateSplits(int32_t parallelism) = 0;
  virtual int64_t discovery_interval_ms() const { return 0; }
  // Assign one split at a time per reader, the next when it is done (files); otherwise all at once, round robin
  // (Kafka).
  virtual bool one_split_at_a_time() const { return false; }
  virtual Result<std::unique_ptr<SourceReader>> MakeReader(const ConnectorContext& context) = 0;
};

// Writes rows. Used by one thread at a time. Two-phase: what Prepare returns is stored in the checkpoint; Commit makes
// it visible, may be called again after a crash for the same token, and must then succeed without effect.
class SinkWriter {
 public:
  virtual ~SinkWriter() = default;
  // May buffer. Writes the chunk's live rows, all of them or none.
  virtual Status Write(const Chunk& chunk) = 0;
  // Everything buffered goes out; called at checkpoints and at the end of input. Returns what Commit needs; empty:
  // nothing to commit.
  virtual Result<std::string> Prepare(bool end_of_input) = 0;
  virtual Status Commit(const std::string& token) {
    static_cast<void>(token);
    return Status::Ok();
  }
  // Gives up what was written since the last commit (cancel, failure). Leaves nothing half-written.
  virtual void Abort() {}
};

class TableSink {
 public:
  virtual ~TableSink() = default;
  // What the sink wants of a query that produces `query_mode`: upsert sinks leave out -U, for instance. Fails with code
  // "sink.changelog"
  // ("Table sink '…' doesn't support consuming update changes …") when it cannot take it.
  virtual Result<ChangelogMode> AcceptedMode(const ChangelogMode& query_mode) const = 0;
  virtual std::optional<int32_t> parallelism() const { return std::nullopt; }
  virtual Result<std::unique_ptr<SinkWriter>> MakeWriter(const ConnectorContext& context) = 0;
};

struct Connector {
  std::string_view name;
  std::string_view doc;
  std::span<const OptionSpec> options;  // without those of formats, which come with a prefix
  // The metadata keys with the types they have; empty when there are none. Writable ones may be declared without
  // VIRTUAL.
  struct Metadata {
    std::string_view key;
    DataType type;
    bool writable;
  };
  Result<std::vector<Metadata>> (*metadata)(const TableSpec& table) = nullptr;  // null: none
  Result<std::unique_ptr<TableSource>> (*make_source)(const TableSpec& table,
                                                      const ConnectorContext& context) = nullptr;  // null: no source
  Result<std::unique_ptr<TableSink>> (*make_sink)(const TableSpec& table,
                                                  const ConnectorContext& context) = nullptr;  // null: no sink
};

// Fails with "connector.unknown" and the nearest known name.
Result<const Connector*> FindConnector(std::string_view name);
std::span<const Connector* const> AllConnectors();

}  // namespace millrace::connectors
