// A run that others can reach by its name: its place in the run directory, its socket, and what is answered there.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "control/executor/local/job_server.h"
#include "control/executor/local/run_directory.h"
#include "engine/session/job_control.h"

namespace millrace::bin {

class NamedJob {
 public:
  // Errors: "job.name", "job.name_in_use", "run_dir.…", "job.socket".
  static Result<std::unique_ptr<NamedJob>> Start(const std::string& run_directory, const std::string& name,
                                                 engine::JobControl& control);
  // Leaves the last report behind. Call it when no job runs any more.
  ~NamedJob();

 private:
  NamedJob(std::unique_ptr<executor::JobName> name, engine::JobControl& control);
  executor::JobReport Report() const;
  executor::JobAnswer Handle(const executor::JobCall& call);

  std::unique_ptr<executor::JobName> name_;
  std::string name_text_;
  engine::JobControl& control_;
  std::unique_ptr<executor::JobServer> server_;
};

}  // namespace millrace::bin
