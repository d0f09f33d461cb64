// The little behaviour that nodes have.
#include "engine/sql/ast.h"

namespace millrace::sql {

std::string Call::FunctionName() const {
  std::string result;
  if (name && !name->parts.empty()) {
    result = name->parts.back().name;
    for (char& c : result) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  } else {
    result = GetOpInfo(op).name;
  }
  return result;
}

}  // namespace millrace::sql
