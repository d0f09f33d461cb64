// LIKE: % is any text, _ one character that ends no line.
#include <vector>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

// The pattern as pieces of plain text and _ between the %s.
class LikePattern : public FunctionState {
 public:
  // Parses the pattern unless it is the one that is there.
  Status Set(std::string_view pattern, std::string_view escape) {
    if (known_ && pattern == pattern_ && escape == escape_) return Status();
    known_ = false;
    pattern_ = pattern;
    escape_ = escape;
    MR_RETURN_IF_ERROR(Parse(pattern, escape));
    known_ = true;
    return Status();
  }

  bool Matches(std::string_view text) const {
    if (pieces_.size() == 1) return MatchAt(text, 0, pieces_[0]) == static_cast<int64_t>(text.size());
    int64_t at = MatchAt(text, 0, pieces_.front());
    if (at < 0) return false;
    for (size_t i = 1; i + 1 < pieces_.size(); ++i) {
      at = FindFrom(text, static_cast<size_t>(at), pieces_[i]);
      if (at < 0) return false;
    }
    return MatchesEnd(text, static_cast<size_t>(at), pieces_.back());
  }

 private:
  // A run of plain texts and of _: text, number of _ behind it, text, …
  struct Part {
    std::string text;
    int32_t any = 0;
  };
  struct Piece {
    std::vector<Part> parts;
    int64_t any = 0;  // number of _ in all
    bool IsText() const { return any == 0; }
    std::string_view text() const { return parts.empty() ? std::string_view() : std::string_view(parts[0].text); }
  };

  Status Parse(std::string_view pattern, std::string_view escape) {
    if (escape_given() && escape.size() != 1) {
      return UserError("function.value", "Invalid escape character '" + std::string(escape) + "'",
                       "the escape is one character");
    }
    pieces_.assign(1, Piece());
    bool open = false;  // the last part takes more text
    for (size_t i = 0; i < pattern.size(); ++i) {
      char c = pattern[i];
      bool escaped = !escape.empty() && c == escape[0];
      if (escaped) {
        char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
        if (next != '_' && next != '%' && (next != escape[0] || i + 1 >= pattern.size())) {
          return UserError("function.value",
                           "Invalid escape sequence '" + std::string(pattern) + "', " + std::to_string(i),
                           "the escape stands before _, % or itself");
        }
        c = next;
        ++i;
      }
      if (!escaped && c == '%') {
        pieces_.emplace_back();
        open = false;
        continue;
      }
      Piece& piece = pieces_.back();
      if (!escaped && c == '_') {
        if (piece.parts.empty()) piece.parts.emplace_back();
        ++piece.parts.back().any;
        ++piece.any;
        open = false;
        continue;
      }
      if (!open) piece.parts.emplace_back();
      open = true;
      piece.parts.back().text += c;
    }
    return Status();
  }

  bool escape_given() const { return has_escape; }

  // Skips one character that ends no line; -1 if there is none.
  static int64_t SkipOne(std::string_view text, size_t at) {
    if (at >= text.size()) return -1;
    std::string_view rest = text.substr(at);
    if (rest[0] == '\n' || rest[0] == '\r' || rest.starts_with("\xC2\x85") || rest.starts_with("\xE2\x80\xA8") ||
        rest.starts_with("\xE2\x80\xA9")) {
      return -1;
    }
    return static_cast<int64_t>(std::min(at + Utf8Width(text[at]), text.size()));
  }

  // End of the piece if it stands at byte `at`, else -1.
  static int64_t MatchAt(std::string_view text, size_t at, const Piece& piece) {
    for (const Part& part : piece.parts) {
      if (!text.substr(at).starts_with(part.text)) return -1;
      at += part.text.size();
      for (int32_t i = 0; i < part.any; ++i) {
        int64_t next = SkipOne(text, at);
        if (next < 0) return -1;
        at = static_cast<size_t>(next);
      }
    }
    return static_cast<int64_t>(at);
  }

  // End of the first occurrence at byte `from` or later, else -1.
  static int64_t FindFrom(std::string_view text, size_t from, const Piece& piece) {
    if (piece.IsText()) {
      size_t found = text.find(piece.text(), from);
      return found == std::string_view::npos ? -1 : static_cast<int64_t>(found + piece.text().size());
    }
    const std::string& first = piece.parts.front().text;
    for (size_t at = from; at <= text.size(); at += at < text.size() ? Utf8Width(text[at]) : 1) {
      if (!first.empty()) at = text.find(first, at);
      if (at == std::string_view::npos) return -1;
      int64_t end = MatchAt(text, at, piece);
      if (end >= 0) return end;
    }
    return -1;
  }

  static bool MatchesEnd(std::string_view text, size_t from, const Piece& piece) {
    if (piece.IsText()) return text.size() - from >= piece.text().size() && text.ends_with(piece.text());
    int64_t chars = piece.any;
    for (const Part& part : piece.parts) chars += CharCount(part.text);
    int64_t skipped = CharCount(text.substr(from)) - chars;
    if (skipped < 0) return false;
    return MatchAt(text, SkipChars(text, from, skipped), piece) == static_cast<int64_t>(text.size());
  }

 public:
  bool has_escape = false;

 private:
  std::string pattern_;
  std::string escape_;
  bool known_ = false;
  std::vector<Piece> pieces_;
};

std::unique_ptr<FunctionState> Prepare(const Expr& call, EvalContext& context) {
  static_cast<void>(context);
  auto state = std::make_unique<LikePattern>();
  state->has_escape = call.args.size() == 3;
  return state;
}

Result<bool> LikeWithEscape(const KernelCall& call, std::string_view text, std::string_view pattern,
                            std::string_view escape) {
  auto& state = static_cast<LikePattern&>(*call.state);
  MR_RETURN_IF_ERROR(state.Set(pattern, escape));
  return state.Matches(text);
}

Result<bool> Like(const KernelCall& call, std::string_view text, std::string_view pattern) {
  return LikeWithEscape(call, text, pattern, {});
}

// The usual case: the pattern is a literal, so that it is looked at once a chunk.
Result<ColumnPtr> LikeLiteral(const KernelCall& call) {
  auto& state = static_cast<LikePattern&>(*call.state);
  std::string_view escape;
  if (call.args.size() == 3) escape = call.args[2]->values<StringRef>()[0].view();
  MR_RETURN_IF_ERROR(state.Set(call.args[1]->values<StringRef>()[0].view(), escape));
  ColumnReader<StringRef> reader(*call.args[0]);
  FlatWriter<uint8_t> writer(call.expr.type, call.size, call.context.pool);
  uint8_t* out = writer.values();
  call.rows.ForEach([&](int32_t row) {
    if (reader.IsNull(row)) {
      writer.SetNull(row);
    } else {
      out[row] = state.Matches(reader[row].view()) ? 1 : 0;
    }
  });
  return writer.Finish();
}

bool IsConstantText(const Column& column) {
  return column.encoding() == Encoding::kConstant && column.type().IsString() && !column.IsNull(0);
}

Result<ColumnPtr> Run(const KernelCall& call) {
  bool literal = call.args[0]->type().IsString();
  for (size_t i = 1; i < call.args.size(); ++i) literal = literal && IsConstantText(*call.args[i]);
  if (literal) return LikeLiteral(call);
  return call.args.size() == 2 ? Lift<Like>(call) : Lift<LikeWithEscape>(call);
}

Result<DataType> Infer(CallTypes& call) {
  if (!AllStrings(call, 2, 3)) return BadArguments(call, "'<STRING> LIKE <STRING> [ESCAPE <STRING>]'");
  return NullableIfArgs(call, DataType::Boolean());
}

}  // namespace

extern const ScalarFunction kLike = {.name = "LIKE",
                                     .signature = "STRING LIKE pattern STRING [ESCAPE STRING] -> BOOLEAN",
                                     .doc = "TRUE if all of the text matches: % is any text, _ any one character.",
                                     .example = "'abcxxxdef' LIKE 'abc%d_f'",
                                     .example_result = "TRUE",
                                     .infer = Infer,
                                     .kernel = Run,
                                     .prepare = Prepare};

}  // namespace millrace::functions
