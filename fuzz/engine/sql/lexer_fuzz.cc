// fuzz-modules: sql
// Any bytes through the lexer and the script splitter: they end, and tokens never overlap.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/sql/lexer.h"
#include "engine/sql/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!millrace::sql::Lexer::CheckText(text).ok()) return 0;
  millrace::sql::Lexer lexer(text);
  uint32_t end = 0;
  for (;;) {
    millrace::sql::Token token = lexer.Next();
    if (token.type == millrace::sql::TokenType::kEnd || token.type == millrace::sql::TokenType::kError) break;
    if (token.begin < end || token.end <= token.begin) std::abort();
    end = token.end;
  }
  if (!millrace::sql::SplitScript(text).ok()) std::abort();
  return 0;
}
