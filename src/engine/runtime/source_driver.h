// Drives a source reader within a task: splits, polling, watermarks per split, idleness.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/connectors/watermark_giver.h"
#include "engine/functions/evaluator.h"
#include "engine/runtime/job_shared.h"
#include "engine/runtime/stage.h"

namespace millrace::runtime {

class SourceDriver {
 public:
  SourceDriver(const plan::PhysicalNode& node, JobShared& shared, int32_t subtask, int32_t parallelism,
               functions::EvalContext* eval, int64_t idle_timeout_ms);

  Status Open(MemoryPool* pool);
  // Polls once and gives what came to `head`. True when it gave something.
  Result<bool> Pull(StageSink& head, int64_t now);
  Status Snapshot(int64_t checkpoint, state::JobSnapshot& snapshot);
  bool ended() const { return ended_; }
  StageCounters& counters() { return counters_; }
  const plan::PhysicalNode& node() const { return node_; }

 private:
  Status HearNews();
  Result<bool> AssignSplits();
  Status AdvanceWatermark(const connectors::PollResult& polled, StageSink& head);
  void GiveWatermark(StageSink& head);
  // What a source with watermarks of its own says. True when it said something.
  bool TakeGiven(StageSink& head);
  void CheckIdle(StageSink& head, int64_t now);

  const plan::PhysicalNode& node_;
  const plan::SourceSpec& spec_;
  JobShared& shared_;
  int32_t subtask_;
  int32_t parallelism_;
  functions::EvalContext* eval_;
  int64_t idle_timeout_ms_;
  std::unique_ptr<connectors::SourceReader> reader_;
  connectors::WatermarkGiver* giver_ = nullptr;  // the reader, when the source brings watermarks of its own
  SplitAssigner* assigner_ = nullptr;
  std::set<std::string> assigned_;
  int64_t epoch_ = 0;       // the last checkpoint that this reader is part of
  int64_t told_ = 0;        // the newest complete checkpoint that the reader was told of
  int64_t discovered_ = 0;  // as many found splits were looked at
  std::unique_ptr<functions::Evaluator> watermark_;
  std::vector<int64_t> split_watermarks_;
  int64_t emitted_watermark_ = kMinWatermark;
  int64_t last_rows_at_ = -1;
  bool idle_ = false;
  bool ended_ = false;
  bool started_ = false;
  StageCounters counters_;
};

}  // namespace millrace::runtime
