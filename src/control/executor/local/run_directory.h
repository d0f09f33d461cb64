// The run directory: where jobs that were started with a name are found. Per user, mode 0700; for each name
//   NAME.lock   held by the job's process (flock): it decides whether the name is in use, not a process id
//   NAME.sock   the job's socket, mode 0600
//   NAME.json   the job's last report: as it started, and as it ended
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "control/executor/local/job_messages.h"

namespace millrace::executor {

// Letters, digits, '-', '_' and '.', at most 64, and no dot in front. Errors: "job.name".
Status CheckJobName(std::string_view name);

// `chosen`, else MILLRACE_RUN_DIR, else XDG_RUNTIME_DIR/millrace, else HOME/.local/state/millrace/run; absolute.
// Errors: "run_dir.none".
Result<std::string> FindRunDirectory(const std::string& chosen);

// A name that this process has. Given back by the destructor; the report stays.
class JobName {
 public:
  // Makes the run directory where it is missing. Errors: "job.name", "run_dir.unsafe" (others may write into the
  // directory, or own it), "job.name_in_use", and those of files.
  static Result<std::unique_ptr<JobName>> Take(const std::string& run_directory, const std::string& name);
  ~JobName();

  const std::string& socket_path() const { return socket_path_; }
  Status Write(const JobReport& report) const;

 private:
  JobName(std::string run_directory, std::string name, std::unique_ptr<FileLock> lock);

  std::string run_directory_;
  std::string name_;
  std::string socket_path_;
  std::unique_ptr<FileLock> lock_;
};

// Names with a report, sorted.
std::vector<std::string> KnownJobs(const std::string& run_directory);
std::string SocketPath(const std::string& run_directory, const std::string& name);
// What the job wrote last; nothing: it is not known.
std::optional<JobReport> LastReport(const std::string& run_directory, const std::string& name);

}  // namespace millrace::executor
