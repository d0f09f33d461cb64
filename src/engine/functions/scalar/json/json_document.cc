// Parsing into nodes, and printing them.
#include "engine/functions/scalar/json/json_document.h"

#include <charconv>
#include <unordered_map>
#include <utility>

#include "types/number_text.h"

namespace millrace::functions {
namespace {

constexpr int kMaxDepth = 1000;
constexpr uint32_t kScanKeys = 8;  // objects of more members get a hash table for their keys

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void AppendUtf8(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code >> 6)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (code >> 12)));
    out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | (code >> 18)));
    out.push_back(static_cast<char>(0x80 | ((code >> 12) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

}  // namespace

class JsonDocument::Parser {
 public:
  Parser(JsonDocument& document, std::string_view text)
      : nodes_(document.nodes_), unescaped_(document.unescaped_), at_(text.data()), end_(text.data() + text.size()) {}

  bool ParseValue(int depth) {
    SkipBlanks();
    if (at_ == end_ || depth > kMaxDepth) return false;
    switch (*at_) {
      case '{':
        return ParseObject(depth);
      case '[':
        return ParseArray(depth);
      case '"':
        return ParseString(JsonKind::kString);
      case 't':
        return ParseWord("true", JsonKind::kTrue);
      case 'f':
        return ParseWord("false", JsonKind::kFalse);
      case 'n':
        return ParseWord("null", JsonKind::kNull);
      default:
        return ParseNumber();
    }
  }

 private:
  void SkipBlanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }

  uint32_t Add(JsonKind kind) {
    JsonNode node;
    node.kind = kind;
    nodes_.push_back(node);
    auto index = static_cast<uint32_t>(nodes_.size() - 1);
    nodes_[index].end = index + 1;
    return index;
  }

  // A word or a number may be followed by a separator only.
  bool AtSeparator() const {
    if (at_ == end_) return true;
    char c = *at_;
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ',' || c == ']' || c == '}' || c == ':';
  }

  bool ParseWord(std::string_view word, JsonKind kind) {
    if (static_cast<size_t>(end_ - at_) < word.size() || std::string_view(at_, word.size()) != word) return false;
    at_ += word.size();
    Add(kind);
    return AtSeparator();
  }

  bool SkipDigits() {
    const char* start = at_;
    while (at_ != end_ && IsDigit(*at_)) ++at_;
    return at_ != start;
  }

  bool ParseNumber() {
    const char* start = at_;
    if (*at_ == '-') ++at_;
    const char* digits = at_;
    if (!SkipDigits() || (*digits == '0' && at_ - digits > 1)) return false;
    bool is_double = false;
    if (at_ != end_ && *at_ == '.') {
      is_double = true;
      ++at_;
      if (!SkipDigits()) return false;
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
      is_double = true;
      ++at_;
      if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
      if (!SkipDigits()) return false;
    }
    if (!AtSeparator()) return false;
    AddNumber({start, static_cast<size_t>(at_ - start)}, is_double);
    return true;
  }

  void AddNumber(std::string_view text, bool is_double) {
    if (is_double) {
      double value = 0;
      auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
      if (parsed.ec != std::errc()) value = ParseDouble(text).value_or(0);
      nodes_[Add(JsonKind::kDouble)].number = value;
      return;
    }
    int64_t value = 0;
    auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec == std::errc()) {
      nodes_[Add(JsonKind::kInteger)].integer = value;
      return;
    }
    JsonNode& node = nodes_[Add(JsonKind::kBigInteger)];
    node.text = text.data();
    node.size = static_cast<uint32_t>(text.size());
  }

  bool ParseString(JsonKind kind) {
    const char* start = ++at_;
    while (at_ != end_ && *at_ != '"' && *at_ != '\\' && static_cast<unsigned char>(*at_) >= 0x20) ++at_;
    if (at_ == end_) return false;
    std::string_view text(start, static_cast<size_t>(at_ - start));
    if (*at_ != '"') {
      size_t begin = unescaped_.size();
      unescaped_.append(text);
      if (!ParseEscaped()) return false;
      text = std::string_view(unescaped_).substr(begin);
    }
    ++at_;
    JsonNode& node = nodes_[Add(kind)];
    node.text = text.data();
    node.size = static_cast<uint32_t>(text.size());
    return true;
  }

  // The rest of a string from its first escape up to the closing quote.
  bool ParseEscaped() {
    while (at_ != end_ && *at_ != '"') {
      if (static_cast<unsigned char>(*at_) < 0x20) return false;
      if (*at_ != '\\') {
        unescaped_.push_back(*at_++);
      } else if (!ParseEscape()) {
        return false;
      }
    }
    return at_ != end_;
  }

  bool ParseEscape() {
    if (++at_ == end_) return false;
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (size_t name = kNames.find(*at_); name != std::string_view::npos) {
      unescaped_.push_back(kMeanings[name]);
      ++at_;
      return true;
    }
    if (*at_ != 'u') return false;
    ++at_;
    int32_t unit = ParseUnit();
    if (unit < 0) return false;
    auto code = static_cast<uint32_t>(unit);
    if (code >= 0xD800 && code < 0xDC00 && end_ - at_ >= 6 && at_[0] == '\\' && at_[1] == 'u') {
      const char* before = at_;
      at_ += 2;
      int32_t low = ParseUnit();
      if (low < 0) return false;
      if (low >= 0xDC00 && low < 0xE000) {
        AppendUtf8(unescaped_, 0x10000 + ((code - 0xD800) << 10) + (static_cast<uint32_t>(low) - 0xDC00));
        return true;
      }
      at_ = before;
    }
    AppendUtf8(unescaped_, code >= 0xD800 && code < 0xE000 ? '?' : code);
    return true;
  }

  int32_t ParseUnit() {
    if (end_ - at_ < 4) return -1;
    int32_t unit = 0;
    for (int i = 0; i < 4; ++i) {
      int digit = HexDigit(*at_++);
      if (digit < 0) return -1;
      unit = unit * 16 + digit;
    }
    return unit;
  }

  bool ParseArray(int depth) {
    ++at_;
    uint32_t index = Add(JsonKind::kArray);
    uint32_t count = 0;
    SkipBlanks();
    if (at_ != end_ && *at_ == ']') {
      ++at_;
      return true;
    }
    while (true) {
      if (!ParseValue(depth + 1)) return false;
      ++count;
      SkipBlanks();
      if (at_ == end_ || (*at_ != ',' && *at_ != ']')) return false;
      if (*at_++ == ']') break;
    }
    return Close(index, count);
  }

  bool ParseObject(int depth) {
    ++at_;
    uint32_t index = Add(JsonKind::kObject);
    uint32_t count = 0;
    SkipBlanks();
    if (at_ != end_ && *at_ == '}') {
      ++at_;
      return true;
    }
    while (true) {
      SkipBlanks();
      if (at_ == end_ || *at_ != '"') return false;
      auto key = static_cast<uint32_t>(nodes_.size());
      if (!ParseString(JsonKind::kKey)) return false;
      nodes_[key].end = key + 1;
      SkipBlanks();
      if (at_ == end_ || *at_++ != ':') return false;
      if (!ParseValue(depth + 1)) return false;
      ++count;
      SkipBlanks();
      if (at_ == end_ || (*at_ != ',' && *at_ != '}')) return false;
      if (*at_++ == '}') break;
    }
    Close(index, count);
    ShadowEqualKeys(index);
    return true;
  }

  bool Close(uint32_t index, uint32_t count) {
    nodes_[index].size = count;
    nodes_[index].end = static_cast<uint32_t>(nodes_.size());
    return true;
  }

  // The first of equal keys gets the value of the last one.
  void ShadowEqualKeys(uint32_t object) {
    if (nodes_[object].size < 2) return;
    if (nodes_[object].size > kScanKeys) {
      std::unordered_map<std::string_view, uint32_t> first;
      ForEachKey(object, [&](uint32_t key) {
        auto [place, is_new] = first.emplace(nodes_[key].view(), key);
        if (!is_new) Shadow(place->second, key);
      });
      return;
    }
    uint32_t keys[kScanKeys];
    uint32_t count = 0;
    ForEachKey(object, [&](uint32_t key) {
      for (uint32_t i = 0; i < count; ++i) {
        if (nodes_[keys[i]].view() == nodes_[key].view()) return Shadow(keys[i], key);
      }
      keys[count++] = key;
    });
  }

  template <typename F>
  void ForEachKey(uint32_t object, F&& f) {
    for (uint32_t key = object + 1; key < nodes_[object].end; key = nodes_[key + 1].end) f(key);
  }

  void Shadow(uint32_t first, uint32_t later) {
    nodes_[first].end = later + 1;
    nodes_[later].shadowed = true;
  }

  std::vector<JsonNode>& nodes_;
  std::string& unescaped_;
  const char* at_;
  const char* end_;
};

bool JsonDocument::Parse(std::string_view text) {
  nodes_.clear();
  unescaped_.clear();
  if (text.find('\\') != std::string_view::npos) unescaped_.reserve(text.size());
  return Parser(*this, text).ParseValue(0);
}

uint32_t JsonDocument::Member(uint32_t object, std::string_view key) const {
  for (uint32_t i = object + 1; i < nodes_[object].end; i = nodes_[i + 1].end) {
    if (!nodes_[i].shadowed && nodes_[i].view() == key) return nodes_[i].end;
  }
  return kNoNode;
}

uint32_t JsonDocument::Item(uint32_t array, int64_t i) const {
  if (i < 0 || i >= nodes_[array].size) return kNoNode;
  uint32_t index = array + 1;
  for (; i > 0; --i) index = nodes_[index].end;
  return index;
}

void AppendJsonString(std::string_view text, std::string* out) {
  out->push_back('"');
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (byte >= 0x20) {
      out->push_back(c);
    } else if (constexpr std::string_view kNamed = "\b\f\n\r\t"; kNamed.find(c) != std::string_view::npos) {
      out->push_back('\\');
      out->push_back("bfnrt"[kNamed.find(c)]);
    } else {
      constexpr std::string_view kHex = "0123456789ABCDEF";
      out->append("\\u00");
      out->push_back(kHex[byte >> 4]);
      out->push_back(kHex[byte & 15]);
    }
  }
  out->push_back('"');
}

void JsonDocument::AppendJson(uint32_t index, std::string* out) const {
  const JsonNode& node = nodes_[index];
  switch (node.kind) {
    case JsonKind::kString:
      return AppendJsonString(node.view(), out);
    case JsonKind::kArray: {
      out->push_back('[');
      bool first = true;
      ForEachItem(index, [&](uint32_t item) {
        if (!std::exchange(first, false)) out->push_back(',');
        AppendJson(item, out);
      });
      out->push_back(']');
      return;
    }
    case JsonKind::kObject: {
      out->push_back('{');
      bool first = true;
      ForEachMember(index, [&](std::string_view key, uint32_t value) {
        if (!std::exchange(first, false)) out->push_back(',');
        AppendJsonString(key, out);
        out->push_back(':');
        AppendJson(value, out);
      });
      out->push_back('}');
      return;
    }
    case JsonKind::kNull:
    case JsonKind::kFalse:
    case JsonKind::kTrue:
    case JsonKind::kInteger:
    case JsonKind::kBigInteger:
    case JsonKind::kDouble:
    case JsonKind::kKey:
      return AppendJavaText(index, out);
  }
}

void JsonDocument::AppendJavaText(uint32_t index, std::string* out) const {
  const JsonNode& node = nodes_[index];
  switch (node.kind) {
    case JsonKind::kNull:
      out->append("null");
      return;
    case JsonKind::kFalse:
      out->append("false");
      return;
    case JsonKind::kTrue:
      out->append("true");
      return;
    case JsonKind::kInteger:
      return AppendInteger(out, node.integer);
    case JsonKind::kDouble:
      return AppendDouble(out, node.number);
    case JsonKind::kBigInteger:
    case JsonKind::kString:
    case JsonKind::kKey:
      out->append(node.view());
      return;
    case JsonKind::kArray: {
      out->push_back('[');
      bool first = true;
      ForEachItem(index, [&](uint32_t item) {
        if (!std::exchange(first, false)) out->append(", ");
        AppendJavaText(item, out);
      });
      out->push_back(']');
      return;
    }
    case JsonKind::kObject: {
      out->push_back('{');
      bool first = true;
      ForEachMember(index, [&](std::string_view key, uint32_t value) {
        if (!std::exchange(first, false)) out->append(", ");
        out->append(key);
        out->push_back('=');
        AppendJavaText(value, out);
      });
      out->push_back('}');
      return;
    }
  }
}

}  // namespace millrace::functions
