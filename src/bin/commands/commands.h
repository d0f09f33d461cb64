// The commands of `millrace`. Each adds itself to the program and sets the exit code when it ran:
// 0 done, 1 the statement or job failed, 2 wrong usage, 130 cancelled by Ctrl-C.
#pragma once

namespace CLI {
class App;
}

namespace millrace::bin {

void AddRun(CLI::App& app, int& exit_code);
void AddExplain(CLI::App& app, int& exit_code);
void AddFunctions(CLI::App& app, int& exit_code);
void AddBench(CLI::App& app, int& exit_code);
void AddDoctor(CLI::App& app, int& exit_code);
void AddSql(CLI::App& app, int& exit_code);

}  // namespace millrace::bin
