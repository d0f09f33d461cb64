// Java's pattern syntax to PCRE2's: character classes with unions and intersections, POSIX classes by \p{…}, escapes,
// flags.
#include <map>

#include "engine/functions/scalar/regex/java_regex.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

constexpr int kMaxNesting = 200;

// \p{Name} that PCRE2 knows by another name or not at all: what stands inside a class for it.
const std::map<std::string_view, std::string_view>& Properties() {
  static const std::map<std::string_view, std::string_view> kProperties = {
      {"Lower", "a-z"},
      {"Upper", "A-Z"},
      {"ASCII", "\\x00-\\x7F"},
      {"Alpha", "a-zA-Z"},
      {"Digit", "0-9"},
      {"Alnum", "a-zA-Z0-9"},
      {"Punct", "!-\\/:-@\\[-`{-~"},
      {"Graph", "!-~"},
      {"Print", " -~"},
      {"Blank", " \\t"},
      {"Cntrl", "\\x00-\\x1F\\x7F"},
      {"XDigit", "0-9a-fA-F"},
      {"Space", " \\t\\n\\x0B\\f\\r"},
      {"javaLowerCase", "\\p{Ll}"},
      {"javaUpperCase", "\\p{Lu}"},
      {"javaWhitespace",
       "\\t-\\r\\x1C-\\x1F \\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200A}\\x{2028}\\x{2029}\\x{205F}\\x{3000}"},
      {"javaLetter", "\\p{L}"},
      {"javaDigit", "\\p{Nd}"},
      {"IsAlphabetic", "\\p{L}\\p{Nl}"},
      {"IsLetter", "\\p{L}"},
      {"IsDigit", "\\p{Nd}"},
      {"IsLowercase", "\\p{Ll}"},
      {"IsUppercase", "\\p{Lu}"},
      {"IsPunctuation", "\\p{P}"},
      {"IsWhite_Space", "\\s\\x{85}\\x{A0}\\p{Z}"},
      {"IsIdeographic", "\\p{Han}"},
      {"InGreek", "\\x{370}-\\x{3FF}"},
      {"InCyrillic", "\\x{400}-\\x{4FF}"},
      {"InHebrew", "\\x{590}-\\x{5FF}"},
      {"InArabic", "\\x{600}-\\x{6FF}"},
      {"InHiragana", "\\x{3040}-\\x{309F}"},
      {"InKatakana", "\\x{30A0}-\\x{30FF}"},
      {"InCJKUnifiedIdeographs", "\\x{4E00}-\\x{9FFF}"},
      {"InBasicLatin", "\\x00-\\x7F"},
  };
  return kProperties;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class Translator {
 public:
  explicit Translator(std::string_view pattern) : pattern_(pattern) {}

  Result<std::string> Run() {
    while (!AtEnd()) MR_RETURN_IF_ERROR(One());
    return std::move(out_);
  }

 private:
  bool AtEnd() const { return at_ >= pattern_.size(); }
  char Peek(size_t ahead = 0) const { return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0'; }
  bool StartsWith(std::string_view text) const { return pattern_.substr(at_).starts_with(text); }

  Error Fault(const std::string& why) const {
    return UserError("regex.pattern",
                     "'" + std::string(pattern_.substr(0, 200)) + "' is no regular expression: " + why +
                         " near index " + std::to_string(at_),
                     "write it in Java's syntax");
  }

  Status One() {
    char c = Peek();
    if (c == '\\') return Escape();
    if (c == '[') {
      MR_ASSIGN(std::string matcher, Class(0));
      out_ += matcher;
      return Status();
    }
    if (c == '(') return Group();
    if (c == '{') return Repetition();
    out_ += c;
    ++at_;
    return Status();
  }

  // {n}, {n,} or {n,m}; anything else is refused, as Java does.
  Status Repetition() {
    size_t end = at_ + 1;
    size_t digits = 0;
    bool comma = false;
    for (; end < pattern_.size() && pattern_[end] != '}'; ++end) {
      if (IsDigit(pattern_[end])) {
        digits += comma ? 0 : 1;
      } else if (pattern_[end] == ',' && !comma && digits > 0) {
        comma = true;
      } else {
        return Fault("illegal repetition");
      }
    }
    if (end >= pattern_.size() || digits == 0) return Fault("illegal repetition");
    out_.append(pattern_.substr(at_, end + 1 - at_));
    at_ = end + 1;
    return Status();
  }

  // What follows "(": the groups that Java has.
  Status Group() {
    if (Peek(1) == '*') return Fault("dangling meta character '*'");
    if (Peek(1) != '?') {
      out_ += '(';
      ++at_;
      return Status();
    }
    for (std::string_view form : {"(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!"}) {
      if (!StartsWith(form)) continue;
      out_ += form;
      at_ += form.size();
      return Status();
    }
    if (Peek(2) == '<' && IsLetter(Peek(3))) {
      out_ += "(?<";
      at_ += 3;
      return Status();
    }
    return Flags();
  }

  // (?ismdux-ismdux) or (?…:; the flags without a PCRE2 form have no effect on ASCII.
  Status Flags() {
    std::string flags = "(?";
    bool any = false;
    size_t i = at_ + 2;
    for (; i < pattern_.size(); ++i) {
      char c = pattern_[i];
      if (c == ')' || c == ':') break;
      if (std::string_view("imsx-").find(c) != std::string_view::npos) {
        flags += c;
        any = true;
      } else if (std::string_view("duU").find(c) == std::string_view::npos) {
        return Fault("unknown inline modifier");
      }
    }
    if (i >= pattern_.size()) return Fault("unclosed group");
    if (pattern_[i] == ':') {
      out_ += flags + ":";
    } else if (any) {
      out_ += flags + ")";
    }
    at_ = i + 1;
    return Status();
  }

  Status Escape() {
    char c = Peek(1);
    if (at_ + 1 >= pattern_.size()) return Fault("unexpected end after \\");
    if (c == 'Q') return Quotation();
    if (c == 'p' || c == 'P') {
      MR_ASSIGN(std::string item, Property());
      out_ += item;
      return Status();
    }
    if (c == 'k') {
      if (Peek(2) != '<') return Fault("\\k is not followed by '<' for named capturing group");
      out_ += "\\k";
      at_ += 2;
      return Status();
    }
    if (IsDigit(c) && c != '0') {
      out_ += '\\';
      out_ += c;
      at_ += 2;
      // A digit behind belongs to the reference only if so many groups there are, which PCRE2 decides alike.
      return Status();
    }
    if (std::string_view("AbBdDGhHRsSvVwWXzZ").find(c) != std::string_view::npos) {
      out_ += '\\';
      out_ += c;
      at_ += 2;
      return Status();
    }
    MR_ASSIGN(std::string item, CharacterEscape());
    out_ += item;
    return Status();
  }

  Status Quotation() {
    size_t end = pattern_.find("\\E", at_ + 2);
    std::string_view text = pattern_.substr(at_ + 2, end == std::string_view::npos ? end : end - at_ - 2);
    for (char c : text) {
      if (static_cast<unsigned char>(c) < 0x80 && !IsLetter(c) && !IsDigit(c)) out_ += '\\';
      out_ += c;
    }
    at_ = end == std::string_view::npos ? pattern_.size() : end + 2;
    return Status();
  }

  // An escape that stands for one character, inside a class or outside.
  Result<std::string> CharacterEscape() {
    char c = Peek(1);
    at_ += 2;
    if (c == 'u') return Hex(4);
    if (c == 'x' && Peek() == '{') {
      size_t end = pattern_.find('}', at_);
      if (end == std::string_view::npos) return Fault("unclosed hexadecimal escape sequence");
      std::string item = "\\x" + std::string(pattern_.substr(at_, end + 1 - at_));
      at_ = end + 1;
      return item;
    }
    if (c == 'x') return Hex(2);
    if (c == '0') return Octal();
    if (c == 'c') {
      if (AtEnd()) return Fault("illegal control escape sequence");
      std::string item = HexEscape(static_cast<unsigned char>(Peek()) ^ 64U);
      ++at_;
      return item;
    }
    if (std::string_view("aefnrt").find(c) != std::string_view::npos) return std::string("\\") + c;
    if (IsLetter(c)) return Fault("illegal or unsupported escape sequence");
    if (static_cast<unsigned char>(c) >= 0x80) return std::string(1, c);
    return std::string("\\") + c;
  }

  static std::string HexEscape(uint32_t code) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string digits;
    do {
      digits.insert(digits.begin(), kDigits[code & 15]);
      code >>= 4;
    } while (code != 0);
    return "\\x{" + digits + "}";
  }

  Result<std::string> Hex(size_t count) {
    MR_ASSIGN(uint32_t code, HexDigits(count));
    if (code >= 0xD800 && code < 0xDC00 && StartsWith("\\u")) {
      at_ += 2;
      MR_ASSIGN(uint32_t low, HexDigits(4));
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    return HexEscape(code);
  }

  Result<uint32_t> HexDigits(size_t count) {
    uint32_t code = 0;
    for (size_t i = 0; i < count; ++i, ++at_) {
      char c = Peek();
      char lower = static_cast<char>(c | 0x20);
      if (IsDigit(c)) {
        code = code * 16 + static_cast<uint32_t>(c - '0');
      } else if (lower >= 'a' && lower <= 'f') {
        code = code * 16 + static_cast<uint32_t>(lower - 'a' + 10);
      } else {
        return Fault("illegal hexadecimal escape sequence");
      }
    }
    return code;
  }

  Result<std::string> Octal() {
    uint32_t code = 0;
    size_t digits = 0;
    while (digits < 3 && Peek() >= '0' && Peek() <= '7' && code * 8 + static_cast<uint32_t>(Peek() - '0') < 256) {
      code = code * 8 + static_cast<uint32_t>(Peek() - '0');
      ++digits;
      ++at_;
    }
    if (digits == 0) return Fault("illegal octal escape sequence");
    return HexEscape(code);
  }

  // \p{…} or \pL as an item that may stand alone or in a class.
  Result<std::string> Property() {
    bool negated = Peek(1) == 'P';
    at_ += 2;
    std::string_view name;
    if (Peek() == '{') {
      size_t end = pattern_.find('}', at_);
      if (end == std::string_view::npos) return Fault("unclosed character family");
      name = pattern_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
    } else {
      name = pattern_.substr(at_, 1);
      ++at_;
    }
    auto known = Properties().find(name);
    if (known != Properties().end()) {
      return std::string(negated ? "[^" : "[") + std::string(known->second) + "]";
    }
    for (std::string_view prefix : {"Is", "script=", "sc=", "IsScript=", "general_category=", "gc="}) {
      if (name.starts_with(prefix) && name.size() > prefix.size()) name.remove_prefix(prefix.size());
    }
    return std::string(negated ? "\\P{" : "\\p{") + std::string(name) + "}";
  }

  // One class in brackets: something that matches one character. `at_` stands on "[".
  Result<std::string> Class(int depth) {
    if (depth > kMaxNesting) return Fault("classes are nested too deeply");
    ++at_;
    bool negated = Peek() == '^';
    if (negated) ++at_;
    std::vector<std::string> operands;  // of &&
    std::string plain;                  // ranges and escapes, without brackets
    std::vector<std::string> nested;    // matchers of one character each
    bool first = true;
    while (true) {
      if (AtEnd()) return Fault("unclosed character class");
      if (Peek() == ']' && !first) break;
      if (StartsWith("&&")) {
        at_ += 2;
        while (Peek() == '&') ++at_;
        operands.push_back(Union(plain, nested));
        plain.clear();
        nested.clear();
        continue;
      }
      if (Peek() == '[') {
        MR_ASSIGN(std::string matcher, Class(depth + 1));
        nested.push_back(std::move(matcher));
      } else if (StartsWith("\\p") || StartsWith("\\P")) {
        MR_ASSIGN(std::string matcher, Property());
        nested.push_back(std::move(matcher));
      } else {
        MR_RETURN_IF_ERROR(ClassItem(plain));
      }
      first = false;
    }
    ++at_;
    if (operands.empty() && nested.empty()) return (negated ? "[^" : "[") + plain + "]";
    if (!plain.empty() || !nested.empty() || operands.empty()) operands.push_back(Union(plain, nested));
    std::string matcher;
    for (size_t i = 0; i + 1 < operands.size(); ++i) matcher += "(?=" + operands[i] + ")";
    matcher = "(?:" + matcher + operands.back() + ")";
    return negated ? "(?:(?!" + matcher + ")(?s:.))" : matcher;
  }

  static std::string Union(const std::string& plain, const std::vector<std::string>& nested) {
    std::string out;
    if (!plain.empty()) out = "[" + plain + "]";
    for (const std::string& matcher : nested) out += (out.empty() ? "" : "|") + matcher;
    return nested.size() + (plain.empty() ? 0 : 1) > 1 ? "(?:" + out + ")" : out;
  }

  // A character, an escape or a quotation inside a class.
  Status ClassItem(std::string& plain) {
    char c = Peek();
    if (c != '\\') {
      if (c == '[' || c == '^' || (c == ']')) plain += '\\';
      plain += c;
      ++at_;
      return Status();
    }
    char next = Peek(1);
    if (std::string_view("dDhHsSvVwW").find(next) != std::string_view::npos && next != '\0') {
      plain += '\\';
      plain += next;
      at_ += 2;
      return Status();
    }
    if (next == 'Q') {
      size_t end = pattern_.find("\\E", at_ + 2);
      if (end == std::string_view::npos) return Fault("unclosed character class");
      for (char quoted : pattern_.substr(at_ + 2, end - at_ - 2)) {
        if (static_cast<unsigned char>(quoted) < 0x80 && !IsLetter(quoted) && !IsDigit(quoted)) plain += '\\';
        plain += quoted;
      }
      at_ = end + 2;
      return Status();
    }
    if (at_ + 1 >= pattern_.size()) return Fault("unexpected end after \\");
    MR_ASSIGN(std::string item, CharacterEscape());
    plain += item;
    return Status();
  }

  std::string_view pattern_;
  size_t at_ = 0;
  std::string out_;
};

}  // namespace

Result<std::string> TranslateJavaPattern(std::string_view pattern) { return Translator(pattern).Run(); }

}  // namespace millrace::functions
