// Writes SQL tokens with the blanks and line breaks of Calcite's pretty writer, in the one configuration that
// SqlNode.toSqlString uses (no indentation, clauses start lines, every identifier in double quotes).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::sql {

// What a list of things belongs to: decides where lines break.
enum class FrameType : uint8_t {
  kSimple,
  kFunctionCall,  // no blank before '('
  kSelect,        // clauses, each on its line
  kSetOperation,
  kOrderBy,
  kWith,
  kFrom,   // a line after each comma, a line before each join
  kLines,  // a line after each separator: VALUES, WINDOW
  kSubquery,
};

class UnparseWriter {
 public:
  void Keyword(std::string_view text);  // in upper case
  void Print(std::string_view text);    // as it is; asks for no blank behind
  void Literal(std::string_view text);
  void QuotedIdentifier(std::string_view name);
  void NewLine();
  // A separator of the current frame; the first is printed only if `print_first`.
  void Separator(std::string_view text, bool print_first);
  // By default the first ',' and '.' are not printed, everything else is.
  void Separator(std::string_view text) { Separator(text, text != "," && text != "."); }
  void Start(FrameType type, std::string_view open = {}, std::string_view close = {});
  void End();
  // name(
  void StartCall(std::string_view name);
  void SetNeedBlank(bool need) { need_blank_ = need; }
  // Whether a query may be written here without parentheses.
  bool InQuery() const;
  std::string Take() { return std::move(text_); }

 private:
  struct Frame {
    FrameType type;
    std::string_view close;
    int items = 0;
  };
  void MaybeBlank(std::string_view next);

  std::string text_;
  std::vector<Frame> frames_;
  bool need_blank_ = false;
  bool next_blank_is_line_ = false;
};

}  // namespace millrace::sql
