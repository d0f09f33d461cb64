// Commands and their options. The only place that knows CLI11, whose header takes seconds to compile.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace CLI {
class App;
}

namespace millrace::bin {

// Where the text of an option goes. What is pointed to lives until the program ends.
using OptionTarget = std::variant<std::string*, int32_t*, int64_t*, std::vector<std::string>*>;

inline constexpr const char* kHiddenOption = "";  // a group that --help does not show

// The program or one of its commands, while options are added. Lives as long as RunCommandLine runs.
class Command {
 public:
  Command(CLI::App* app, int* exit_code) : app_(app), exit_code_(exit_code) {}

  // `about`: a sentence, then examples and exit codes.
  Command Add(const char* name, const char* about);
  // One of the commands added must be given.
  void NeedCommand();
  // `names`: "-q,--quiet", or without a dash for what stands at a place. `group`: a heading of --help.
  void Flag(const char* names, bool& target, const char* help, const char* group = "Options");
  void Option(const char* names, OptionTarget target, const char* help, const char* group = "Options");
  // One of `words`.
  void WordOption(const char* names, std::string& target, const std::vector<std::string>& words, const char* help,
                  const char* group = "Options");
  // A number above zero.
  void PositiveOption(const char* names, int64_t& target, const char* help, const char* group = "Options");
  // An option that must be given, by the names it was added with.
  void Need(const char* names);
  // What the command does; gives the exit code.
  void OnRun(std::function<int()> run);

 private:
  CLI::App* app_;
  int* exit_code_;
};

// Reads the arguments and runs the command they name: its exit code, or 2 for wrong usage. No argument: the help.
int RunCommandLine(int argc, char** argv, const char* about, const char* version,
                   const std::function<void(Command&)>& add_commands);

}  // namespace millrace::bin
