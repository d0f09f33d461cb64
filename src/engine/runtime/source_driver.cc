#include "engine/runtime/source_driver.h"

#include <algorithm>

namespace millrace::runtime {

SourceDriver::SourceDriver(const plan::PhysicalNode& node, JobShared& shared, int32_t subtask, int32_t parallelism,
                           functions::EvalContext* eval, int64_t idle_timeout_ms)
    : node_(node),
      spec_(std::get<plan::SourceSpec>(node.spec)),
      shared_(shared),
      subtask_(subtask),
      parallelism_(parallelism),
      eval_(eval),
      idle_timeout_ms_(idle_timeout_ms) {}

Status SourceDriver::Open(MemoryPool* pool) {
  connectors::ConnectorContext context;
  context.pool = pool;
  context.clock = shared_.options.clock;
  context.zone = shared_.options.zone;
  context.subtask = subtask_;
  context.parallelism = parallelism_;
  context.chunk_rows = shared_.options.chunk_rows;
  if (int64_t hold = shared_.options.hold_after_rows; hold > 0) {  // small chunks, to come close to that number
    constexpr int64_t kSteps = 16;
    context.chunk_rows = static_cast<int32_t>(std::clamp<int64_t>(hold / kSteps, 1, context.chunk_rows));
  }
  context.seed = shared_.options.seed;
  MR_ASSIGN(reader_, spec_.source->MakeReader(context));
  assigner_ = shared_.assigners.at(&node_).get();
  if (spec_.watermark_in_source) giver_ = dynamic_cast<connectors::WatermarkGiver*>(reader_.get());
  if (spec_.watermark_in_source && giver_ == nullptr) {
    watermark_ = std::make_unique<functions::Evaluator>(std::vector<functions::ExprPtr>{spec_.watermark}, eval_);
  }
  return Status::Ok();
}

Result<bool> SourceDriver::AssignSplits() {
  bool any = false;
  while (true) {
    std::optional<connectors::Split> split = assigner_->Next(subtask_, epoch_);
    if (!split) break;
    assigned_.insert(split->id);
    MR_RETURN_IF_ERROR(reader_->AddSplit(*split));
    split_watermarks_.push_back(kMinWatermark);
    any = true;
    if (assigner_->one_at_a_time()) break;
  }
  return any;
}

Status SourceDriver::AdvanceWatermark(const connectors::PollResult& polled, StageSink& head) {
  if (!watermark_) return Status::Ok();
  MR_ASSIGN(ColumnPtr column, watermark_->Evaluate(0, polled.chunk, polled.chunk.rows()));
  ColumnReader<Timestamp> values(*column);
  int64_t& own = split_watermarks_[static_cast<size_t>(polled.split)];
  polled.chunk.rows().ForEach([&](int32_t row) {
    if (!values.IsNull(row)) own = std::max(own, values[row].millis);
  });
  GiveWatermark(head);
  return Status::Ok();
}

void SourceDriver::GiveWatermark(StageSink& head) {
  int64_t lowest = *std::min_element(split_watermarks_.begin(), split_watermarks_.end());
  if (lowest <= emitted_watermark_) return;
  emitted_watermark_ = lowest;
  counters_.watermark.store(lowest, std::memory_order_relaxed);
  head.Take(InputWatermark{lowest});
}

bool SourceDriver::TakeGiven(StageSink& head) {
  if (giver_ == nullptr || split_watermarks_.empty()) return false;
  bool said = false;
  if (giver_->Idle() != idle_) {
    idle_ = giver_->Idle();
    head.Take(InputIdle{idle_});
    said = true;
  }
  std::optional<int64_t> watermark = giver_->TakeWatermark();
  if (!watermark) return said;
  split_watermarks_[0] = std::max(split_watermarks_[0], *watermark);
  GiveWatermark(head);
  return true;
}

void SourceDriver::CheckIdle(StageSink& head, int64_t now) {
  if (idle_timeout_ms_ <= 0 || idle_ || last_rows_at_ < 0 || now - last_rows_at_ < idle_timeout_ms_) return;
  idle_ = true;
  head.Take(InputIdle{true});
}

// What other threads have for this one: a checkpoint is complete, splits were found.
Status SourceDriver::HearNews() {
  int64_t completed = shared_.completed.load(std::memory_order_acquire);
  if (completed > told_) {
    told_ = completed;
    if (completed == epoch_) MR_RETURN_IF_ERROR(reader_->OnCheckpointComplete());  // else a newer snapshot was taken
  }
  int64_t discovered = assigner_->discovered();
  if (discovered == discovered_ || !started_ || ended_ || assigner_->one_at_a_time()) return Status::Ok();
  discovered_ = discovered;
  MR_ASSIGN(bool any, AssignSplits());
  static_cast<void>(any);
  return Status::Ok();
}

Result<bool> SourceDriver::Pull(StageSink& head, int64_t now) {
  MR_RETURN_IF_ERROR(HearNews());
  if (ended_) return false;
  if (!started_) {
    started_ = true;
    last_rows_at_ = now;
    MR_ASSIGN(bool any, AssignSplits());
    if (!any &&
        !spec_.source->bounded()) {  // no partition for this subtask: it must not hold the others' watermark back
      idle_ = true;
      head.Take(InputIdle{true});
    }
  }
  if (shared_.Held()) return false;
  int64_t before = Clock::System()->MonotonicNanos();
  MR_ASSIGN(connectors::PollResult polled, reader_->Poll());
  counters_.busy_nanos.fetch_add(Clock::System()->MonotonicNanos() - before, std::memory_order_relaxed);
  switch (polled.status) {
    case connectors::PollStatus::kRows: {
      if (idle_) {
        idle_ = false;
        head.Take(InputIdle{false});
      }
      last_rows_at_ = now;
      counters_.rows_out.fetch_add(polled.chunk.row_count(), std::memory_order_relaxed);
      shared_.CountSourceRows(polled.chunk.row_count());
      connectors::PollResult kept = polled;
      head.Take(InputChunk{0, std::move(polled.chunk)});
      MR_RETURN_IF_ERROR(AdvanceWatermark(kept, head));
      TakeGiven(head);
      return true;
    }
    case connectors::PollStatus::kNothing:
      if (TakeGiven(head)) return true;
      CheckIdle(head, now);
      return false;
    case connectors::PollStatus::kEnd: {
      MR_ASSIGN(bool more, AssignSplits());
      if (more) return true;
      if (spec_.source->discovery_interval_ms() > 0) {  // more may be found later
        CheckIdle(head, now);
        return false;
      }
      ended_ = true;
      head.Take(InputWatermark{kMaxWatermark});
      head.Take(InputEnd{});
      return true;
    }
  }
  return false;
}

namespace {

std::string SplitRecord(const connectors::Split& split) {
  return std::to_string(split.id.size()) + ":" + split.id + split.state;
}

}  // namespace

// "splits": positions. "assigned": ids that readers have or had. "waiting": splits that no reader has yet; where a
// reader names one too, the reader is right.
Status SourceDriver::Snapshot(int64_t checkpoint, state::JobSnapshot& snapshot) {
  epoch_ = checkpoint;
  auto writer = snapshot.Writer(node_.operator_id);
  MR_RETURN_IF_ERROR(writer->BeginState("splits", 1));
  for (const connectors::Split& split : reader_->SnapshotSplits())
    MR_RETURN_IF_ERROR(writer->BroadcastRecord(SplitRecord(split)));
  std::set<std::string> assigned = assigned_;
  std::vector<connectors::Split> waiting;
  if (subtask_ == 0) {
    waiting = assigner_->Waiting(checkpoint);
    std::set<std::string> earlier = assigner_->KnownIds();
    for (const connectors::Split& split : waiting) earlier.erase(split.id);
    assigned.insert(earlier.begin(), earlier.end());
  }
  MR_RETURN_IF_ERROR(writer->BeginState("assigned", 1));
  for (const std::string& id : assigned) MR_RETURN_IF_ERROR(writer->BroadcastRecord(id));
  if (subtask_ != 0) return Status::Ok();
  MR_RETURN_IF_ERROR(writer->BeginState("waiting", 1));
  for (const connectors::Split& split : waiting) MR_RETURN_IF_ERROR(writer->BroadcastRecord(SplitRecord(split)));
  MR_RETURN_IF_ERROR(writer->BeginState("asked_parallelism", 1));
  return writer->BroadcastRecord(std::to_string(assigner_->asked_parallelism()));
}

}  // namespace millrace::runtime
