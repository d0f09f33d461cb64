#include "bin/shell/line_reader.h"

#include <histedit.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cwchar>
#include <filesystem>
#include <iostream>

namespace millrace::bin {
namespace {

constexpr int kHistorySize = 2000;

class TerminalReader final : public LineReader {
 public:
  TerminalReader(const std::string& history_file, bool (*interrupted)())
      : history_file_(history_file), interrupted_(interrupted) {
    editor_ = el_init("millrace", stdin, stdout, stderr);
    el_set(editor_, EL_CLIENTDATA, this);
    el_set(editor_, EL_PROMPT, &TerminalReader::Prompt);
    el_set(editor_, EL_EDITOR, "emacs");
    el_set(editor_, EL_SIGNAL, 0);
    el_set(editor_, EL_GETCFN, &TerminalReader::ReadCharacter);
    history_ = history_init();
    HistEvent event;
    history(history_, &event, H_SETSIZE, kHistorySize);
    history(history_, &event, H_SETUNIQUE, 1);
    el_set(editor_, EL_HIST, history, history_);
    el_set(editor_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    if (!history_file_.empty()) history(history_, &event, H_LOAD, history_file_.c_str());
    el_source(editor_, nullptr);  // ~/.editrc
  }
  ~TerminalReader() override {
    history_end(history_);
    el_end(editor_);
  }

  ReadLine Next(const std::string& prompt) override {
    prompt_ = prompt;
    was_interrupted_ = false;
    int count = 0;
    const char* line = el_gets(editor_, &count);
    if (was_interrupted_) {
      std::fputs("^C\n", stdout);
      std::fflush(stdout);
      return {ReadLine::Kind::kInterrupted, {}};
    }
    if (line == nullptr || count <= 0) return {ReadLine::Kind::kEnd, {}};
    std::string text(line, static_cast<size_t>(count));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return {ReadLine::Kind::kLine, std::move(text)};
  }

  void Remember(const std::string& statement) override {
    std::string one_line = statement;
    for (char& c : one_line) {
      if (c == '\n') c = ' ';
    }
    HistEvent event;
    history(history_, &event, H_ENTER, one_line.c_str());
    if (!history_file_.empty()) history(history_, &event, H_SAVE, history_file_.c_str());
  }

 private:
  static TerminalReader* Self(EditLine* editor) {
    void* self = nullptr;
    el_get(editor, EL_CLIENTDATA, &self);
    return static_cast<TerminalReader*>(self);
  }
  static const char* Prompt(EditLine* editor) { return Self(editor)->prompt_.c_str(); }

  // A character in the locale's encoding. Ctrl-C ends the line, so that the editor puts the terminal back in order.
  static int ReadCharacter(EditLine* editor, wchar_t* character) {
    TerminalReader* self = Self(editor);
    std::mbstate_t state{};
    while (true) {
      if (self->interrupted_()) {
        self->was_interrupted_ = true;
        *character = L'\n';
        return 1;
      }
      // Not for ever: a signal may come just before the wait begins.
      constexpr int kWaitMillis = 100;
      pollfd ready{STDIN_FILENO, POLLIN, 0};
      if (poll(&ready, 1, kWaitMillis) <= 0) continue;
      char byte = 0;
      ssize_t count = read(STDIN_FILENO, &byte, 1);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return 0;
      size_t used = std::mbrtowc(character, &byte, 1, &state);
      if (used == static_cast<size_t>(-2)) continue;  // more bytes belong to it
      if (used == static_cast<size_t>(-1)) {
        state = std::mbstate_t{};
        continue;
      }
      return 1;
    }
  }

  std::string history_file_;
  bool (*interrupted_)();
  EditLine* editor_ = nullptr;
  History* history_ = nullptr;
  std::string prompt_;
  bool was_interrupted_ = false;
};

class PipeReader final : public LineReader {
 public:
  ReadLine Next(const std::string& prompt) override {
    static_cast<void>(prompt);
    std::string line;
    if (!std::getline(std::cin, line)) return {ReadLine::Kind::kEnd, {}};
    return {ReadLine::Kind::kLine, std::move(line)};
  }
  void Remember(const std::string& statement) override { static_cast<void>(statement); }
};

}  // namespace

std::unique_ptr<LineReader> MakeTerminalReader(const std::string& history_file, bool (*interrupted)()) {
  return std::make_unique<TerminalReader>(history_file, interrupted);
}

std::unique_ptr<LineReader> MakePipeReader() { return std::make_unique<PipeReader>(); }

std::string HistoryFile() {
  if (const char* own = std::getenv("MILLRACE_HISTORY"); own != nullptr) return own;
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != '\0') {
    std::filesystem::path folder = std::filesystem::path(state) / "millrace";
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    return (folder / "history").string();
  }
  const char* home = std::getenv("HOME");
  return home != nullptr && *home != '\0' ? std::string(home) + "/.millrace_history" : std::string();
}

}  // namespace millrace::bin
