#include "bin/commands/named_job.h"

#include <unistd.h>

#include <algorithm>

namespace millrace::bin {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;

std::vector<executor::FailureReport> Failures(const std::vector<engine::JobFailure>& failures) {
  std::vector<executor::FailureReport> reports;
  for (const engine::JobFailure& failure : failures) {
    reports.push_back({failure.at_millis, failure.code, failure.message});
  }
  return reports;
}

std::optional<executor::SnapshotReport> Snapshot(const std::optional<engine::TakenSnapshot>& taken) {
  if (!taken) return std::nullopt;
  return executor::SnapshotReport{taken->path, taken->at_millis, taken->duration_ms, taken->bytes};
}

executor::OperatorReport Operator(const runtime::OperatorStatus& status) {
  executor::OperatorReport report;
  report.name = status.name;
  report.parallelism = status.parallelism;
  report.rows_in = status.rows_in;
  report.rows_out = status.rows_out;
  report.busy_ms = status.busy_nanos / kNanosPerMilli;
  report.back_pressured_ms = status.back_pressured_nanos / kNanosPerMilli;
  if (status.watermark != kMinWatermark) report.watermark = status.watermark;
  report.late_rows = status.late_rows_dropped;
  return report;
}

}  // namespace

executor::JobReport NamedJob::Report() const {
  engine::JobView view = control_.View();
  executor::JobReport report;
  report.name = name_text_;
  report.id = view.job_id;
  report.state = engine::JobStateName(view.state);
  report.since = view.since_millis;
  report.pid = ::getpid();
  report.number = view.number;
  report.statement = view.statement;
  report.parallelism = view.parallelism;
  report.rows_read = view.rows_read;
  report.rows_written = view.rows_written;
  std::transform(view.operators.begin(), view.operators.end(), std::back_inserter(report.operators), Operator);
  report.checkpoint_directory = view.checkpoint_directory;
  report.restored_from = view.restored_from;
  report.checkpoints = view.checkpoints;
  report.checkpoints_failed = view.checkpoints_failed;
  report.last_checkpoint = Snapshot(view.last_checkpoint);
  report.last_savepoint = Snapshot(view.last_savepoint);
  report.checkpoint_failures = Failures(view.checkpoint_failures);
  report.restarts = view.restarts;
  report.failures = Failures(view.failures);
  return report;
}

executor::JobAnswer NamedJob::Handle(const executor::JobCall& call) {
  using Kind = engine::JobRequest::Kind;
  executor::JobAnswer answer;
  Result<std::string> path = std::string();
  switch (call.op) {
    case executor::JobOp::kStatus:
      answer.job = Report();
      return answer;
    case executor::JobOp::kCancel:
      control_.Cancel();
      return answer;
    case executor::JobOp::kSavepoint:
      path = control_.Ask({Kind::kSavepoint, call.directory});
      break;
    case executor::JobOp::kStop:
      path = control_.Ask({Kind::kStop, call.directory, call.drain});
      break;
    case executor::JobOp::kRescale:
      path = control_.Ask({Kind::kRescale, "", false, call.parallelism});
      break;
  }
  if (path.ok()) {
    answer.path = *path;
  } else {
    answer.error = path.error();
  }
  return answer;
}

NamedJob::NamedJob(std::unique_ptr<executor::JobName> name, engine::JobControl& control)
    : name_(std::move(name)), control_(control) {}

Result<std::unique_ptr<NamedJob>> NamedJob::Start(const std::string& run_directory, const std::string& name,
                                                  engine::JobControl& control) {
  MR_ASSIGN(std::string directory, executor::FindRunDirectory(run_directory));
  MR_ASSIGN(std::unique_ptr<executor::JobName> taken, executor::JobName::Take(directory, name));
  std::unique_ptr<NamedJob> job(new NamedJob(std::move(taken), control));
  job->name_text_ = name;
  NamedJob* of = job.get();
  MR_ASSIGN(job->server_, executor::JobServer::Start(job->name_->socket_path(),
                                                     [of](const executor::JobCall& call) { return of->Handle(call); }));
  MR_RETURN_IF_ERROR(job->name_->Write(job->Report()));
  return job;
}

NamedJob::~NamedJob() {
  if (server_ != nullptr) static_cast<void>(name_->Write(Report()));
  server_.reset();
}

}  // namespace millrace::bin
