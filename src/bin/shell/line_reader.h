// Lines from a person (libedit: editing keys, history) or from a pipe.
#pragma once

#include <memory>
#include <string>

namespace millrace::bin {

struct ReadLine {
  enum class Kind : uint8_t { kLine, kInterrupted, kEnd };
  Kind kind = Kind::kEnd;
  std::string text;  // kLine: without the newline
};

// Used by one thread.
class LineReader {
 public:
  virtual ~LineReader() = default;
  virtual ReadLine Next(const std::string& prompt) = 0;
  // A whole statement, for the history.
  virtual void Remember(const std::string& statement) = 0;
};

// On a terminal: with libedit; `history_file` is read now and written with every statement (empty: none).
// `interrupted` is asked, and reset, when reading is disturbed by a signal.
std::unique_ptr<LineReader> MakeTerminalReader(const std::string& history_file, bool (*interrupted)());
// From standard input, without prompts.
std::unique_ptr<LineReader> MakePipeReader();

// MILLRACE_HISTORY, else $XDG_STATE_HOME/millrace/history when that is set, else ~/.millrace_history; empty without a
// home.
std::string HistoryFile();

}  // namespace millrace::bin
