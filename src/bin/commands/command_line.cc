#include "bin/commands/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace millrace::bin {

Command Command::Add(const char* name, const char* about) { return {app_->add_subcommand(name, about), exit_code_}; }

void Command::NeedCommand() { app_->require_subcommand(1); }

void Command::Flag(const char* names, bool& target, const char* help, const char* group) {
  app_->add_flag(names, target, help)->group(group);
}

void Command::Option(const char* names, OptionTarget target, const char* help, const char* group) {
  std::visit(
      [&](auto* to) {
        // Without this, a list would take the file that stands behind it.
        app_->add_option(names, *to, help)->group(group)->allow_extra_args(false);
      },
      target);
}

void Command::WordOption(const char* names, std::string& target, const std::vector<std::string>& words,
                         const char* help, const char* group) {
  app_->add_option(names, target, help)->group(group)->check(CLI::IsMember(words));
}

void Command::PositiveOption(const char* names, int64_t& target, const char* help, const char* group) {
  app_->add_option(names, target, help)->group(group)->check(CLI::PositiveNumber);
}

void Command::Need(const char* names) { app_->get_option(names)->required(); }

void Command::OnRun(std::function<int()> run) {
  app_->callback([run = std::move(run), exit_code = exit_code_] { *exit_code = run(); });
}

int RunCommandLine(int argc, char** argv, const char* about, const char* version,
                   const std::function<void(Command&)>& add_commands) {
  CLI::App app{about};
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", version);
  int exit_code = 0;
  Command program(&app, &exit_code);
  add_commands(program);
  if (argc == 1) {
    std::puts(app.help().c_str());
    return 0;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // help and the version come this way too
    return app.exit(error) == 0 ? 0 : 2;
  }
  return exit_code;
}

}  // namespace millrace::bin
