// A JSON text taken apart, as the JSON functions see it: what Jackson accepts and keeps. Numbers are integers of any
// size or doubles; of equal keys the last value counts, at the place of the first; text after the document is ignored.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::functions {

enum class JsonKind : uint8_t { kNull, kFalse, kTrue, kInteger, kBigInteger, kDouble, kString, kArray, kObject, kKey };

// Nodes lie in document order. An array's children follow it; an object's members follow it as key, value, key, value.
struct JsonNode {
  JsonKind kind = JsonKind::kNull;
  bool shadowed = false;  // kKey: an earlier equal key stands for it
  uint32_t size = 0;      // kArray: items; kObject: members, shadowed ones too; texts: bytes
  uint32_t end = 0;       // index behind the last node of this subtree; kKey: index of its value
  union {
    int64_t integer = 0;  // kInteger
    double number;        // kDouble
    const char* text;     // kString, kKey, kBigInteger (its digits)
  };
  std::string_view view() const { return {text, size}; }
};

// Made to be used again for the next text without new allocations.
class JsonDocument {
 public:
  // False if the text is not JSON, is empty, or nests deeper than 1,000 levels. Strings refer to `text`, which must
  // outlive the nodes.
  bool Parse(std::string_view text);

  const JsonNode& node(uint32_t index) const { return nodes_[index]; }
  const JsonNode& root() const { return nodes_[0]; }
  uint32_t NodeCount() const { return static_cast<uint32_t>(nodes_.size()); }
  // Index of a member's value, or kNoNode.
  uint32_t Member(uint32_t object, std::string_view key) const;
  // Index of an array's item (0 <= i < size), or kNoNode.
  uint32_t Item(uint32_t array, int64_t i) const;
  // f(key, value index) for each member, in order.
  template <typename F>
  void ForEachMember(uint32_t object, F&& f) const {
    for (uint32_t i = object + 1; i < nodes_[object].end;) {
      const JsonNode& key = nodes_[i];
      if (!key.shadowed) f(key.view(), key.end);
      i = nodes_[i + 1].end;
    }
  }
  // f(value index) for each item.
  template <typename F>
  void ForEachItem(uint32_t array, F&& f) const {
    for (uint32_t i = array + 1; i < nodes_[array].end; i = nodes_[i].end) f(i);
  }

  // The subtree as compact JSON text.
  void AppendJson(uint32_t index, std::string* out) const;
  // The value as Java's String.valueOf has it: texts bare, numbers and booleans as in JSON, {a=1, b=[x]} for
  // containers.
  void AppendJavaText(uint32_t index, std::string* out) const;

  static constexpr uint32_t kNoNode = UINT32_MAX;

 private:
  class Parser;
  std::vector<JsonNode> nodes_;
  std::string unescaped_;  // bytes of strings that had escapes; never grows while parsing
};

// Appends `text` as a JSON string with its quotes.
void AppendJsonString(std::string_view text, std::string* out);

}  // namespace millrace::functions
