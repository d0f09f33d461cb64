// Writers that must know at their start what the checkpoint holds that the job goes on from.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace millrace::connectors {

// Implemented by a SinkWriter beside it.
class RestoringWriter {
 public:
  virtual ~RestoringWriter() = default;
  // Before the first Write, once, for every subtask: all tokens of the checkpoint, of all former subtasks; none when
  // the job starts afresh. What was left behind and no token names is cleaned up here; what they name is committed by
  // Commit, before or after.
  virtual Status Restore(const std::vector<std::string>& tokens) = 0;
};

}  // namespace millrace::connectors
