// The program `millrace`: one file per command in commands/.
#include "bin/commands/command_line.h"
#include "bin/commands/commands.h"

namespace {

constexpr const char* kAbout =
    "Millrace runs Flink SQL in one native program.\n\n"
    "  millrace run job.sql                          run a script\n"
    "  millrace run -e \"SELECT 1\"                    run a statement\n"
    "  millrace explain job.sql                      show the plan of its last statement\n"
    "  millrace sql                                  a shell\n"
    "  millrace run job.sql --name orders            a job that can be reached: list, status, stop, rescale\n"
    "  millrace savepoint show state/chk-7           what is in a checkpoint\n"
    "  millrace doctor                               what is missing on this machine\n\n"
    "Exit codes: 0 done, 1 a statement, job or check failed, 2 wrong usage, 130 cancelled by Ctrl-C.";

}  // namespace

int main(int argc, char** argv) {
  return millrace::bin::RunCommandLine(argc, argv, kAbout, "millrace 0.1.0", [](millrace::bin::Command& program) {
    millrace::bin::AddRun(program);
    millrace::bin::AddExplain(program);
    millrace::bin::AddFunctions(program);
    millrace::bin::AddBench(program);
    millrace::bin::AddSql(program);
    millrace::bin::AddJobs(program);
    millrace::bin::AddSavepoint(program);
    millrace::bin::AddDoctor(program);
  });
}
