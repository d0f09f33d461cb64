// The program `millrace`: one file per command in commands/.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "bin/commands/commands.h"

int main(int argc, char** argv) {
  CLI::App app{
      "Millrace runs Flink SQL in one native program.\n\n"
      "  millrace run job.sql                          run a script\n"
      "  millrace run -e \"SELECT 1\"                    run a statement\n"
      "  millrace explain job.sql                      show the plan of its last statement\n"
      "  millrace sql                                  a shell\n"
      "  millrace doctor                               what is missing on this machine\n\n"
      "Exit codes: 0 done, 1 a statement, job or check failed, 2 wrong usage, 130 cancelled by Ctrl-C."};
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", "millrace 0.1.0");
  int exit_code = 0;
  millrace::bin::AddRun(app, exit_code);
  millrace::bin::AddExplain(app, exit_code);
  millrace::bin::AddFunctions(app, exit_code);
  millrace::bin::AddBench(app, exit_code);
  millrace::bin::AddSql(app, exit_code);
  millrace::bin::AddDoctor(app, exit_code);
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
