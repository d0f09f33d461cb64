// What the execution of a statement tells whoever asked for it.
#pragma once

#include <string>

#include "base/result.h"
#include "engine/runtime/job.h"
#include "types/chunk.h"

namespace millrace::engine {

// What a statement gives. Calls come from one thread at a time.
class ResultListener {
 public:
  virtual ~ResultListener() = default;
  // Before rows: their columns. `changelog`: rows may have kinds other than +I.
  virtual Status OnSchema(const Schema& schema, bool changelog) {
    static_cast<void>(schema), static_cast<void>(changelog);
    return Status::Ok();
  }
  virtual Status OnRows(const Chunk& chunk) {
    static_cast<void>(chunk);
    return Status::Ok();
  }
  // A statement without rows is done: "OK", or a plan's text.
  virtual void OnMessage(const std::string& text) { static_cast<void>(text); }
  // What a person may want to know beside the results: a checkpoint was taken, a job is skipped. From any thread.
  virtual void OnNotice(const std::string& text) { static_cast<void>(text); }
  // A job starts, and is valid until OnJobEnd; both on the thread that executes the statement. A job that is started
  // again after a failure is another one; until then the failed one can still be cancelled.
  virtual void OnJobStart(runtime::Job& job) { static_cast<void>(job); }
  virtual void OnJobEnd(runtime::Job& job) { static_cast<void>(job); }
  // Asked while a job waits for its next start: whether it is not wanted any more.
  virtual bool Cancelled() const { return false; }
};

}  // namespace millrace::engine
