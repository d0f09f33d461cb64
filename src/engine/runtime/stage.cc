// Stages: operators and sinks at work within a task.
#include "engine/runtime/stage.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/connectors/restoring_writer.h"
#include "engine/operators/sink/sink_constraints.h"

namespace millrace::runtime {

using operators::Operator;
using operators::Progress;

namespace {

// Rows [from, to) of a chunk by position, as a selection over the same columns, without marks.
Chunk RowsBetween(const Chunk& chunk, int32_t from, int32_t to) {
  Chunk part;
  part.columns = chunk.columns;
  part.size = chunk.size;
  part.kinds = chunk.kinds;
  auto selection = std::make_shared<std::vector<int32_t>>();
  chunk.rows().ForEach([&](int32_t row) {
    if (row >= from && row < to) selection->push_back(row);
  });
  part.selection = std::move(selection);
  return part;
}

}  // namespace

void Stage::Take(StageInput input) {
  auto* chunk = std::get_if<InputChunk>(&input);
  if (chunk == nullptr || chunk->chunk.marks.empty() || HandlesMarks()) {
    inbox_.push_back(std::move(input));
    return;
  }
  int32_t from = 0;
  for (const WatermarkMark& mark : chunk->chunk.marks) {
    if (mark.row > from) {
      Chunk part = RowsBetween(chunk->chunk, from, mark.row);
      if (!part.empty()) inbox_.push_back(InputChunk{chunk->input, std::move(part)});
      from = mark.row;
    }
    inbox_.push_back(InputWatermark{mark.watermark});
  }
  Chunk rest = RowsBetween(chunk->chunk, from, INT32_MAX);
  if (!rest.empty()) inbox_.push_back(InputChunk{chunk->input, std::move(rest)});
}

Result<bool> Stage::Step() {
  if (inbox_.empty() || !next_->HasRoom()) return false;
  int64_t started = Clock::System()->MonotonicNanos();
  MR_ASSIGN(Progress progress, Handle(inbox_.front()));
  counters_.busy_nanos.fetch_add(Clock::System()->MonotonicNanos() - started, std::memory_order_relaxed);
  if (progress == Progress::kDone) inbox_.pop_front();
  return true;
}

namespace {

class OperatorStage final : public Stage, private operators::Output {
 public:
  OperatorStage(const plan::PhysicalNode& node, std::unique_ptr<Operator> op, JobShared& shared,
                functions::EvalContext* eval)
      : Stage(node), op_(std::move(op)), shared_(shared), eval_(eval) {}
  ~OperatorStage() override { saves_.Drop(); }

  bool SaveMore(int32_t entries) override { return saves_.SaveMore(entries); }
  Status Open(const operators::OperatorContext& context) override {
    key_groups_ = context.key_groups;
    return op_->Open(context);
  }
  Status Restore(const state::JobSnapshot& snapshot) override {
    auto reader = snapshot.Reader(node_.operator_id, key_groups_);
    return reader ? op_->Restore(*reader) : Status::Ok();
  }
  int64_t NextProcessingTime() const override { return op_->NextProcessingTime(); }
  bool HandlesMarks() const override { return op_->HandlesMarks(); }

 protected:
  Result<Progress> Handle(StageInput& input) override {
    if (auto* chunk = std::get_if<InputChunk>(&input)) return HandleChunk(*chunk);
    if (auto* watermark = std::get_if<InputWatermark>(&input)) {
      eval_->current_watermark = watermark->watermark;
      MR_ASSIGN(Progress progress, op_->OnWatermark(watermark->watermark, *this));
      if (progress == Progress::kMore) return progress;
      if (watermark->watermark != kMaxWatermark) watermark->watermark -= op_->WatermarkDelay();
      counters_.watermark.store(watermark->watermark, std::memory_order_relaxed);
      counters_.late.store(op_->Metrics().late_rows_dropped, std::memory_order_relaxed);
    } else if (auto* barrier = std::get_if<InputBarrier>(&input)) {
      MR_ASSIGN(Progress progress, op_->BeforeBarrier(*this));
      if (progress == Progress::kMore) return progress;
      if (barrier->barrier.drain) {
        MR_ASSIGN(progress, op_->Finish(*this));
        if (progress == Progress::kMore) return progress;
      }
      MR_RETURN_IF_ERROR(Snapshot(barrier->barrier));
    } else if (std::holds_alternative<InputEnd>(input)) {
      MR_ASSIGN(Progress progress, op_->Finish(*this));
      if (progress == Progress::kMore) return progress;
      counters_.late.store(op_->Metrics().late_rows_dropped, std::memory_order_relaxed);
      if (std::holds_alternative<plan::ValuesSpec>(node_.spec)) next_->Take(InputWatermark{kMaxWatermark});
    } else if (auto* timer = std::get_if<InputTimer>(&input)) {
      return op_->OnProcessingTime(timer->now, *this);
    }
    next_->Take(std::move(input));
    return Progress::kDone;
  }

 private:
  Result<Progress> HandleChunk(const InputChunk& input) {
    MR_ASSIGN(Progress progress, op_->Process(input.input, input.chunk, *this));
    if (progress == Progress::kDone) counters_.rows_in.fetch_add(input.chunk.row_count(), std::memory_order_relaxed);
    return progress;
  }

  Status Snapshot(const Barrier& barrier) {
    saves_.Drop();  // of a checkpoint that was given up
    std::unique_ptr<state::SnapshotWriter> writer;
    {
      std::lock_guard lock(shared_.checkpoint_mutex);
      if (!shared_.checkpoint || shared_.checkpoint->barrier.checkpoint != barrier.checkpoint) return Status::Ok();
      writer = shared_.checkpoint->snapshot.Writer(node_.operator_id, &saves_);
    }
    return op_->Snapshot(*writer);
  }

  void Emit(Chunk chunk) override {
    if (chunk.empty() && chunk.marks.empty()) return;
    counters_.rows_out.fetch_add(chunk.row_count(), std::memory_order_relaxed);
    next_->Take(InputChunk{0, std::move(chunk)});
  }
  bool HasCredit() const override { return next_->HasRoom(); }

  std::unique_ptr<Operator> op_;
  JobShared& shared_;
  functions::EvalContext* eval_;
  state::KeyGroupRange key_groups_;
  state::TableSaves saves_;
};

class SinkStage final : public Stage {
 public:
  SinkStage(const plan::PhysicalNode& node, JobShared& shared, int32_t subtask, int32_t parallelism)
      : Stage(node),
        spec_(std::get<plan::SinkSpec>(node.spec)),
        constraints_(node),
        shared_(shared),
        subtask_(subtask),
        parallelism_(parallelism) {}
  ~SinkStage() override {
    if (writer_ && !committed_ && !shared_.end_persisted.load()) writer_->Abort();
  }

  Status Open(const operators::OperatorContext& context) override {
    pool_ = context.pool;
    if (spec_.sink == nullptr) return Status::Ok();
    connectors::ConnectorContext connector;
    connector.pool = context.pool;
    connector.clock = context.clock;
    connector.zone = shared_.options.zone;
    connector.subtask = subtask_;
    connector.parallelism = parallelism_;
    connector.chunk_rows = context.chunk_rows;
    connector.seed = shared_.options.seed;
    connector.print_line = shared_.options.print_line;
    MR_ASSIGN(writer_, spec_.sink->MakeWriter(connector));
    auto* restoring = dynamic_cast<connectors::RestoringWriter*>(writer_.get());
    if (restoring == nullptr) return Status::Ok();
    std::vector<std::string> tokens;
    auto reader = shared_.options.restore == nullptr ? nullptr : shared_.options.restore->Reader(node_.operator_id, {});
    if (reader) {
      MR_RETURN_IF_ERROR(reader->ForEach("commits", [&tokens](const state::SnapshotRecord& record) {
        tokens.emplace_back(record.value);
        return Status::Ok();
      }));
    }
    return restoring->Restore(tokens);
  }

  Status Restore(const state::JobSnapshot& snapshot) override {
    // Commits that the former life had prepared are finished now; each token once, by the first subtask.
    auto reader = snapshot.Reader(node_.operator_id, {});
    if (!reader || !writer_ || subtask_ != 0) return Status::Ok();
    return reader->ForEach(
        "commits", [this](const state::SnapshotRecord& record) { return writer_->Commit(std::string(record.value)); });
  }
  bool HandlesMarks() const override { return true; }

 protected:
  Result<Progress> Handle(StageInput& input) override {
    if (auto* chunk = std::get_if<InputChunk>(&input)) {
      MR_RETURN_IF_ERROR(Write(chunk->chunk));
      return Progress::kDone;
    }
    if (auto* watermark = std::get_if<InputWatermark>(&input)) {
      counters_.watermark.store(watermark->watermark, std::memory_order_relaxed);
      return Progress::kDone;
    }
    if (auto* barrier = std::get_if<InputBarrier>(&input)) MR_RETURN_IF_ERROR(Snapshot(barrier->barrier));
    if (std::holds_alternative<InputEnd>(input)) MR_RETURN_IF_ERROR(End());
    next_->Take(std::move(input));
    return Progress::kDone;
  }

 private:
  Status Write(const Chunk& chunk) {
    if (chunk.empty()) return Status::Ok();
    Chunk checked = chunk;
    if (spec_.upsert_materialize_key.empty()) MR_RETURN_IF_ERROR(constraints_.Apply(checked, pool_));
    counters_.rows_in.fetch_add(checked.row_count(), std::memory_order_relaxed);
    counters_.rows_out.fetch_add(checked.row_count(), std::memory_order_relaxed);
    if (writer_) return writer_->Write(checked);
    if (!shared_.options.on_rows) return Status::Ok();
    std::lock_guard lock(shared_.rows_mutex);
    return shared_.options.on_rows(checked);
  }

  Status Snapshot(const Barrier& barrier) {
    if (!writer_) return Status::Ok();
    MR_ASSIGN(std::string token, writer_->Prepare(false));
    std::lock_guard lock(shared_.checkpoint_mutex);
    Keep(token);
    if (!shared_.checkpoint || shared_.checkpoint->barrier.checkpoint != barrier.checkpoint) return Status::Ok();
    auto snapshot = shared_.checkpoint->snapshot.Writer(node_.operator_id);
    MR_RETURN_IF_ERROR(snapshot->BeginState("commits", 1));
    for (const std::string& prepared : uncommitted_) MR_RETURN_IF_ERROR(snapshot->BroadcastRecord(prepared));
    shared_.checkpoint->commits.push_back([this, tokens = uncommitted_] { return Commit(tokens); });
    return Status::Ok();
  }

  Status End() {
    if (!writer_) return Status::Ok();
    MR_ASSIGN(std::string token, writer_->Prepare(true));
    std::lock_guard lock(shared_.checkpoint_mutex);
    Keep(token);
    for (const std::string& prepared : uncommitted_) shared_.final_tokens.emplace_back(node_.operator_id, prepared);
    shared_.final_commits.push_back([this] {
      std::vector<std::string> tokens;
      {
        std::lock_guard lock(shared_.checkpoint_mutex);
        tokens = uncommitted_;
      }
      Status status = Commit(tokens);
      committed_ = status.ok();
      return status;
    });
    return Status::Ok();
  }

  // Under the checkpoint mutex.
  void Keep(const std::string& token) {
    if (token.empty() || std::find(uncommitted_.begin(), uncommitted_.end(), token) != uncommitted_.end()) return;
    uncommitted_.push_back(token);
  }

  // In order, each once: a checkpoint's commits may come while the job is at its end.
  Status Commit(const std::vector<std::string>& tokens) {
    std::lock_guard committing(commit_mutex_);
    for (const std::string& token : tokens) {
      {
        std::lock_guard lock(shared_.checkpoint_mutex);
        if (std::find(uncommitted_.begin(), uncommitted_.end(), token) == uncommitted_.end()) continue;
      }
      MR_RETURN_IF_ERROR(writer_->Commit(token));
      std::lock_guard lock(shared_.checkpoint_mutex);
      std::erase(uncommitted_, token);
    }
    return Status::Ok();
  }

  const plan::SinkSpec& spec_;
  operators::SinkConstraints constraints_;  // the upsert materializer, if there is one, has applied them already
  MemoryPool* pool_ = MemoryPool::Process();
  JobShared& shared_;
  int32_t subtask_;
  int32_t parallelism_;
  std::unique_ptr<connectors::SinkWriter> writer_;
  // Prepared and not committed, oldest first. A savepoint's barrier and one of a checkpoint that was abandoned leave
  // their tokens here: each snapshot holds all that are here, and whichever commits next commits them all.
  std::vector<std::string> uncommitted_;
  std::mutex commit_mutex_;
  bool committed_ = false;
};

}  // namespace

std::unique_ptr<Stage> MakeOperatorStage(const plan::PhysicalNode& node, std::unique_ptr<Operator> op,
                                         JobShared& shared, functions::EvalContext* eval) {
  return std::make_unique<OperatorStage>(node, std::move(op), shared, eval);
}

std::unique_ptr<Stage> MakeSinkStage(const plan::PhysicalNode& node, JobShared& shared, int32_t subtask,
                                     int32_t parallelism) {
  return std::make_unique<SinkStage>(node, shared, subtask, parallelism);
}

}  // namespace millrace::runtime
