// millrace explain: the plan of the last statement of a script; the statements before it are executed when they define
// something.
#include <cstdio>
#include <memory>

#include "bin/commands/command_line.h"
#include "bin/commands/commands.h"
#include "bin/commands/row_writer.h"
#include "bin/commands/script.h"

namespace millrace::bin {
namespace {

struct ExplainOptions {
  ScriptOptions script;
  bool changelog = false;
};

Status ExplainScript(engine::Session& session, const std::string& script, bool changelog) {
  MR_ASSIGN(std::vector<sql::StatementWithText> statements, sql::ParseScript(script));
  if (statements.empty()) return UserError("usage", "the script holds no statement");
  RowWriter listener(RowStyle::kPlain, session);
  for (const sql::StatementWithText& statement : statements) {
    bool has_plan = sql::As<sql::QueryStatement>(*statement.statement) != nullptr ||
                    sql::As<sql::Insert>(*statement.statement) != nullptr;
    if (!has_plan) {
      MR_RETURN_IF_ERROR(session.Execute(statement.text, listener));
      continue;
    }
    MR_RETURN_IF_ERROR(
        session.Execute((changelog ? "EXPLAIN CHANGELOG_MODE " : "EXPLAIN ") + statement.text, listener));
  }
  return Status::Ok();
}

int Explain(const ExplainOptions& options) {
  auto script = ReadScript(options.script);
  auto session = MakeSession(options.script);
  if (!script.ok() || !session.ok()) {
    PrintError(script.ok() ? session.error() : script.error(), "", options.script.file);
    return 2;
  }
  Status status = ExplainScript(**session, *script, options.changelog);
  if (status.ok()) return 0;
  PrintError(status.error(), *script, options.script.file);
  return 1;
}

}  // namespace

void AddExplain(Command& program) {
  auto options = std::make_shared<ExplainOptions>();
  Command command = program.Add("explain",
                                "Show the plans of the queries and INSERTs of a script.\n\n"
                                "  millrace explain job.sql --changelog\n\n"
                                "Exit codes: 0 done, 1 a statement is refused, 2 wrong usage.");
  AddScriptOptions(command, options->script);
  command.Flag("--changelog", options->changelog, "with the kinds of changes on every edge");
  command.OnRun([options] { return Explain(*options); });
}

}  // namespace millrace::bin
