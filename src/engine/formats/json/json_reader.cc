#include "engine/formats/json/json_reader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>

namespace millrace::formats::json {
namespace {

void AppendUtf8(std::string* out, uint32_t code) {
  auto add = [out](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | (code >> 6));
    add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | (code >> 12));
    add(0x80 | ((code >> 6) & 0x3F));
    add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | (code >> 18));
    add(0x80 | ((code >> 12) & 0x3F));
    add(0x80 | ((code >> 6) & 0x3F));
    add(0x80 | (code & 0x3F));
  }
}

bool IsHighSurrogate(uint32_t code) { return (code & 0xFC00) == 0xD800; }
bool IsLowSurrogate(uint32_t code) { return (code & 0xFC00) == 0xDC00; }

constexpr const char* kTruncated = "the text ends too early";

}  // namespace

bool JsonReader::CheckUtf8(std::string_view text, const char* at) {
  if (simdjson::validate_utf8(text.data(), text.size())) return true;
  Fail(at, "invalid UTF-8");
  return false;
}

std::string JsonReader::FailureText() const { return fmt::format("{} at byte {}", failure_, failed_at_ - begin_); }

const char* JsonReader::ReadHex4(const char* p, uint32_t* code) {
  *code = 0;
  for (int i = 0; i < 4; ++i, ++p) {
    auto c = static_cast<unsigned char>(*p);
    uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      digit = (c | 0x20) - 'a' + 10;
    } else {
      return Fail(p, "four hexadecimal digits must follow \\u");
    }
    *code = *code * 16 + digit;
  }
  return p;
}

// Half a surrogate pair becomes '?', as when Java writes such a text as UTF-8.
const char* JsonReader::ReadUnicodeEscape(const char* p, std::string* out) {
  uint32_t code = 0;
  p = ReadHex4(p, &code);
  if (p == nullptr) return nullptr;
  if (IsHighSurrogate(code) && end_ - p >= 6 && p[0] == '\\' && p[1] == 'u') {
    uint32_t low = 0;
    const char* next = ReadHex4(p + 2, &low);
    if (next == nullptr) return nullptr;
    if (IsLowSurrogate(low)) {
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      p = next;
    }
  }
  if (out == nullptr) return p;
  if ((code & 0xFFFFF800U) == 0xD800) {
    out->push_back('?');
  } else {
    AppendUtf8(out, code);
  }
  return p;
}

const char* JsonReader::ReadEscape(const char* p, std::string* out) {
  char c = 0;
  switch (*p) {
    case '"':
    case '\\':
    case '/':
      c = *p;
      break;
    case 'b':
      c = '\b';
      break;
    case 'f':
      c = '\f';
      break;
    case 'n':
      c = '\n';
      break;
    case 'r':
      c = '\r';
      break;
    case 't':
      c = '\t';
      break;
    case 'u':
      return ReadUnicodeEscape(p + 1, out);
    default:
      return Fail(p, "unknown escape in a string");
  }
  if (out != nullptr) out->push_back(c);
  return p + 1;
}

const char* JsonReader::ReadString(const char* p, Token* token) {
  token->kind = TokenKind::kString;
  token->copied = false;
  uint32_t non_ascii = 0;
  const char* start = p;
  const char* stop = FindQuoteOrBackslash(p, end_, &non_ascii);
  if (stop < end_ && *stop == '"') {
    token->text = {start, static_cast<size_t>(stop - start)};
    if (non_ascii != 0 && !CheckUtf8(token->text, start)) return nullptr;
    return stop + 1;
  }
  std::string unescaped;
  for (;;) {
    if (stop >= end_) return Fail(start, "a string does not end");
    unescaped.append(p, stop);
    if (non_ascii != 0 && !CheckUtf8({p, static_cast<size_t>(stop - p)}, p)) return nullptr;
    if (*stop == '"') break;
    p = ReadEscape(stop + 1, &unescaped);
    if (p == nullptr) return nullptr;
    non_ascii = 0;
    stop = FindQuoteOrBackslash(p, end_, &non_ascii);
  }
  token->copied = true;
  token->text = Keep(std::move(unescaped));
  return stop + 1;
}

const char* JsonReader::SkipUnusualString(const char* p) {
  const char* start = p;
  for (;;) {
    uint32_t non_ascii = 0;
    const char* stop = FindQuoteOrBackslash(p, end_, &non_ascii);
    if (stop >= end_) return Fail(start, "a string does not end");
    if (non_ascii != 0 && !CheckUtf8({p, static_cast<size_t>(stop - p)}, p)) return nullptr;
    if (*stop == '"') return stop + 1;
    p = ReadEscape(stop + 1, nullptr);
    if (p == nullptr) return nullptr;
  }
}

const char* JsonReader::SkipNumber(const char* p, bool* integer) {
  auto skip_digits = [this](const char* at) {
    while (at < end_ && IsDigit(*at)) ++at;
    return at;
  };
  *integer = true;
  if (*p == '-') ++p;
  const char* digits = p;
  p = skip_digits(p);
  if (p == digits) return Fail(p, "a value is expected");
  if (*digits == '0' && p - digits > 1) return Fail(digits, "a number must not start with 0");
  if (p < end_ && *p == '.') {
    *integer = false;
    const char* fraction = p + 1;
    p = skip_digits(fraction);
    if (p == fraction) return Fail(p, "a digit must follow the decimal point");
  }
  if (p < end_ && (*p == 'e' || *p == 'E')) {
    *integer = false;
    ++p;
    if (*p == '+' || *p == '-') ++p;
    const char* exponent = p;
    p = skip_digits(exponent);
    if (p == exponent) return Fail(p, "an exponent has no digits");
  }
  return p;
}

const char* JsonReader::SkipLiteral(const char* p, std::string_view literal) {
  if (end_ - p < static_cast<ptrdiff_t>(literal.size()) || std::memcmp(p, literal.data(), literal.size()) != 0) {
    return Fail(p, "a value is expected");
  }
  return p + literal.size();
}

const char* JsonReader::SkipScalar(const char* p) {
  bool integer = false;
  switch (*p) {
    case '"':
      return SkipString(p + 1);
    case 't':
      return SkipLiteral(p, "true");
    case 'f':
      return SkipLiteral(p, "false");
    case 'n':
      return SkipLiteral(p, "null");
    default:
      return SkipNumber(p, &integer);
  }
}

const char* JsonReader::SkipValue(const char* p) {
  if (*p == '{' || *p == '[') return SkipContainer(p + 1, *p == '{');
  return SkipScalar(p);
}

const char* JsonReader::SkipColon(const char* p) {
  p = SkipSpace(p, end_);
  if (p >= end_) return Fail(p, kTruncated);
  if (*p != ':') return Fail(p, "a colon must follow a key");
  return SkipSpace(p + 1, end_);
}

namespace {

// Which of the open brackets are those of objects.
class BracketStack {
 public:
  int32_t depth() const { return depth_; }
  bool TopIsObject() const { return (words_[static_cast<size_t>(depth_ - 1) >> 6] >> ((depth_ - 1) & 63)) & 1; }
  void Push(bool object) {
    uint64_t bit = uint64_t{1} << (depth_ & 63);
    uint64_t& word = words_[static_cast<size_t>(depth_) >> 6];
    word = object ? word | bit : word & ~bit;
    ++depth_;
  }
  void Pop() { --depth_; }

 private:
  std::array<uint64_t, kDepthMax / 64 + 1> words_{};
  int32_t depth_ = 0;
};

}  // namespace

const char* JsonReader::SkipContainer(const char* p, bool object) {
  BracketStack stack;
  stack.Push(object);
  bool first = true;  // nothing since the opening bracket
  for (;;) {
    p = SkipSpace(p, end_);
    if (p >= end_) return Fail(p, kTruncated);
    bool in_object = stack.TopIsObject();
    if (*p == (in_object ? '}' : ']')) {
      ++p;
      stack.Pop();
      if (stack.depth() == 0) return p;
      first = false;
      continue;
    }
    if (!first) {
      if (*p != ',') return Fail(p, "a comma or a closing bracket is expected");
      p = SkipSpace(p + 1, end_);
    }
    if (in_object) {
      if (*p != '"') return Fail(p, "a key in quotes is expected");
      p = SkipString(p + 1);
      if (p == nullptr) return nullptr;
      p = SkipColon(p);
      if (p == nullptr) return nullptr;
    }
    if (*p == '{' || *p == '[') {
      if (stack.depth() == kDepthMax) return Fail(p, "brackets are nested deeper than 1,000");
      stack.Push(*p == '{');
      ++p;
      first = true;
      continue;
    }
    p = SkipScalar(p);
    if (p == nullptr) return nullptr;
    first = false;
  }
}

const char* JsonReader::SkipMembers(const char* p) {
  for (;;) {
    if (p >= end_) return Fail(p, kTruncated);
    if (*p != '"') return Fail(p, "a key in quotes is expected");
    p = SkipString(p + 1);
    if (p == nullptr) return nullptr;
    p = SkipColon(p);
    if (p == nullptr) return nullptr;
    p = SkipValue(p);
    if (p == nullptr) return nullptr;
    p = SkipSpace(p, end_);
    if (*p == '}') return p + 1;
    if (*p != ',') return Fail(p, "a comma or a closing bracket is expected");
    p = SkipSpace(p + 1, end_);
  }
}

const char* JsonReader::ReadToken(const char* p, Token* token) {
  if (p >= end_) return Fail(p, kTruncated);
  const char* start = p;
  token->copied = false;
  switch (*p) {
    case '"':
      return ReadString(p + 1, token);
    case '{':
    case '[':
      token->kind = *p == '{' ? TokenKind::kObject : TokenKind::kArray;
      p = SkipContainer(p + 1, *p == '{');
      break;
    case 't':
      token->kind = TokenKind::kTrue;
      p = SkipLiteral(p, "true");
      break;
    case 'f':
      token->kind = TokenKind::kFalse;
      p = SkipLiteral(p, "false");
      break;
    case 'n':
      token->kind = TokenKind::kNull;
      p = SkipLiteral(p, "null");
      break;
    default: {
      bool integer = false;
      p = SkipNumber(p, &integer);
      token->kind = integer ? TokenKind::kInteger : TokenKind::kDecimal;
    }
  }
  if (p == nullptr) return nullptr;
  if (p > end_) return Fail(p, kTruncated);
  token->text = {start, static_cast<size_t>(p - start)};
  return p;
}

}  // namespace millrace::formats::json
