#include "engine/runtime/job.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "base/background_thread.h"
#include "base/options.h"
#include "base/random.h"
#include "engine/connectors/discovering_source.h"
#include "engine/runtime/job_graph.h"
#include "engine/runtime/task.h"

namespace millrace::runtime {

namespace {

constexpr const char* kEnded = "ended";  // in the metadata of the snapshot of a job's end

}  // namespace

struct Job::Impl {
  plan::PhysicalPlan plan;
  JobShared shared;
  JobGraph graph;
  std::unique_ptr<TaskScheduler> scheduler;
  std::vector<std::unique_ptr<Channel>> channels;
  std::vector<std::vector<std::unique_ptr<Task>>> tasks;  // by vertex and subtask
  std::vector<std::vector<int32_t>> task_ids;
  std::unique_ptr<Random> random;
  ReaderLimits limits;
  std::set<const plan::PhysicalNode*> visited;  // while sources are prepared
  std::atomic<bool> cancel_asked{false};
  std::vector<std::unique_ptr<BackgroundThread>> discoverers;
  bool restored_end = false;  // from the snapshot of its end
  int64_t next_checkpoint = 1;

  Status Assemble();
  Status AssembleVertex(size_t vertex);
  Status AddStages(Task& task, const Vertex& vertex, int32_t subtask);
  void ConnectEdges();
  Status PrepareSources(const plan::PhysicalNode& node);
  Status PrepareSource(const plan::PhysicalNode& node);
  void StartDiscovery();
  Status PersistEnd(const Job::Persist& persist);
};

Job::Job(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Job::~Job() = default;

namespace {

int64_t IdleTimeoutOf(const Vertex& vertex) {
  for (const plan::PhysicalNode* node : vertex.chain) {
    if (const auto* source = std::get_if<plan::SourceSpec>(&node->spec);
        source != nullptr && source->idle_timeout_ms > 0) {
      return source->idle_timeout_ms;
    }
    if (const auto* watermark = std::get_if<plan::WatermarkSpec>(&node->spec)) return watermark->idle_timeout_ms;
  }
  return 0;
}

// Restored positions: "<length>:<id><state>" records of every former reader.
Result<connectors::Split> ParseSplit(std::string_view record) {
  size_t colon = record.find(':');
  size_t length = 0;
  for (size_t i = 0; i < colon && colon != std::string_view::npos; ++i)
    length = length * 10 + static_cast<size_t>(record[i] - '0');
  if (colon == std::string_view::npos || colon + 1 + length > record.size()) {
    return UserError("snapshot.corrupt", "a source position in the snapshot cannot be read");
  }
  return connectors::Split{std::string(record.substr(colon + 1, length)),
                           std::string(record.substr(colon + 1 + length))};
}

}  // namespace

// All sources below a node, each once.
Status Job::Impl::PrepareSources(const plan::PhysicalNode& node) {
  if (!visited.insert(&node).second) return Status::Ok();
  for (const plan::PhysicalInput& input : node.inputs) MR_RETURN_IF_ERROR(PrepareSources(*input.node));
  return std::holds_alternative<plan::SourceSpec>(node.spec) ? PrepareSource(node) : Status::Ok();
}

Status Job::Impl::PrepareSource(const plan::PhysicalNode& node) {
  const auto& spec = std::get<plan::SourceSpec>(node.spec);
  auto assigner = std::make_unique<SplitAssigner>(spec.source);
  int32_t parallelism = shared.options.parallelism;
  std::set<std::string> known;
  std::vector<connectors::Split> resumed;
  if (shared.options.restore != nullptr) {
    auto reader = shared.options.restore->Reader(node.operator_id, {});
    auto* discovering = dynamic_cast<connectors::DiscoveringSource*>(spec.source.get());
    if (reader && discovering != nullptr) discovering->GoOn();
    if (reader) {
      MR_RETURN_IF_ERROR(reader->ForEach("splits", [&](const state::SnapshotRecord& record) -> Status {
        MR_ASSIGN(connectors::Split split, ParseSplit(record.value));
        known.insert(split.id);
        resumed.push_back(std::move(split));
        return Status::Ok();
      }));
      MR_RETURN_IF_ERROR(reader->ForEach("assigned", [&](const state::SnapshotRecord& record) -> Status {
        known.insert(std::string(record.value));
        return Status::Ok();
      }));
      MR_RETURN_IF_ERROR(reader->ForEach("waiting", [&](const state::SnapshotRecord& record) -> Status {
        MR_ASSIGN(connectors::Split split, ParseSplit(record.value));
        if (known.insert(split.id).second) resumed.push_back(std::move(split));
        return Status::Ok();
      }));
      MR_RETURN_IF_ERROR(reader->ForEach("asked_parallelism", [&](const state::SnapshotRecord& record) -> Status {
        MR_ASSIGN(int64_t asked, ParseLong(record.value));
        parallelism = static_cast<int32_t>(asked);
        return Status::Ok();
      }));
    }
  }
  MR_RETURN_IF_ERROR(assigner->Enumerate(parallelism, known, std::move(resumed)));
  limits[&node] = assigner->ReaderLimit();
  shared.assigners[&node] = std::move(assigner);
  return Status::Ok();
}

Status Job::Impl::AddStages(Task& task, const Vertex& vertex, int32_t subtask) {
  for (const plan::PhysicalNode* node : vertex.chain) {
    if (std::holds_alternative<plan::SourceSpec>(node->spec)) {
      task.SetSource(std::make_unique<SourceDriver>(*node, shared, subtask, vertex.parallelism, &task.eval(),
                                                    IdleTimeoutOf(vertex)));
    } else if (const auto* sink = std::get_if<plan::SinkSpec>(&node->spec)) {
      if (!sink->upsert_materialize_key.empty()) {
        MR_ASSIGN(std::unique_ptr<operators::Operator> op, operators::MakeOperator(*node));
        task.AddStage(MakeOperatorStage(*node, std::move(op), shared, &task.eval()));
      }
      task.AddStage(MakeSinkStage(*node, shared, subtask, vertex.parallelism));
    } else {
      MR_ASSIGN(std::unique_ptr<operators::Operator> op, operators::MakeOperator(*node));
      task.AddStage(MakeOperatorStage(*node, std::move(op), shared, &task.eval()));
    }
  }
  return Status::Ok();
}

Status Job::Impl::AssembleVertex(size_t index) {
  const Vertex& vertex = graph.vertices[index];
  const plan::PhysicalNode& first = *vertex.chain[0];
  if (auto source = shared.assigners.find(&first); source != shared.assigners.end())
    source->second->SetReaders(vertex.parallelism);
  for (int32_t subtask = 0; subtask < vertex.parallelism; ++subtask) {
    auto task = std::make_unique<Task>(shared, subtask);
    functions::EvalContext& eval = task->eval();
    eval.pool = shared.options.pool;
    eval.clock = shared.options.clock;
    eval.zone = shared.options.zone;
    eval.random = random.get();
    eval.batch_mode = shared.options.batch;
    eval.legacy_cast = shared.options.legacy_cast;
    eval.query_start_millis = shared.options.query_start_millis;
    MR_RETURN_IF_ERROR(AddStages(*task, vertex, subtask));
    task_ids[index].push_back(scheduler->Add(task.get()));
    tasks[index].push_back(std::move(task));
  }
  return Status::Ok();
}

void Job::Impl::ConnectEdges() {
  for (const Edge& edge : graph.edges) {
    auto from = static_cast<size_t>(edge.from);
    auto to = static_cast<size_t>(edge.to);
    for (size_t producer = 0; producer < tasks[from].size(); ++producer) {
      std::vector<Channel*> out;
      bool forward = edge.distribution == plan::Distribution::kForward;
      for (size_t consumer = 0; consumer < tasks[to].size(); ++consumer) {
        if (forward && producer != consumer) continue;
        channels.push_back(std::make_unique<Channel>());
        Channel* channel = channels.back().get();
        channel->Connect(scheduler.get(), task_ids[from][producer], task_ids[to][consumer]);
        tasks[to][consumer]->AddInput(channel, edge.input);
        out.push_back(channel);
      }
      Partitioner::Options options;
      options.distribution = edge.distribution;
      options.hash_keys = edge.hash_keys;
      options.max_parallelism = shared.options.max_parallelism;
      options.subtask = static_cast<int32_t>(producer);
      options.pool = shared.options.pool;
      tasks[from][producer]->AddEdge(std::make_unique<Partitioner>(std::move(options), std::move(out)));
    }
  }
}

Status Job::Impl::Assemble() {
  random = std::make_unique<Random>(shared.options.seed);
  scheduler = std::make_unique<TaskScheduler>(shared.options.threads, shared.options.clock);
  shared.scheduler = scheduler.get();
  for (const plan::PhysicalPtr& sink : plan.sinks) MR_RETURN_IF_ERROR(PrepareSources(*sink));
  graph = BuildJobGraph(plan, shared.options.parallelism, limits);
  tasks.resize(graph.vertices.size());
  task_ids.resize(graph.vertices.size());
  for (size_t i = 0; i < graph.vertices.size(); ++i) MR_RETURN_IF_ERROR(AssembleVertex(i));
  ConnectEdges();
  for (size_t v = 0; v < tasks.size(); ++v) {
    auto parallelism = static_cast<int32_t>(tasks[v].size());
    for (int32_t subtask = 0; subtask < parallelism; ++subtask) {
      operators::OperatorContext context;
      context.pool = shared.options.pool;
      context.clock = shared.options.clock;
      context.eval = &tasks[v][static_cast<size_t>(subtask)]->eval();
      context.key_groups = state::KeyGroupsOf(subtask, parallelism, shared.options.max_parallelism);
      context.max_parallelism = shared.options.max_parallelism;
      context.subtask = subtask;
      context.parallelism = parallelism;
      context.chunk_rows = shared.options.chunk_rows;
      context.batch = shared.options.batch;
      MR_RETURN_IF_ERROR(tasks[v][static_cast<size_t>(subtask)]->Open(context));
      ++shared.task_count;
    }
  }
  return Status::Ok();
}

namespace {

// Every operator of the snapshot must be one of the plan's: else its state would be lost in silence.
Status CheckClaimed(const JobGraph& graph, const state::JobSnapshot& snapshot) {
  std::set<std::string> known;
  for (const Vertex& vertex : graph.vertices) {
    for (const plan::PhysicalNode* node : vertex.chain) known.insert(node->operator_id);
  }
  for (const std::string& id : snapshot.OperatorIds()) {
    if (known.contains(id)) continue;
    return UserError("snapshot.unclaimed",
                     fmt::format("the snapshot holds state of the operator '{}', which this job does not have", id),
                     "restore with the same statements, or set 'execution.state-recovery.ignore-unclaimed-state' = "
                     "'true' to leave that state behind");
  }
  return Status::Ok();
}

}  // namespace

Result<std::unique_ptr<Job>> Job::Create(const plan::PhysicalPlan& plan, JobOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->plan = plan;
  impl->shared.options = std::move(options);
  MR_RETURN_IF_ERROR(impl->Assemble());
  if (impl->shared.options.restore != nullptr && !impl->shared.options.ignore_unclaimed_state) {
    MR_RETURN_IF_ERROR(CheckClaimed(impl->graph, *impl->shared.options.restore));
  }
  const state::JobSnapshot* restored = impl->shared.options.restore;
  impl->restored_end = restored != nullptr && restored->Metadata(kEnded) == "true";
  impl->shared.options.restore = nullptr;
  return std::unique_ptr<Job>(new Job(std::move(impl)));
}

// Sources whose splits may grow are asked again and again, each from a thread of its own: asking may take a while.
void Job::Impl::StartDiscovery() {
  for (auto& entry : shared.assigners) {
    SplitAssigner* assigner = entry.second.get();
    const int64_t interval_nanos = assigner->discovery_interval_ms() * 1'000'000;
    if (interval_nanos <= 0) continue;
    discoverers.push_back(
        std::make_unique<BackgroundThread>([this, assigner, interval_nanos](const std::atomic<bool>& stop) {
          std::mutex mutex;
          std::condition_variable never;
          std::unique_lock lock(mutex);
          int64_t due = Clock::System()->MonotonicNanos() + interval_nanos;
          while (!stop.load() && !shared.stopping()) {
            if (Clock::System()->MonotonicNanos() < due) {
              never.wait_for(lock, std::chrono::milliseconds(20));
              continue;
            }
            int64_t before = assigner->discovered();
            if (Status status = assigner->Discover(); !status.ok()) return shared.Fail(status.error());
            if (assigner->discovered() != before) scheduler->WakeAll();
            due = Clock::System()->MonotonicNanos() + interval_nanos;
          }
        }));
  }
}

// What sinks have still to commit when everything else is done. Restoring it must not run the job again: its rows are
// all in these tokens or committed before.
Status Job::Impl::PersistEnd(const Job::Persist& persist) {
  if (!persist || shared.final_tokens.empty()) return Status::Ok();
  state::JobSnapshot snapshot;
  for (const auto& [operator_id, token] : shared.final_tokens) {
    auto writer = snapshot.Writer(operator_id);
    MR_RETURN_IF_ERROR(writer->BeginState("commits", 1));
    MR_RETURN_IF_ERROR(writer->BroadcastRecord(token));
  }
  snapshot.SetMetadata(kEnded, "true");
  MR_RETURN_IF_ERROR(persist(snapshot));
  shared.end_persisted.store(true);
  return Status::Ok();
}

Status Job::Run(const Persist& persist_end) {
  JobShared& shared = impl_->shared;
  if (impl_->restored_end) {  // its commits were finished when it was made
    shared.Stop();
    std::lock_guard lock(shared.checkpoint_mutex);
    shared.checkpoint_changed.notify_all();
    return Status::Ok();
  }
  impl_->StartDiscovery();
  impl_->scheduler->Run();
  impl_->discoverers.clear();
  if (auto failure = shared.failure()) return *failure;
  if (!shared.AllFinished()) return Status::Ok();  // stopped with a snapshot, whose commits are done
  MR_RETURN_IF_ERROR(impl_->PersistEnd(persist_end));
  for (auto& commit : shared.final_commits) MR_RETURN_IF_ERROR(commit());
  return Status::Ok();
}

void Job::Fail(Error error) { impl_->shared.Fail(std::move(error)); }

bool Job::WaitForHold() {
  JobShared& shared = impl_->shared;
  std::unique_lock lock(shared.checkpoint_mutex);
  shared.checkpoint_changed.wait(lock, [&] { return shared.Held() || shared.stopping() || shared.AllFinished(); });
  return !shared.stopping() && !shared.AllFinished();
}

void Job::Resume() {
  impl_->shared.resumed.store(true, std::memory_order_release);
  impl_->scheduler->WakeAll();
}

void Job::Cancel() {
  impl_->cancel_asked.store(true);
  impl_->shared.Fail(UserError("job.cancelled", "the job was cancelled"));
}

bool Job::cancel_asked() const { return impl_->cancel_asked.load(); }

void Job::WaitUntilQuiet() { impl_->scheduler->WaitUntilQuiet(); }

namespace {

// Until all tasks are part of the checkpoint, or the job or the time is over. The caller holds the lock.
bool WaitForTasks(JobShared& shared, std::unique_lock<std::mutex>& lock, int64_t timeout_ms) {
  auto over = [&] { return shared.checkpoint->tasks_left == 0 || shared.stopping() || shared.AllFinished(); };
  if (timeout_ms <= 0) {
    shared.checkpoint_changed.wait(lock, over);
    return true;
  }
  return shared.checkpoint_changed.wait_for(lock, std::chrono::milliseconds(timeout_ms), over);
}

}  // namespace

Result<state::JobSnapshot> Job::Snapshot(const SnapshotRequest& request, const Persist& persist) {
  JobShared& shared = impl_->shared;
  std::unique_lock lock(shared.checkpoint_mutex);
  if (shared.checkpoint) return UserError("checkpoint.busy", "a checkpoint is being taken already");
  shared.checkpoint.emplace();
  const int64_t id = impl_->next_checkpoint++;
  shared.checkpoint->barrier = {id, request.stop, request.drain};
  shared.checkpoint->tasks_left = shared.task_count;
  shared.requested.store(id, std::memory_order_release);
  lock.unlock();
  shared.scheduler->WakeAll();
  lock.lock();
  bool in_time = WaitForTasks(shared, lock, request.timeout_ms);
  bool complete = shared.checkpoint->tasks_left == 0;
  state::JobSnapshot snapshot = std::move(shared.checkpoint->snapshot);
  std::vector<std::function<Status()>> commits = std::move(shared.checkpoint->commits);
  shared.checkpoint.reset();
  lock.unlock();
  if (!complete && !in_time) {  // what its sinks have prepared goes into the next one
    shared.Abandon(id);
    return ExternalError("checkpoint.timeout", fmt::format("a checkpoint took longer than {} ms", request.timeout_ms),
                         "raise 'execution.checkpointing.timeout', or find out what holds the rows back");
  }
  if (!complete) return UserError("checkpoint.finished", "the job ended before the checkpoint was complete");
  if (Status durable = persist ? persist(snapshot) : Status::Ok(); !durable.ok()) {
    shared.Abandon(id);
    return durable.error();
  }
  if (!request.commit) return snapshot;
  for (auto& commit : commits) MR_RETURN_IF_ERROR(commit());
  shared.completed.store(id, std::memory_order_release);
  if (request.stop) shared.Stop();
  shared.scheduler->WakeAll();
  return snapshot;
}

namespace {

void AddCounters(OperatorStatus& status, const StageCounters& counters) {
  status.rows_in += counters.rows_in.load(std::memory_order_relaxed);
  status.rows_out += counters.rows_out.load(std::memory_order_relaxed);
  status.busy_nanos += counters.busy_nanos.load(std::memory_order_relaxed);
  status.late_rows_dropped += counters.late.load(std::memory_order_relaxed);
  status.watermark = std::max(status.watermark, counters.watermark.load(std::memory_order_relaxed));
}

}  // namespace

std::vector<OperatorStatus> Job::Operators() const {
  std::vector<OperatorStatus> all;
  for (size_t v = 0; v < impl_->tasks.size(); ++v) {
    const Vertex& vertex = impl_->graph.vertices[v];
    size_t base = all.size();
    for (const plan::PhysicalNode* node : vertex.chain) {
      OperatorStatus status;
      status.parallelism = vertex.parallelism;
      if (const auto* sink = std::get_if<plan::SinkSpec>(&node->spec);
          sink != nullptr && !sink->upsert_materialize_key.empty()) {
        status.name = "SinkMaterializer";
        all.push_back(status);
      }
      status.name = node->description;
      all.push_back(std::move(status));
    }
    for (const auto& task : impl_->tasks[v]) {
      size_t at = base;
      if (task->source() != nullptr) AddCounters(all[at++], const_cast<Task&>(*task).source()->counters());
      for (const auto& stage : task->stages()) AddCounters(all[at++], stage->counters());
      all[base].back_pressured_nanos += task->blocked_nanos();
    }
  }
  return all;
}

int64_t Job::rows_read() const {
  int64_t rows = 0;
  for (const auto& subtasks : impl_->tasks) {
    for (const auto& task : subtasks) {
      if (task->source() != nullptr) rows += task->source()->counters().rows_out.load(std::memory_order_relaxed);
    }
  }
  return rows;
}

int64_t Job::rows_written() const {
  int64_t rows = 0;
  for (const auto& subtasks : impl_->tasks) {
    for (const auto& task : subtasks) {
      if (task->stages().empty()) continue;
      const Stage& last = *task->stages().back();
      if (std::holds_alternative<plan::SinkSpec>(last.node().spec))
        rows += last.counters().rows_in.load(std::memory_order_relaxed);
    }
  }
  return rows;
}

}  // namespace millrace::runtime
