// The SESSION window table function: rows wait until their session is complete and then go out, session after session,
// in the order in which they came, each with window_start, window_end and window_time. Late rows (see SessionAggregate)
// are dropped and counted.
//
// State "rows": partition key → start and end of the session, order of arrival, kind, packed row; "watermark".
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "engine/operators/operator.h"
#include "engine/operators/row_output.h"
#include "engine/operators/windows/window_math.h"
#include "engine/state/blob_heap.h"
#include "engine/state/key_encoder.h"
#include "engine/state/keyed_table.h"

namespace millrace::operators {

// Builds the columns window_start, window_end and window_time that a window table function appends.
class WindowBounds {
 public:
  // `types` are those of the whole output, the bounds' from `first` on.
  WindowBounds(const WindowMath& math, const std::vector<DataType>& types, size_t first,
               const OperatorContext& context);
  void Add(int64_t start, int64_t end);  // local milliseconds
  void AppendTo(Chunk& chunk);

 private:
  void Append(ColumnBuilder& builder, int64_t local);

  const WindowMath& math_;
  const OperatorContext& context_;
  std::vector<ColumnBuilder> builders_;
};

class SessionRows : public Operator {
 public:
  SessionRows(const plan::WindowTableFunctionSpec& spec, std::vector<DataType> types,
              std::vector<DataType> output_types);

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
  // A waiting row; the packed row follows.
  struct Waiting {
    Waiting* next;
    int64_t order;
    RowKind kind;
    const uint8_t* row() const { return reinterpret_cast<const uint8_t*>(this + 1); }
  };
  struct Session {
    Session* next;   // of the same key
    uint8_t* owner;  // slot of the key
    int64_t start;
    int64_t end;
    int64_t timer;  // the end under which it stands in timers_
    Waiting* head;
    bool absorbed;
  };
  struct Sessions {
    Session* head;
  };
  static Sessions* SessionsOf(uint8_t* slot) { return reinterpret_cast<Sessions*>(slot); }

  Result<Session*> SessionFor(uint8_t* slot, int64_t time);
  Result<Session*> NewSession(uint8_t* slot, int64_t start, int64_t end);
  static void Unlink(Session* session);
  void SetTimer(Session* session);
  Status AddRow(Session* session, const uint8_t* row, RowKind kind, int64_t order);
  void FreeSession(Session* session);

  Result<Progress> Advance(int64_t progress, Output& output);
  Session* TakeDue(int64_t progress);
  // Fills firing_rows_ with the session's rows in order of arrival.
  void StartSending(Session* session);
  Result<Progress> SendSession(Output& output);

  plan::WindowTableFunctionSpec spec_;
  std::vector<DataType> types_;
  std::vector<DataType> output_types_;
  WindowMath math_;
  OperatorContext context_;
  state::KeyEncoder encoder_;
  state::RowLayout layout_;
  std::unique_ptr<state::KeyedTable> table_;
  std::unique_ptr<state::BlobHeap> heap_;
  std::map<int64_t, std::vector<Session*>> timers_;
  int64_t next_order_ = 0;
  int64_t progress_ = INT64_MIN;
  int64_t late_rows_ = 0;
  int64_t rows_ = 0;

  Session* firing_ = nullptr;
  std::vector<Waiting*> firing_rows_;
  size_t firing_at_ = 0;

  state::KeyBatch keys_;
  std::vector<int32_t> groups_;
  std::vector<uint8_t*> slots_;
  std::vector<int64_t> times_;
  state::RowBatch packed_;
};

}  // namespace millrace::operators
