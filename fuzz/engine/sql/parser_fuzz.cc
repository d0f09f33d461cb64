// fuzz-modules: sql
// Any bytes through the parser: a tree or an error with a place. A tree can be checked and printed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/parser.h"
#include "engine/sql/unparser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace millrace;  // NOLINT: a program of its own
  std::string_view text(reinterpret_cast<const char*>(data), size);
  Result<sql::StatementPtr> statement = sql::ParseStatement(text);
  if (!statement.ok()) {
    if (!statement.error().range.Known() || sql::FormatErrorWithCaret(statement.error(), text).empty()) std::abort();
    Result<std::vector<sql::StatementWithText>> script = sql::ParseScript(text);
    if (!script.ok() && script.error().message.empty()) std::abort();
    return 0;
  }
  if (!sql::ValidateStatement(**statement).ok()) return 0;
  sql::StatementPtr checked = sql::WithKeysNotNull(*statement);
  if (sql::Unparse(*checked).empty() && !text.empty()) std::abort();
  return 0;
}
