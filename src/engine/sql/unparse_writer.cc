// Blanks and lines.
#include "engine/sql/unparse_writer.h"

namespace millrace::sql {
namespace {

bool BlankBefore(std::string_view text) {
  return !(text == "," || text == "." || text == ")" || text == "[" || text == "]" || text.empty());
}

bool BlankAfter(std::string_view text) { return !(text == "(" || text == "[" || text == "."); }

}  // namespace

void UnparseWriter::MaybeBlank(std::string_view next) {
  if (!need_blank_ || !BlankBefore(next)) return;
  text_ += next_blank_is_line_ ? '\n' : ' ';
  next_blank_is_line_ = false;
  need_blank_ = false;
}

void UnparseWriter::Keyword(std::string_view text) {
  MaybeBlank(text);
  for (char c : text) text_ += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (!text.empty()) need_blank_ = BlankAfter(text);
}

void UnparseWriter::Print(std::string_view text) {
  MaybeBlank(text);
  text_ += text;
}

void UnparseWriter::Literal(std::string_view text) {
  Print(text);
  need_blank_ = true;
}

void UnparseWriter::QuotedIdentifier(std::string_view name) {
  MaybeBlank(name);
  text_ += '"';
  for (char c : name) {
    if (c == '"') text_ += c;
    text_ += c;
  }
  text_ += '"';
  need_blank_ = true;
}

void UnparseWriter::NewLine() {
  text_ += '\n';
  need_blank_ = false;
}

void UnparseWriter::Separator(std::string_view text, bool print_first) {
  if (frames_.empty()) {
    Keyword(text);
    return;
  }
  Frame& frame = frames_.back();
  bool comma = text == ",";
  bool line_before = frame.type == FrameType::kSelect || frame.type == FrameType::kSetOperation ||
                     frame.type == FrameType::kOrderBy || frame.type == FrameType::kSubquery ||
                     (frame.type == FrameType::kFrom && !comma);
  bool line_after = frame.type == FrameType::kSetOperation || frame.type == FrameType::kLines ||
                    (frame.type == FrameType::kFrom && comma);
  if (frame.items > 0 && line_before) NewLine();
  if (frame.items > 0 || print_first) {
    Keyword(text);
    next_blank_is_line_ = line_after;
  }
  ++frame.items;
}

void UnparseWriter::Start(FrameType type, std::string_view open, std::string_view close) {
  if (!frames_.empty()) ++frames_.back().items;
  if (type == FrameType::kFunctionCall) need_blank_ = false;
  frames_.push_back({type, close});
  if (!open.empty()) Keyword(open);
}

void UnparseWriter::End() {
  std::string_view close = frames_.back().close;
  Keyword(close);
  frames_.pop_back();
}

void UnparseWriter::StartCall(std::string_view name) {
  Keyword(name);
  need_blank_ = false;
  Start(FrameType::kFunctionCall, "(", ")");
}

bool UnparseWriter::InQuery() const {
  if (frames_.empty()) return true;
  FrameType type = frames_.back().type;
  return type == FrameType::kOrderBy || type == FrameType::kWith || type == FrameType::kSetOperation;
}

}  // namespace millrace::sql
