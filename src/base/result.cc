#include "base/result.h"

#include <fmt/format.h>

namespace millrace {

std::string Error::ToString() const {
  std::string text;
  if (range.Known()) text = fmt::format("line {}, column {}: ", range.line, range.column);
  text += message;
  if (!hint.empty()) text += fmt::format(" ({})", hint);
  return text;
}

Error UserError(std::string_view code, std::string message, std::string hint, SourceRange range) {
  return Error{ErrorKind::kUser, std::string(code), std::move(message), std::move(hint), range};
}

Error ExternalError(std::string_view code, std::string message, std::string hint) {
  return Error{ErrorKind::kExternal, std::string(code), std::move(message), std::move(hint), {}};
}

Error InternalError(std::string message) {
  return Error{ErrorKind::kInternal,
               "internal",
               std::move(message),
               "this is a defect of Millrace; please report it with the statement",
               {}};
}

}  // namespace millrace
