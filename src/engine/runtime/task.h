// One subtask of a vertex: its input (a source or channels), its chain of stages, its outgoing edges.
#pragma once

#include <memory>
#include <vector>

#include "base/task_scheduler.h"
#include "engine/runtime/partitioner.h"
#include "engine/runtime/source_driver.h"
#include "engine/runtime/stage.h"

namespace millrace::runtime {

class Task final : public CooperativeTask, private StageSink {
 public:
  struct Input {
    Channel* channel = nullptr;
    int32_t input = 0;
    int64_t watermark = kMinWatermark;
    bool idle = false;
    bool blocked = false;  // its barrier is here, others' not yet
    bool ended = false;
  };

  Task(JobShared& shared, int32_t subtask) : shared_(shared), subtask_(subtask) {}

  // ---- assembled by Job before the scheduler runs ----
  functions::EvalContext& eval() { return eval_; }
  void SetSource(std::unique_ptr<SourceDriver> source) { source_ = std::move(source); }
  void AddInput(Channel* channel, int32_t input) { inputs_.push_back({channel, input}); }
  void AddStage(std::unique_ptr<Stage> stage) { stages_.push_back(std::move(stage)); }
  void AddEdge(std::unique_ptr<Partitioner> edge) { edges_.push_back(std::move(edge)); }
  Status Open(const operators::OperatorContext& context);

  TaskTurn Step() override;

  const std::vector<std::unique_ptr<Stage>>& stages() const { return stages_; }
  const SourceDriver* source() const { return source_.get(); }
  SourceDriver* source() { return source_.get(); }
  int64_t blocked_nanos() const { return blocked_nanos_.load(std::memory_order_relaxed); }

 private:
  void Take(StageInput input) override;  // from the last stage: to the edges
  bool HasRoom() const override;

  StageSink& head() { return stages_.empty() ? *static_cast<StageSink*>(this) : *stages_[0]; }
  Result<bool> WorkOnce(int64_t now);
  Result<bool> Pull(int64_t now);
  bool PullChannels();
  void Receive(Input& input, StreamElement element);
  void ReceiveChunk(Input& input, Chunk chunk);
  void CombineWatermarks();
  void CheckAligned();
  void ReleaseAbandoned();
  bool SourceStopped() const;
  Status InjectBarrier();
  bool AllInputsEnded() const;
  void Acknowledge(const Barrier& barrier);
  // Goes on saving what the barrier that has left found, and says so when all of it is saved.
  void SaveMore(int32_t entries);

  JobShared& shared_;
  int32_t subtask_;
  functions::EvalContext eval_;
  std::unique_ptr<SourceDriver> source_;
  std::vector<Input> inputs_;
  std::vector<std::unique_ptr<Stage>> stages_;
  std::vector<std::unique_ptr<Partitioner>> edges_;
  size_t next_input_ = 0;
  int64_t watermark_ = kMinWatermark;
  bool all_idle_ = false;
  bool end_given_ = false;
  bool finished_ = false;   // the end has left the last stage
  int64_t stopped_at_ = 0;  // the checkpoint after which the source stands still
  int64_t injected_ = 0;
  Barrier aligning_;
  std::optional<Barrier> saving_;  // it has left, but not all that it found is saved
  std::atomic<int64_t> blocked_nanos_{0};
  int64_t blocked_since_ = 0;
};

}  // namespace millrace::runtime
