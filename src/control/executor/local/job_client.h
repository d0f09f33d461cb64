// The other side of the job protocol: asks a running job by its name.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "control/executor/local/job_messages.h"

namespace millrace::executor {

// Asks the job and waits for its answer; with `until_gone` also until its process has closed the connection, at most 30
// s. Errors: "job.name", "job.not_found" (no job of that name runs), "job.no_answer", "job.gone" (it ended before it
// answered), and what the job itself answers.
Result<JobAnswer> CallJob(const std::string& run_directory, const std::string& name, const JobCall& call,
                          bool until_gone = false);

// What is known of a job, running or not. A process that is gone without a last report was killed: its job is FAILED.
// Errors: as CallJob.
Result<JobReport> DescribeJob(const std::string& run_directory, const std::string& name);

// All jobs that run, by name; with `ended` also those that do not any more.
std::vector<JobReport> ListJobs(const std::string& run_directory, bool ended);

// States in which a job is at its end: "FINISHED", "CANCELED", "FAILED".
bool IsEnd(const std::string& state);

}  // namespace millrace::executor
