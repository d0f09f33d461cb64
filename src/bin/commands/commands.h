// The commands of `millrace`. Each adds itself to the program and gives an exit code:
// 0 done, 1 the statement or job failed, 2 wrong usage, 3 no such job, 130 cancelled by Ctrl-C, 143 by SIGTERM.
#pragma once

namespace millrace::bin {

class Command;

void AddRun(Command& program);
void AddExplain(Command& program);
void AddFunctions(Command& program);
void AddBench(Command& program);
void AddDoctor(Command& program);
void AddJobs(Command& program);
void AddSavepoint(Command& program);
void AddSavepointActions(Command& savepoint);
void AddSql(Command& program);

}  // namespace millrace::bin
