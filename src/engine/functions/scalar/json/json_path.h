// SQL/JSON paths in the dialect of Jayway JsonPath, which Flink uses: members, indexes, slices, wildcards, deep scans,
// filters, functions.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/functions/scalar/json/json_document.h"
#include "engine/functions/scalar/regex/java_regex.h"

namespace millrace::functions {

struct JsonFilter;

// One step of a path.
struct JsonPathStep {
  enum class Kind : uint8_t { kMembers, kIndexes, kSlice, kWildcard, kScan, kFilter, kFunction };
  Kind kind = Kind::kWildcard;
  std::vector<std::string> names;   // kMembers; kFunction: its name
  std::vector<int64_t> indexes;     // kIndexes; negative ones count from the end
  std::optional<int64_t> from, to;  // kSlice
  std::shared_ptr<const JsonFilter> filter;
  bool upstream_definite = true;  // every step before it gives one value at most
  bool IsDefinite(bool leaf) const;
  std::string ToString() const;
};

// What a path found: a node, or a value that a function or several members at once made.
struct JsonHit {
  uint32_t node = JsonDocument::kNoNode;
  std::vector<std::pair<std::string, uint32_t>> merged;  // $['a', 'b']: an object of the members that there are
  std::optional<double> number;                          // $.length() and its kin
  bool is_integer = false;
};

// What evaluating a path gave. A definite path has one hit or none; another one has a list of hits, which may be empty.
struct JsonFound {
  bool failed = false;
  std::string message;  // why, in Jayway's words
  bool is_list = false;
  std::vector<JsonHit> hits;
};

class JsonPath {
 public:
  // Fails with code "json.path"; the message is Jayway's.
  static Result<JsonPath> Compile(std::string_view text);

  // `suppress` is lax mode: what is missing is left out instead of failing.
  JsonFound Evaluate(const JsonDocument& document, uint32_t root, bool suppress) const;
  // For filters: `item` is @, `root` is $.
  JsonFound EvaluateFrom(const JsonDocument& document, uint32_t root, uint32_t item, bool suppress) const;

  bool definite() const { return definite_; }
  bool starts_at_root() const { return starts_at_root_; }
  const std::vector<JsonPathStep>& steps() const { return steps_; }
  std::string ToString() const;

 private:
  friend class JsonPathParser;
  std::vector<JsonPathStep> steps_;
  bool definite_ = true;
  bool starts_at_root_ = true;
};

// A filter's expression tree: [?(@.price < 10 && @.isbn)].
struct JsonFilter {
  enum class Kind : uint8_t { kAnd, kOr, kNot, kCompare };
  enum class Relation : uint8_t {
    kExists,
    kEqual,
    kNotEqual,
    kStrictEqual,
    kStrictNotEqual,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kIn,
    kNotIn,
    kContains,
    kSize,
    kEmpty,
    kSubsetOf,
    kAnyOf,
    kNoneOf,
    kMatches,
  };
  struct Operand {
    enum class Kind : uint8_t { kPath, kLiteral };
    Kind kind = Kind::kLiteral;
    std::shared_ptr<const JsonPath> path;
    std::shared_ptr<const std::string> text;       // a literal's JSON, which its document refers to
    std::shared_ptr<const JsonDocument> document;  // a literal
    bool negated = false;                          // !@.a
    std::shared_ptr<JavaRegex> regex;              // a pattern, which makes the path not thread-safe
  };
  Kind kind = Kind::kCompare;
  std::vector<std::shared_ptr<const JsonFilter>> parts;
  Relation relation = Relation::kExists;
  Operand left, right;

  bool Accepts(const JsonDocument& document, uint32_t root, uint32_t item) const;
};

}  // namespace millrace::functions
