// One query of a test at work: a job that is fed step by step, snapshotted and restored between steps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "bin/sql_test/test_file.h"
#include "engine/session/session.h"

namespace millrace::sql_test {

// How a file is run beside what it says itself.
struct Mode {
  std::string name = "plain";
  int32_t parallelism = 1;
  int32_t chunk_rows = kDefaultChunkRows;
  // Between any two steps the job stops with a snapshot and goes on from its files: at the same parallelism, or at the
  // next of 1, 2 and 3.
  enum class Restore : uint8_t { kNone, kSame, kRescale };
  Restore restore = Restore::kNone;
  // The order of the changelog is fixed.
  bool ordered() const { return parallelism == 1 && restore != Restore::kRescale; }
};

// A clock that only the test moves.
class StepClock final : public Clock {
 public:
  int64_t NowMillis() const override { return now_.load(); }
  int64_t MonotonicNanos() const override { return now_.load() * 1'000'000; }
  void Advance(int64_t millis) { now_.fetch_add(millis); }

 private:
  std::atomic<int64_t> now_{1'704'067'200'000};  // 2024-01-01 00:00:00 UTC
};

// Registers everything that the steps give, at once, and that nothing more comes: for statements that run a job to its
// end.
Status FeedAll(const std::vector<Step>& steps, engine::Session& session);

// Runs the query through the steps. Its rows in order, as "+I[a, 1]". Snapshots go below `scratch`.
Result<std::vector<std::string>> RunQuery(const Block& block, const Mode& mode, const std::string& scratch,
                                          StepClock& clock, engine::Session& session);

}  // namespace millrace::sql_test
