#include "engine/formats/json/json_compact.h"

#include <unordered_map>
#include <utility>
#include <vector>

#include "base/json_text.h"
#include "engine/formats/json/json_reader.h"
#include "types/number_text.h"

namespace millrace::formats::json {
namespace {

// Writes values one inside the other; depth is bounded by the reader.
class CompactWriter {
 public:
  explicit CompactWriter(std::string_view json) { reader_.Start(json.data(), json.data() + json.size()); }

  const char* Write(const char* p, std::string* out, int32_t depth) {
    if (depth > kDepthMax) return nullptr;
    if (*p == '{') return WriteObject(p + 1, out, depth);
    if (*p == '[') return WriteArray(p + 1, out, depth);
    Token token;
    p = reader_.ReadToken(p, &token);
    if (p == nullptr) return nullptr;
    if (token.kind == TokenKind::kString) {
      AppendJsonString(out, token.text);
    } else if (token.kind == TokenKind::kDecimal) {
      AppendDouble(out, ParseDouble(token.text).value_or(0));
    } else if (token.kind == TokenKind::kInteger && token.text == "-0") {
      out->append("0");
    } else {
      out->append(token.text);
    }
    return p;
  }

 private:
  const char* WriteArray(const char* p, std::string* out, int32_t depth) {
    out->push_back('[');
    p = SkipSpace(p, reader_.end());
    for (bool first = true; *p != ']'; first = false) {
      if (!first) {
        out->push_back(',');
        p = SkipSpace(p + 1, reader_.end());
      }
      p = Write(p, out, depth + 1);
      if (p == nullptr) return nullptr;
      p = SkipSpace(p, reader_.end());
    }
    out->push_back(']');
    return p + 1;
  }

  // A key that comes again keeps its place and takes the new value.
  const char* WriteObject(const char* p, std::string* out, int32_t depth) {
    std::vector<std::pair<std::string, std::string>> members;
    std::unordered_map<std::string, size_t> positions;
    p = SkipSpace(p, reader_.end());
    for (bool first = true; *p != '}'; first = false) {
      if (!first) p = SkipSpace(p + 1, reader_.end());
      Token key;
      p = reader_.ReadString(p + 1, &key);
      if (p == nullptr) return nullptr;
      std::string name;
      AppendJsonString(&name, key.text);
      p = reader_.SkipColon(p);
      if (p == nullptr) return nullptr;
      std::string value;
      p = Write(p, &value, depth + 1);
      if (p == nullptr) return nullptr;
      p = SkipSpace(p, reader_.end());
      auto [place, added] = positions.emplace(name, members.size());
      if (added) {
        members.emplace_back(std::move(name), std::move(value));
      } else {
        members[place->second].second = std::move(value);
      }
    }
    out->push_back('{');
    for (size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out->push_back(',');
      out->append(members[i].first);
      out->push_back(':');
      out->append(members[i].second);
    }
    out->push_back('}');
    return p + 1;
  }

  JsonReader reader_;
};

}  // namespace

bool AppendCompactJson(std::string* out, std::string_view json) {
  CompactWriter writer(json);
  return writer.Write(json.data(), out, 0) != nullptr;
}

}  // namespace millrace::formats::json
