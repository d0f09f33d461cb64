// The contract of operators: chunks in, chunks out, watermarks, timers, snapshot and restore. One thread at a time runs
// an operator; it needs no locks. An emitted chunk is immutable.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/memory_pool.h"
#include "base/result.h"
#include "engine/functions/scalar_function.h"
#include "engine/plan/physical.h"
#include "engine/state/snapshot.h"
#include "types/chunk.h"

namespace millrace::operators {

// Whether a step is complete, or stopped half-way because the output has no credit or the step took its share of time.
// After kMore the runtime calls the same method again with the same arguments; the operator keeps a cursor of what it
// did.
enum class Progress : uint8_t { kDone, kMore };

// Where an operator sends its rows.
class Output {
 public:
  virtual ~Output() = default;
  virtual void Emit(Chunk chunk) = 0;
  // False: stop soon with kMore; what is emitted all the same is taken.
  virtual bool HasCredit() const = 0;
};

struct OperatorContext {
  MemoryPool* pool = MemoryPool::Process();
  const Clock* clock = Clock::System();
  functions::EvalContext* eval = nullptr;  // of this task
  state::KeyGroupRange key_groups;
  int32_t max_parallelism = state::kDefaultMaxParallelism;
  int32_t subtask = 0;
  int32_t parallelism = 1;
  int32_t chunk_rows = kDefaultChunkRows;
  bool batch = false;  // final results only
};

struct OperatorMetrics {
  int64_t late_rows_dropped = 0;
  int64_t state_bytes = 0;
  int64_t state_entries = 0;
};

class Operator {
 public:
  virtual ~Operator() = default;

  // Called once, before Restore and everything else.
  virtual Status Open(const OperatorContext& context) = 0;
  // The chunk's live rows come in order. `chunk.marks` is empty: the runtime cuts chunks at marks, except for operators
  // that say HandlesMarks(), which pass marks on in their own output.
  virtual Result<Progress> Process(int32_t input, const Chunk& chunk, Output& output) = 0;
  virtual bool HandlesMarks() const { return false; }
  // The combined watermark of all inputs has advanced. The runtime passes it on after kDone.
  virtual Result<Progress> OnWatermark(int64_t watermark, Output& output) {
    static_cast<void>(watermark), static_cast<void>(output);
    return Progress::kDone;
  }
  // How far the watermark that goes on is behind the one that has come, in ms: the age of rows that may still go out.
  virtual int64_t WatermarkDelay() const { return 0; }
  // The earliest processing time (wall clock, ms) at which OnProcessingTime is wanted; INT64_MAX: none.
  virtual int64_t NextProcessingTime() const { return INT64_MAX; }
  virtual Result<Progress> OnProcessingTime(int64_t now_millis, Output& output) {
    static_cast<void>(now_millis), static_cast<void>(output);
    return Progress::kDone;
  }
  // Before each barrier: bundles of mini-batch and the like go out, so that nothing in flight needs to be stored.
  virtual Result<Progress> BeforeBarrier(Output& output) {
    static_cast<void>(output);
    return Progress::kDone;
  }
  // All inputs have ended (after the watermark kMaxWatermark of bounded event-time inputs): what is still held goes
  // out.
  virtual Result<Progress> Finish(Output& output) {
    static_cast<void>(output);
    return Progress::kDone;
  }
  virtual Status Snapshot(state::SnapshotWriter& writer) {
    static_cast<void>(writer);
    return Status::Ok();
  }
  virtual Status Restore(state::SnapshotReader& reader) {
    static_cast<void>(reader);
    return Status::Ok();
  }
  virtual OperatorMetrics Metrics() const { return {}; }
};

// The operator of a node (not for SourceSpec and UnionSpec, which the runtime handles itself; of a SinkSpec with
// upsert_materialize_key, the part before what writes).
// `node.inputs[i].node->output` and
// `->mode` describe input i. Fails with code "operator.unsupported" for what has no operator yet.
Result<std::unique_ptr<Operator>> MakeOperator(const plan::PhysicalNode& node);

}  // namespace millrace::operators
