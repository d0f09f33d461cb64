// The job protocol: what is said to a running job over its socket, and what it answers. One JSON object a line.
//
//   {"v":1,"op":"status"}                                 → {"v":1,"ok":true,"job":{…}}
//   {"v":1,"op":"savepoint","directory":"/d"}             → {"v":1,"ok":true,"path":"/d/savepoint-…"}
//   {"v":1,"op":"stop","directory":"/d","drain":true}     → {"v":1,"ok":true,"path":…}
//   {"v":1,"op":"rescale","parallelism":4}                → {"v":1,"ok":true,"path":…}
//   {"v":1,"op":"cancel"}                                 → {"v":1,"ok":true}
//   what fails                                            → {"v":1,"ok":false,"error":{"code":…,"message":…,"hint":…}}
//
// A member that is not known is passed over, so that a version may gain some; what changes the meaning of one is a new
// version. Answers come in the order of the requests of a connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millrace::executor {

constexpr int64_t kProtocolVersion = 1;

enum class JobOp : uint8_t { kStatus, kSavepoint, kStop, kRescale, kCancel };
// What is answered only when it is done.
bool TakesTime(JobOp op);

struct JobCall {
  JobOp op = JobOp::kStatus;
  std::string directory;    // kSavepoint, kStop: where the savepoint goes, absolute; empty: as the job is configured
  bool drain = false;       // kStop
  int32_t parallelism = 0;  // kRescale
};

struct OperatorReport {
  std::string name;
  int32_t parallelism = 1;
  int64_t rows_in = 0;
  int64_t rows_out = 0;
  int64_t busy_ms = 0;
  int64_t back_pressured_ms = 0;
  std::optional<int64_t> watermark;  // ms since 1970; nothing: none yet
  int64_t late_rows = 0;
};

struct FailureReport {
  int64_t at = 0;  // ms since 1970, as all times here
  std::string code;
  std::string message;
};

struct SnapshotReport {
  std::string path;
  int64_t at = 0;
  int64_t duration_ms = 0;
  int64_t bytes = 0;
};

struct JobReport {
  std::string name;
  std::string id;     // Flink's form: 32 hex digits
  std::string state;  // Flink's spelling: "RUNNING"
  int64_t since = 0;
  int64_t pid = 0;
  int64_t number = 0;  // of the script's jobs
  std::string statement;
  int32_t parallelism = 0;
  int64_t rows_read = 0;
  int64_t rows_written = 0;
  std::vector<OperatorReport> operators;
  std::string checkpoint_directory;
  std::string restored_from;
  int64_t checkpoints = 0;
  int64_t checkpoints_failed = 0;
  std::optional<SnapshotReport> last_checkpoint;
  std::optional<SnapshotReport> last_savepoint;
  std::vector<FailureReport> checkpoint_failures;
  int64_t restarts = 0;
  std::vector<FailureReport> failures;
};

struct JobAnswer {
  std::optional<Error> error;
  std::string path;  // the savepoint or checkpoint that was made
  std::optional<JobReport> job;
};

// Lines without their end.
std::string EncodeCall(const JobCall& call);
// Errors: "protocol.request", "protocol.version", "protocol.unknown_op".
Result<JobCall> DecodeCall(std::string_view line);
std::string EncodeAnswer(const JobAnswer& answer);
// Errors: "protocol.answer".
Result<JobAnswer> DecodeAnswer(std::string_view line);
std::string EncodeReport(const JobReport& report);
Result<JobReport> DecodeReport(std::string_view text);

}  // namespace millrace::executor
