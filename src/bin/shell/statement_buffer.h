// Lines as they are typed, until a statement is complete.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace::bin {

// Cuts what was typed at every ';' outside of quotes, back-ticks and comments. A statement set in one statement
// (EXECUTE STATEMENT SET BEGIN …; …; END;) ends with its END.
class StatementBuffer {
 public:
  // A line without its newline.
  void Add(std::string_view line);
  // The next complete statement without its ';'. Empty ones are skipped.
  std::optional<std::string> Take();
  // Nothing but blanks and comments is waiting.
  bool Blank() const;
  // What is left at the end of the input.
  std::string TakeRest();
  void Clear() { text_.clear(); }

 private:
  std::string text_;
};

}  // namespace millrace::bin
