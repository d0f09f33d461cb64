// One node of a chain while it runs: an inbox, and a step that works on its front.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/operators/operator.h"
#include "engine/runtime/channel.h"
#include "engine/runtime/job_shared.h"

namespace millrace::runtime {

// What a stage works on, in order. Chunks carry the input that they came in by.
struct InputChunk {
  int32_t input = 0;
  Chunk chunk;
};
struct InputWatermark {
  int64_t watermark = kMinWatermark;
};
struct InputBarrier {
  Barrier barrier;
};
struct InputIdle {
  bool idle = true;
};
struct InputEnd {};
struct InputTimer {
  int64_t now = 0;
};
using StageInput = std::variant<InputChunk, InputWatermark, InputBarrier, InputIdle, InputEnd, InputTimer>;

// Counters of a stage; read by other threads.
struct StageCounters {
  std::atomic<int64_t> rows_in{0};
  std::atomic<int64_t> rows_out{0};
  std::atomic<int64_t> busy_nanos{0};
  std::atomic<int64_t> watermark{kMinWatermark};
  std::atomic<int64_t> late{0};
};

// Where the results of a stage go: the inbox of the next stage, or the edges of the task.
class StageSink {
 public:
  virtual ~StageSink() = default;
  virtual void Take(StageInput input) = 0;
  virtual bool HasRoom() const = 0;
};

class Stage : public StageSink {
 public:
  explicit Stage(const plan::PhysicalNode& node) : node_(node) {}
  void SetNext(StageSink* next) { next_ = next; }
  const plan::PhysicalNode& node() const { return node_; }
  const StageCounters& counters() const { return counters_; }
  StageCounters& counters() { return counters_; }

  // Puts an element into the inbox; chunks are cut at their marks when the stage cannot take marks.
  void Take(StageInput input) override;
  bool HasRoom() const override { return inbox_.size() < 4; }
  bool HasWork() const { return !inbox_.empty(); }

  virtual Status Open(const operators::OperatorContext& context) = 0;
  virtual Status Restore(const state::JobSnapshot& snapshot) = 0;
  // State that belongs to the checkpoint in progress is saved while the stage goes on working; SaveMore saves about
  // that many more entries. True: nothing is left to save.
  virtual bool SaveMore(int32_t entries) {
    static_cast<void>(entries);
    return true;
  }
  // Works on the front of the inbox for a while. True when it did something, false when it waits for room.
  Result<bool> Step();
  virtual int64_t NextProcessingTime() const { return INT64_MAX; }
  virtual bool HandlesMarks() const { return false; }

 protected:
  // Works on one element. kMore: call again with the same element.
  virtual Result<operators::Progress> Handle(StageInput& input) = 0;
  virtual bool NeedsRoom(const StageInput& input) const {
    static_cast<void>(input);
    return true;
  }

  const plan::PhysicalNode& node_;
  StageSink* next_ = nullptr;
  std::deque<StageInput> inbox_;
  StageCounters counters_;
};

// Runs an Operator.
std::unique_ptr<Stage> MakeOperatorStage(const plan::PhysicalNode& node, std::unique_ptr<operators::Operator> op,
                                         JobShared& shared, functions::EvalContext* eval);
// Writes into a connector, or hands rows to the caller.
std::unique_ptr<Stage> MakeSinkStage(const plan::PhysicalNode& node, JobShared& shared, int32_t subtask,
                                     int32_t parallelism);

}  // namespace millrace::runtime
