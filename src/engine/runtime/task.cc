#include "engine/runtime/task.h"

#include <algorithm>

namespace millrace::runtime {

Status Task::Open(const operators::OperatorContext& context) {
  StageSink* next = this;
  for (size_t i = stages_.size(); i-- > 0;) {
    stages_[i]->SetNext(next);
    next = stages_[i].get();
  }
  for (auto& stage : stages_) MR_RETURN_IF_ERROR(stage->Open(context));
  if (source_) MR_RETURN_IF_ERROR(source_->Open(context.pool));
  if (shared_.options.restore != nullptr) {
    for (auto& stage : stages_) MR_RETURN_IF_ERROR(stage->Restore(*shared_.options.restore));
  }
  return Status::Ok();
}

bool Task::HasRoom() const {
  return std::all_of(edges_.begin(), edges_.end(), [](const auto& edge) { return edge->HasRoom(); });
}

void Task::Take(StageInput input) {
  if (auto* chunk = std::get_if<InputChunk>(&input)) {
    for (auto& edge : edges_) edge->Send(chunk->chunk);
  } else if (auto* watermark = std::get_if<InputWatermark>(&input)) {
    for (auto& edge : edges_) edge->SendToAll(WatermarkElement{watermark->watermark});
  } else if (auto* barrier = std::get_if<InputBarrier>(&input)) {
    for (auto& edge : edges_) edge->SendToAll(barrier->barrier);
    saving_ = barrier->barrier;
  } else if (auto* idle = std::get_if<InputIdle>(&input)) {
    for (auto& edge : edges_) edge->SendToAll(IdleElement{idle->idle});
  } else if (std::holds_alternative<InputEnd>(input)) {
    for (auto& edge : edges_) edge->SendToAll(EndElement{});
    if (saving_) SaveMore(INT32_MAX);
    finished_ = true;
    shared_.TaskFinished();
  }
}

void Task::Acknowledge(const Barrier& barrier) {
  std::lock_guard lock(shared_.checkpoint_mutex);
  if (!shared_.checkpoint || shared_.checkpoint->barrier.checkpoint != barrier.checkpoint) return;
  if (--shared_.checkpoint->tasks_left == 0) shared_.checkpoint_changed.notify_all();
}

void Task::SaveMore(int32_t entries) {
  for (auto& stage : stages_) {
    if (!stage->SaveMore(entries)) return;
  }
  Acknowledge(*saving_);
  saving_.reset();
}

bool Task::AllInputsEnded() const {
  return std::all_of(inputs_.begin(), inputs_.end(), [](const Input& input) { return input.ended; });
}

// A checkpoint was asked for: sources, and tasks whose inputs have all ended, start it themselves.
Status Task::InjectBarrier() {
  int64_t requested = shared_.requested.load(std::memory_order_acquire);
  if (requested <= injected_ || (!source_ && !AllInputsEnded())) return Status::Ok();
  injected_ = requested;
  Barrier barrier;
  {
    std::lock_guard lock(shared_.checkpoint_mutex);
    if (!shared_.checkpoint || shared_.checkpoint->barrier.checkpoint != requested) return Status::Ok();
    barrier = shared_.checkpoint->barrier;
    if (source_) MR_RETURN_IF_ERROR(source_->Snapshot(requested, shared_.checkpoint->snapshot));
  }
  if (barrier.stop) stopped_at_ = barrier.checkpoint;
  if (source_ && barrier.drain) {
    head().Take(InputIdle{false});
    head().Take(InputWatermark{kMaxWatermark});
  }
  head().Take(InputBarrier{barrier});
  return Status::Ok();
}

void Task::CombineWatermarks() {
  int64_t lowest = kMaxWatermark;
  bool any = false;
  for (const Input& input : inputs_) {
    if (input.ended || input.idle) continue;
    any = true;
    lowest = std::min(lowest, input.watermark);
  }
  bool ended = AllInputsEnded();
  if (!any && !ended) {
    if (!all_idle_) head().Take(InputIdle{true});
    all_idle_ = true;
    return;
  }
  if (all_idle_ && any) {
    all_idle_ = false;
    head().Take(InputIdle{false});
  }
  if (ended) {  // what the last inputs said before their end
    lowest = kMinWatermark;
    for (const Input& input : inputs_) lowest = std::max(lowest, input.watermark);
  }
  if (lowest <= watermark_) return;
  watermark_ = lowest;
  head().Take(InputWatermark{lowest});
}

void Task::CheckAligned() {
  bool any = false;
  for (const Input& input : inputs_) {
    if (!input.blocked && !input.ended) return;
    any = any || input.blocked;
  }
  if (!any) return;
  for (Input& input : inputs_) input.blocked = false;
  injected_ = std::max(injected_, aligning_.checkpoint);
  head().Take(InputBarrier{aligning_});
}

// A checkpoint that is not wanted any more may have barriers at some inputs only: the others' never come.
void Task::ReleaseAbandoned() {
  if (aligning_.checkpoint <= injected_ || aligning_.checkpoint > shared_.abandoned.load(std::memory_order_acquire)) {
    return;
  }
  for (Input& input : inputs_) input.blocked = false;
  injected_ = aligning_.checkpoint;
}

bool Task::SourceStopped() const {
  return stopped_at_ > 0 && stopped_at_ > shared_.abandoned.load(std::memory_order_acquire);
}

void Task::ReceiveChunk(Input& input, Chunk chunk) {
  if (inputs_.size() == 1) {
    if (!chunk.marks.empty()) {
      input.watermark = std::max(input.watermark, chunk.marks.back().watermark);
      watermark_ = std::max(watermark_, input.watermark);
    }
    head().Take(InputChunk{input.input, std::move(chunk)});
    return;
  }
  std::vector<WatermarkMark> marks = std::move(chunk.marks);
  chunk.marks.clear();
  if (marks.empty()) {
    head().Take(InputChunk{input.input, std::move(chunk)});
    return;
  }
  int32_t from = 0;
  auto give = [&](int32_t to) {
    auto rows = std::make_shared<std::vector<int32_t>>();
    chunk.rows().ForEach([&](int32_t row) {
      if (row >= from && row < to) rows->push_back(row);
    });
    if (rows->empty()) return;
    Chunk part = chunk;
    part.selection = std::move(rows);
    head().Take(InputChunk{input.input, std::move(part)});
  };
  for (const WatermarkMark& mark : marks) {
    give(mark.row);
    from = std::max(from, mark.row);
    input.watermark = std::max(input.watermark, mark.watermark);
    CombineWatermarks();
  }
  give(INT32_MAX);
}

void Task::Receive(Input& input, StreamElement element) {
  if (auto* chunk = std::get_if<Chunk>(&element)) {
    ReceiveChunk(input, std::move(*chunk));
  } else if (auto* watermark = std::get_if<WatermarkElement>(&element)) {
    input.watermark = std::max(input.watermark, watermark->watermark);
    CombineWatermarks();
  } else if (auto* barrier = std::get_if<Barrier>(&element)) {
    if (input.ended || barrier->checkpoint <= shared_.abandoned.load(std::memory_order_acquire)) return;
    input.blocked = true;
    aligning_ = *barrier;
    CheckAligned();
  } else if (auto* idle = std::get_if<IdleElement>(&element)) {
    input.idle = idle->idle;
    CombineWatermarks();
  } else {
    input.ended = true;
    CombineWatermarks();
    CheckAligned();
    if (AllInputsEnded() && !end_given_) {
      end_given_ = true;
      head().Take(InputEnd{});
    }
  }
}

bool Task::PullChannels() {
  ReleaseAbandoned();
  for (size_t i = 0; i < inputs_.size(); ++i) {
    Input& input = inputs_[next_input_];
    next_input_ = (next_input_ + 1) % inputs_.size();
    StreamElement element;
    if (input.blocked || !input.channel->Pop(element)) continue;
    Receive(input, std::move(element));
    return true;
  }
  return false;
}

Result<bool> Task::Pull(int64_t now) {
  if (!source_ && inputs_.empty()) {  // rows that the plan itself holds: the operator gives them at its end
    if (end_given_) return false;
    end_given_ = true;
    head().Take(InputEnd{});
    return true;
  }
  if (!source_) return PullChannels();
  if (SourceStopped()) return false;
  return source_->Pull(head(), now);
}

// The furthest stage that can go on does; new input comes in only when all inboxes are empty.
Result<bool> Task::WorkOnce(int64_t now) {
  bool waiting = false;
  for (size_t i = stages_.size(); i-- > 0;) {
    if (!stages_[i]->HasWork()) continue;
    waiting = true;
    MR_ASSIGN(bool worked, stages_[i]->Step());
    if (worked) return true;
  }
  if (waiting || (stages_.empty() && !HasRoom())) return false;
  MR_RETURN_IF_ERROR(InjectBarrier());
  for (auto& stage : stages_) {
    if (stage->HasWork()) return true;
  }
  return Pull(now);
}

TaskTurn Task::Step() {
  constexpr int kWorkPerStep = 64;
  // Entries of state saved after each piece of work, while a checkpoint is in progress.
  constexpr int32_t kSavedBesideWork = 512;
  constexpr int32_t kSavedWhenIdle = 16384;
  int64_t started = Clock::System()->MonotonicNanos();
  if (blocked_since_ > 0) {
    blocked_nanos_.fetch_add(started - blocked_since_, std::memory_order_relaxed);
    blocked_since_ = 0;
  }
  if (shared_.stopping() || shared_.AllFinished()) return {TaskTurn::Next::kDone};
  int64_t now = shared_.options.clock->NowMillis();
  int64_t next_timer = INT64_MAX;
  for (auto& stage : stages_) {
    int64_t due = stage->NextProcessingTime();
    if (due <= now && !stage->HasWork()) {
      stage->Take(InputTimer{now});
    } else {
      next_timer = std::min(next_timer, due);
    }
  }
  constexpr int64_t kStepNanos = 5'000'000;
  for (int i = 0; i < kWorkPerStep; ++i) {
    Result<bool> worked = WorkOnce(now);
    if (saving_) SaveMore(worked.ok() && *worked ? kSavedBesideWork : kSavedWhenIdle);
    if (!worked.ok()) {
      shared_.Fail(worked.error());
      return {TaskTurn::Next::kDone};
    }
    if (*worked) {
      if (Clock::System()->MonotonicNanos() - started > kStepNanos) return {TaskTurn::Next::kAgain};
      continue;
    }
    if (saving_) return {TaskTurn::Next::kAgain};
    bool pending = std::any_of(stages_.begin(), stages_.end(), [](const auto& stage) { return stage->HasWork(); });
    if (pending || !HasRoom()) blocked_since_ = Clock::System()->MonotonicNanos();
    constexpr int64_t kPollMillis = 2;
    if (source_ && !source_->ended() && !SourceStopped() && !pending)
      next_timer = std::min(next_timer, now + kPollMillis);
    return {TaskTurn::Next::kWait, next_timer, !pending};
  }
  return {TaskTurn::Next::kAgain};
}

}  // namespace millrace::runtime
