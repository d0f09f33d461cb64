// A job's side of the job protocol: listens at its socket and answers requests, whatever clients send or leave out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "control/executor/local/job_messages.h"

namespace millrace::executor {

struct ServerLimits {
  size_t connections = 32;           // at a time; one more, and the one that is idle longest is closed
  size_t request_bytes = 64 * 1024;  // of one line
  size_t waiting_requests = 16;      // that take time; more are refused
  int64_t idle_ms = 30'000;          // without a whole request, or without taking an answer
  int64_t last_answers_ms = 2'000;   // at the end
};

class JobServer {
 public:
  // Called from the server's threads: for a request that takes time from one that may block, one at a time; for others
  // from the one that serves all connections.
  using Handler = std::function<JobAnswer(const JobCall&)>;

  // Errors: "job.socket".
  static Result<std::unique_ptr<JobServer>> Start(const std::string& socket_path, Handler handler,
                                                  ServerLimits limits = {});
  // Answers that are ready are still given. No request may be blocked in the handler any more, or for long.
  ~JobServer();

 private:
  struct Impl;
  explicit JobServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace millrace::executor
