#include "bin/commands/script.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "base/random.h"
#include "bin/commands/command_line.h"
#include "engine/sql/parser.h"

namespace millrace::bin {

void AddScriptOptions(Command& command, ScriptOptions& options) {
  command.Option("file", &options.file, "SQL script ('-' reads standard input)");
  command.Option("-e,--execute", &options.text, "SQL text instead of a file");
  command.Option("-p,--parallelism", &options.parallelism, "default parallelism of jobs (cores of this machine)");
  command.Option("--threads", &options.threads, "worker threads (cores of this machine)");
  command.Option("--chunk-rows", &options.chunk_rows, "rows per chunk; results do not depend on it", kHiddenOption);
  command.Option("-D", &options.settings, "a setting before the script, as key=value; may be repeated");
}

void AddCheckpointOptions(Command& command, ScriptOptions& options) {
  const char* group = "Checkpoints";
  command.Option("--checkpoint-dir", &options.checkpoint_dir,
                 "folder for checkpoints of streaming jobs (sets 'execution.checkpointing.dir')", group);
  command.Option("--checkpoint-interval", &options.checkpoint_interval,
                 "time between two, such as '10 s' (sets 'execution.checkpointing.interval'); 10 s with "
                 "--checkpoint-dir alone",
                 group);
  command.Option("--restore", &options.restore,
                 "go on from this checkpoint, or from the newest in this folder, at any parallelism (sets "
                 "'execution.state-recovery.path')",
                 group);
  command.Flag("--resume", options.resume,
               "go on from the newest checkpoint in --checkpoint-dir when there is one, else start afresh", group);
  command.PositiveOption("--checkpoint-after-rows", options.checkpoint_after_rows,
                         "take a checkpoint when the sources have read this many rows", group);
  command.Flag("--stop-after-checkpoint", options.stop_after_checkpoint,
               "stop the job and the script with the first checkpoint; exit code 0", group);
  command.WordOption("--claim-mode", options.claim_mode, {"CLAIM", "NO_CLAIM"},
                     "whose what is restored is afterwards: the job's, which removes it when it needs it no more, or "
                     "still yours (sets 'execution.state-recovery.claim-mode')",
                     group);
  command.Flag("--allow-non-restored-state,--allowNonRestoredState", options.ignore_unclaimed,
               "state of operators that the job does not have may be left behind (sets "
               "'execution.state-recovery.ignore-unclaimed-state')",
               group);
  command.Option("--savepoint-dir", &options.savepoint_dir,
                 "folder for savepoints where none is named (sets 'execution.checkpointing.savepoint-dir')", group);
  command.Option("--savepoint-root", &options.savepoint_root,
                 "savepoints outside of this folder are refused (sets 'millrace.savepoint.root')", group);
}

namespace {

Status SetSavepoints(const ScriptOptions& options, engine::Session& session) {
  auto set = [&session](const char* key, const std::string& value) {
    return value.empty() ? Status::Ok() : session.SetOption(key, value);
  };
  MR_RETURN_IF_ERROR(set("millrace.savepoint.root", options.savepoint_root));
  MR_RETURN_IF_ERROR(set("execution.checkpointing.savepoint-dir", options.savepoint_dir));
  MR_RETURN_IF_ERROR(set("execution.state-recovery.claim-mode", options.claim_mode));
  return set("execution.state-recovery.ignore-unclaimed-state", options.ignore_unclaimed ? "true" : "");
}

// The options of checkpoints as settings of the session.
Status SetCheckpoints(const ScriptOptions& options, engine::Session& session) {
  bool needs_folder = options.checkpoint_after_rows > 0 || options.stop_after_checkpoint;
  if (needs_folder && options.checkpoint_dir.empty()) {
    return UserError("usage", "there is no folder for the checkpoint", "name one with --checkpoint-dir");
  }
  std::string interval = options.checkpoint_interval;
  if (interval.empty() && options.checkpoint_after_rows <= 0) interval = "10 s";
  if (!options.checkpoint_dir.empty()) {
    MR_RETURN_IF_ERROR(session.SetOption("execution.checkpointing.dir", options.checkpoint_dir));
    if (!interval.empty()) MR_RETURN_IF_ERROR(session.SetOption("execution.checkpointing.interval", interval));
  } else if (!options.checkpoint_interval.empty()) {
    return UserError("usage", "--checkpoint-interval needs --checkpoint-dir");
  }
  if (options.resume && options.checkpoint_dir.empty()) return UserError("usage", "--resume needs --checkpoint-dir");
  if (options.resume && !options.restore.empty()) {
    return UserError("usage", "give either --resume or --restore, not both");
  }
  std::string restore = options.resume ? engine::NewestCheckpoint(options.checkpoint_dir) : options.restore;
  if (!restore.empty()) MR_RETURN_IF_ERROR(session.SetOption("execution.state-recovery.path", restore));
  MR_RETURN_IF_ERROR(SetSavepoints(options, session));
  if (options.resume) MR_RETURN_IF_ERROR(session.SetOption("execution.state-recovery.claim-mode", "CLAIM"));
  auto settings = engine::ReadCheckpointSettings(session.config());
  return settings.ok() ? Status::Ok() : Status(settings.error());
}

}  // namespace

Result<std::string> ReadScript(const ScriptOptions& options) {
  if (!options.text.empty() && !options.file.empty()) return UserError("usage", "give either a file or -e, not both");
  if (!options.text.empty()) return options.text;
  if (options.file.empty()) return UserError("usage", "no SQL was given", "name a file, or write -e \"SELECT 1\"");
  if (options.file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream in(options.file, std::ios::binary);
  if (!in) return UserError("file.not_found", fmt::format("the file '{}' cannot be read", options.file));
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<std::unique_ptr<engine::Session>> MakeSession(const ScriptOptions& options, engine::JobControl* control) {
  auto cores = static_cast<int32_t>(std::max(1U, std::thread::hardware_concurrency()));
  engine::SessionOptions session;
  session.parallelism = options.parallelism > 0 ? options.parallelism : cores;
  session.threads = options.threads > 0 ? options.threads : cores;
  if (options.chunk_rows > 0) session.chunk_rows = options.chunk_rows;
  session.seed = Random::EntropySeed();
  session.checkpoint_after_rows = options.checkpoint_after_rows;
  session.stop_after_checkpoint = options.stop_after_checkpoint;
  session.control = control;
  if (const char* root = std::getenv("MILLRACE_SAVEPOINT_ROOT"); root != nullptr) session.savepoint_root = root;
  auto made = std::make_unique<engine::Session>(std::move(session));
  for (const std::string& setting : options.settings) {
    size_t equals = setting.find('=');
    if (equals == std::string::npos) return UserError("usage", fmt::format("-D takes key=value, not '{}'", setting));
    MR_RETURN_IF_ERROR(made->SetOption(setting.substr(0, equals), setting.substr(equals + 1)));
  }
  MR_RETURN_IF_ERROR(SetCheckpoints(options, *made));
  return made;
}

void PrintError(const Error& error, const std::string& script, const std::string& file) {
  bool colour = isatty(STDERR_FILENO) != 0;
  const char* red = colour ? "\033[1;31m" : "";
  const char* off = colour ? "\033[0m" : "";
  std::string place;
  if (error.range.Known())
    place = fmt::format("{}:{}:{}: ", file.empty() ? "statement" : file, error.range.line, error.range.column);
  std::string text = error.range.Known() ? sql::FormatErrorWithCaret(error, script) : error.message;
  std::string line = fmt::format("{}error:{} {}{}\n", red, off, place, text);
  if (!error.hint.empty()) line += fmt::format("  hint: {}\n", error.hint);
  line += fmt::format("  code: {}\n", error.code);
  std::fputs(line.c_str(), stderr);
}

}  // namespace millrace::bin
