// millrace sql: a shell. Statements until ';', results as a table that follows the query, history; in a pipe plain
// rows.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <clocale>
#include <csignal>
#include <fstream>
#include <iterator>
#include <memory>

#include "bin/commands/command_line.h"
#include "bin/commands/commands.h"
#include "bin/commands/row_writer.h"
#include "bin/commands/script.h"
#include "bin/shell/line_reader.h"
#include "bin/shell/result_screen.h"
#include "bin/shell/statement_buffer.h"

namespace millrace::bin {
namespace {

std::atomic<int> g_interrupts{0};

void OnInterrupt(int) { g_interrupts.fetch_add(1); }
bool Interrupted() { return g_interrupts.exchange(0) > 0; }

// Without SA_RESTART, so that waiting for a key ends too.
void CatchInterrupts() {
  struct sigaction action {};
  action.sa_handler = OnInterrupt;
  sigaction(SIGINT, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

struct ShellOptions {
  ScriptOptions script;  // its `file` is that of --file
  std::string init;
  bool json = false;
};

constexpr const char* kWelcome =
    "Millrace {}: Flink SQL. End statements with ';'. HELP; explains, QUIT; leaves, Ctrl-C stops a query.\n";

constexpr const char* kHelp =
    "Any statement of Flink SQL, ended by ';'. Besides:\n"
    "  HELP;                      this text\n"
    "  QUIT; or EXIT;             leave (Ctrl-D too)\n"
    "  CLEAR;                     empty the screen\n"
    "  SET; SET 'key' = 'value';  show settings, change one; RESET 'key'; takes it back\n"
    "  SHOW TABLES; DESCRIBE t; SHOW FUNCTIONS; EXPLAIN SELECT ...;\n"
    "  SET 'sql-client.execution.result-mode' = 'table';      the result as it stands, redrawn in place\n"
    "                                           'changelog'   every change in a row of its own (also 'tableau')\n"
    "Up and Down walk through earlier statements, Ctrl-R searches them. Ctrl-C stops a query, or drops what was "
    "typed.\n";

class Shell {
 public:
  Shell(const ShellOptions& options, engine::Session& session)
      : options_(options), session_(session), screen_(isatty(STDOUT_FILENO) != 0 && !options.json) {}

  // Statement by statement until the end of the text or the first failure.
  bool RunText(const std::string& text, const std::string& file) {
    if (!screen_) {
      RowWriter writer(options_.json ? RowStyle::kJson : RowStyle::kPlain, session_);
      Status status = session_.ExecuteScript(text, writer);
      if (!status.ok()) PrintError(status.error(), text, file);
      return status.ok();
    }
    StatementBuffer buffer;
    buffer.Add(text);
    for (auto statement = buffer.Take(); statement && !leaving_; statement = buffer.Take()) {
      if (!RunStatement(*statement)) return false;
    }
    std::string rest = buffer.TakeRest();
    return rest.empty() || RunStatement(rest);
  }

  int RunInteractive(LineReader& reader, bool terminal) {
    if (terminal) fmt::print(fmt::runtime(kWelcome), "0.1.0");
    StatementBuffer buffer;
    bool good = true;
    while (!leaving_ && (good || terminal)) {
      std::fflush(stdout);
      ReadLine line = reader.Next(buffer.Blank() ? "millrace> " : "        > ");
      if (line.kind == ReadLine::Kind::kEnd) break;
      if (line.kind == ReadLine::Kind::kInterrupted) {
        buffer.Clear();
        continue;
      }
      if (buffer.Blank()) buffer.Clear();
      if (buffer.Blank() && IsWord(line.text)) line.text += ";";
      buffer.Add(line.text);
      for (auto statement = buffer.Take(); statement && !leaving_; statement = buffer.Take()) {
        reader.Remember(*statement + ";");
        good = RunStatement(*statement);
        if (!good && !terminal) break;
      }
    }
    std::string rest = buffer.TakeRest();
    if (!rest.empty() && !leaving_ && good && !terminal) good = RunStatement(rest);
    if (terminal && !leaving_) fmt::print("\n");
    return good || terminal ? 0 : 1;
  }

 private:
  static std::string Word(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
    while (!text.empty() && (text.back() == ' ' || text.back() == ';')) text.pop_back();
    text.erase(0, text.find_first_not_of(' '));
    return text;
  }
  // Words of the shell do not need their ';'.
  static bool IsWord(const std::string& line) {
    std::string word = Word(line);
    return line.find(';') == std::string::npos &&
           (word == "HELP" || word == "QUIT" || word == "EXIT" || word == "CLEAR");
  }

  bool RunStatement(const std::string& statement) {
    std::string word = Word(statement);
    if (word == "QUIT" || word == "EXIT") {
      leaving_ = true;
      return true;
    }
    if (word == "HELP" || word == "CLEAR") {
      std::fputs(word == "HELP" ? kHelp : screen_ ? "\033[H\033[2J" : "", stdout);
      return true;
    }
    g_interrupts.store(0);
    Status status;
    if (screen_) {
      ResultScreen screen(session_, ResultModeOf(session_.config()), Interrupted);
      status = session_.Execute(statement, screen);
      screen.Finish(status);
    } else {
      RowWriter writer(options_.json ? RowStyle::kJson : RowStyle::kPlain, session_);
      status = session_.Execute(statement, writer);
    }
    std::fflush(stdout);
    if (status.ok()) return true;
    if (status.error().code != "job.cancelled") PrintError(status.error(), statement, "");
    return status.error().code == "job.cancelled";
  }

  const ShellOptions& options_;
  engine::Session& session_;
  bool screen_;
  bool leaving_ = false;
};

int RunShell(ShellOptions options) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  auto session = MakeSession(options.script);
  if (!session.ok()) {
    PrintError(session.error(), "", "");
    return 2;
  }
  CatchInterrupts();
  Shell shell(options, **session);
  for (const std::string& file : {options.init, options.script.file}) {
    if (file.empty()) continue;
    ScriptOptions source;
    source.file = file;
    auto text = ReadScript(source);
    if (!text.ok()) {
      PrintError(text.error(), "", file);
      return 2;
    }
    if (!shell.RunText(*text, file)) return 1;
  }
  if (!options.script.file.empty()) return 0;
  bool terminal = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
  std::unique_ptr<LineReader> reader = terminal ? MakeTerminalReader(HistoryFile(), Interrupted) : MakePipeReader();
  return shell.RunInteractive(*reader, terminal);
}

}  // namespace

void AddSql(Command& program) {
  auto options = std::make_shared<ShellOptions>();
  Command command = program.Add("sql",
                                "A SQL shell: tables, views and settings stay from statement to statement.\n\n"
                                "  millrace sql\n"
                                "  millrace sql -i tables.sql            run a script first\n"
                                "  millrace sql -f job.sql               run a script and leave\n"
                                "  echo 'SELECT 1;' | millrace sql --json\n\n"
                                "The history is in ~/.millrace_history, or where MILLRACE_HISTORY says.\n"
                                "Exit codes: 0 done, 1 a statement failed (with -f, -i or in a pipe), 2 wrong usage.");
  command.Option("-i,--init", &options->init, "script to run before the first statement");
  command.Option("-f,--file", &options->script.file, "script to run instead of asking for statements");
  command.Flag("--json", options->json, "one JSON object a row: {\"op\":\"+I\",\"row\":{…}}");
  command.Option("-p,--parallelism", &options->script.parallelism,
                 "default parallelism of jobs (cores of this machine)");
  command.Option("--threads", &options->script.threads, "worker threads (cores of this machine)");
  command.Option("-D", &options->script.settings, "a setting, as key=value; may be repeated");
  AddCheckpointOptions(command, options->script);
  command.OnRun([options] { return RunShell(*options); });
}

}  // namespace millrace::bin
