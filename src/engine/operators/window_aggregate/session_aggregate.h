// SessionAggregate: aggregation over session windows. A row opens the window [time, time + gap]; windows of one key
// that overlap or touch become one (so rows exactly one gap apart belong together). A session gives one +I when the
// watermark, or processing time, passes its end. A row that belongs to no open session and whose own window is complete
// is late: dropped and counted.
//
// State: "slots" (see AggregateSet), keyed by the group's key and a number of the session, with its bounds;
// "watermark".
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "engine/operators/window_aggregate/sliced_aggregate.h"

namespace millrace::operators {

class SessionAggregate : public Operator {
 public:
  SessionAggregate(WindowAggregation spec, std::vector<DataType> input_types, const Schema& output);
  ~SessionAggregate() override;

  Status Open(const OperatorContext& context) override;
  Result<Progress> Process(int32_t input, const Chunk& chunk, Output& output) override;
  Result<Progress> OnWatermark(int64_t watermark, Output& output) override;
  int64_t NextProcessingTime() const override;
  Result<Progress> OnProcessingTime(int64_t now_millis, Output& output) override;
  Result<Progress> Finish(Output& output) override;
  Status Snapshot(state::SnapshotWriter& writer) override;
  Status Restore(state::SnapshotReader& reader) override;
  OperatorMetrics Metrics() const override;

 private:
  struct Header {
    int64_t start;
    int64_t end;
    int64_t count;
    uint8_t* next;  // session of the same key
    int64_t timer;  // the end under which it stands in timers_
    bool absorbed;  // merged into another one; goes away with its timer
  };
  // Of a key: its open sessions.
  struct Sessions {
    uint8_t* head;
  };

  static Header* HeaderOf(uint8_t* slot) { return reinterpret_cast<Header*>(slot); }
  static const Header* HeaderOf(const uint8_t* slot) { return reinterpret_cast<const Header*>(slot); }
  static Sessions* SessionsOf(uint8_t* slot) { return reinterpret_cast<Sessions*>(slot); }

  // The session of a row, made or merged as need be; null: the row is late.
  Result<uint8_t*> SessionFor(uint8_t* sessions, const state::KeyView& key, int32_t group, int64_t time);
  Status Absorb(uint8_t* to, uint8_t* from, int32_t group, uint8_t* sessions);
  Result<uint8_t*> NewSession(uint8_t* sessions, const state::KeyView& key, int32_t group, int64_t time);
  void Link(uint8_t* sessions, uint8_t* session);
  void Unlink(uint8_t* sessions, uint8_t* session);
  void SetTimer(uint8_t* session);
  Status AddPending(const Chunk& chunk);

  Result<Progress> Advance(int64_t progress, Output& output);
  // Takes due sessions out of the timers, about a chunk of them.
  void CollectDue(int64_t progress, std::vector<uint8_t*>& due);
  Status DropSession(uint8_t* session);

  WindowAggregation spec_;
  std::vector<DataType> input_types_;
  WindowMath math_;
  WindowRows rows_out_;
  OperatorContext context_;
  state::KeyEncoder encoder_;
  std::unique_ptr<AggregateSet> aggregates_;
  std::unique_ptr<state::KeyedTable> keys_table_;    // key → Sessions
  std::unique_ptr<state::KeyedTable> table_;         // key and number → session
  std::map<int64_t, std::vector<uint8_t*>> timers_;  // by end, perhaps one that has moved since
  int64_t next_number_ = 0;
  int64_t progress_ = INT64_MIN;
  int64_t late_rows_ = 0;

  state::KeyBatch keys_;
  std::vector<int32_t> groups_;
  std::vector<uint8_t*> key_slots_;
  std::vector<int64_t> times_;
  std::vector<int32_t> pending_rows_;  // found their session, not yet accumulated
  std::vector<uint8_t*> pending_slots_;
  std::vector<int32_t> pending_groups_;
  std::string key_storage_;
};

}  // namespace millrace::operators
