// Reads the filters of paths: [?(@.a == 1 && (@.b || !(@.c)))].
#include <array>
#include <utility>

#include "engine/functions/scalar/json/json_path_parser.h"

namespace millrace::functions {
namespace {

using FilterPtr = std::shared_ptr<const JsonFilter>;
using Relation = JsonFilter::Relation;
using Operand = JsonFilter::Operand;

constexpr int kMaxNesting = 100;

struct RelationName {
  std::string_view name;
  Relation relation;
};

constexpr std::array<RelationName, 17> kRelations = {{
    {"==", Relation::kEqual},
    {"!=", Relation::kNotEqual},
    {"===", Relation::kStrictEqual},
    {"!==", Relation::kStrictNotEqual},
    {"<", Relation::kLess},
    {"<=", Relation::kLessEqual},
    {">", Relation::kGreater},
    {">=", Relation::kGreaterEqual},
    {"in", Relation::kIn},
    {"nin", Relation::kNotIn},
    {"contains", Relation::kContains},
    {"size", Relation::kSize},
    {"empty", Relation::kEmpty},
    {"subsetof", Relation::kSubsetOf},
    {"anyof", Relation::kAnyOf},
    {"noneof", Relation::kNoneOf},
    {"=~", Relation::kMatches},
}};

bool IsSign(char c) { return c == '<' || c == '>' || c == '=' || c == '!' || c == '~'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

FilterPtr Join(JsonFilter::Kind kind, std::vector<FilterPtr> parts) {
  if (parts.size() == 1 && kind != JsonFilter::Kind::kNot) return std::move(parts[0]);
  auto filter = std::make_shared<JsonFilter>();
  filter->kind = kind;
  filter->parts = std::move(parts);
  return filter;
}

}  // namespace

Result<FilterPtr> JsonPathParser::ParseFilter() {
  if (!Accept("(")) return Fault("Filter must be enclosed in [?( ... )]");
  if (in_filter_) return Fault("a filter cannot stand inside of a filter");
  in_filter_ = true;
  MR_ASSIGN(FilterPtr filter, ParseOr(0));
  in_filter_ = false;
  if (!Accept(")")) return Fault("Expected ')' at position " + std::to_string(at_));
  return filter;
}

Result<FilterPtr> JsonPathParser::ParseOr(int depth) {
  std::vector<FilterPtr> parts;
  do {
    MR_ASSIGN(FilterPtr part, ParseAnd(depth));
    parts.push_back(std::move(part));
  } while (Accept("||"));
  return Join(JsonFilter::Kind::kOr, std::move(parts));
}

Result<FilterPtr> JsonPathParser::ParseAnd(int depth) {
  std::vector<FilterPtr> parts;
  do {
    MR_ASSIGN(FilterPtr part, ParseTerm(depth));
    parts.push_back(std::move(part));
  } while (Accept("&&"));
  return Join(JsonFilter::Kind::kAnd, std::move(parts));
}

Result<FilterPtr> JsonPathParser::ParseTerm(int depth) {
  if (depth > kMaxNesting) return Fault("the filter nests too deeply");
  SkipBlanks();
  if (Peek() == '!') {
    size_t start = at_++;
    SkipBlanks();
    if (Peek() != '$' && Peek() != '@') {
      MR_ASSIGN(FilterPtr inner, ParseTerm(depth + 1));
      return Join(JsonFilter::Kind::kNot, {std::move(inner)});
    }
    at_ = start;
  }
  if (Accept("(")) {
    MR_ASSIGN(FilterPtr inner, ParseOr(depth + 1));
    if (!Accept(")")) return Fault("Expected ')' at position " + std::to_string(at_));
    return inner;
  }
  return ParseComparison();
}

std::optional<Relation> JsonPathParser::ParseRelation() {
  SkipBlanks();
  size_t start = at_;
  if (IsSign(Peek())) {
    while (IsSign(Peek())) ++at_;
  } else {
    while (IsLetter(Peek())) ++at_;
  }
  std::string name(text_.substr(start, at_ - start));
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const RelationName& entry : kRelations) {
    if (entry.name == name) return entry.relation;
  }
  at_ = start;
  return std::nullopt;
}

Result<FilterPtr> JsonPathParser::ParseComparison() {
  auto filter = std::make_shared<JsonFilter>();
  MR_ASSIGN(filter->left, ParseOperand());
  std::optional<Relation> relation = ParseRelation();
  if (relation) {
    filter->relation = *relation;
    MR_ASSIGN(filter->right, ParseOperand());
    return FilterPtr(filter);
  }
  if (filter->left.kind != Operand::Kind::kPath) return Fault("Expected path node at position " + std::to_string(at_));
  filter->relation = Relation::kExists;
  return FilterPtr(filter);
}

Result<Operand> JsonPathParser::ParseOperand() {
  SkipBlanks();
  char c = Peek();
  if (c == '$' || c == '@' || c == '!') return ParsePathOperand();
  if (c == '\'' || c == '"') {
    MR_ASSIGN(std::string text, ParseQuoted(c));
    std::string json;
    AppendJsonString(text, &json);
    return ParseLiteral(json);
  }
  if (c == '/') {
    size_t close = text_.find('/', at_ + 1);
    if (close == std::string_view::npos) return Fault("Pattern not closed. Expected / in the filter");
    Operand operand;
    std::string pattern(text_.substr(at_ + 1, close - at_ - 1));
    at_ = close + 1;
    std::string flags;
    while (IsLetter(Peek())) flags.push_back(text_[at_++]);
    if (!flags.empty()) pattern = "(?" + flags + ")" + pattern;
    MR_ASSIGN(std::unique_ptr<JavaRegex> regex, JavaRegex::Compile(pattern, JavaRegex::Mode::kWhole));
    operand.regex = std::move(regex);
    return operand;
  }
  size_t start = at_;
  int depth = 0;
  char quote = '\0';
  for (; !AtEnd(); ++at_) {
    char here = Peek();
    if (quote != '\0') {
      if (here == quote) quote = '\0';
      continue;
    }
    if (here == '\'' || here == '"') quote = here;
    if (here == '[' || here == '{') ++depth;
    if (depth > 0 && (here == ']' || here == '}')) {
      if (--depth == 0) {
        ++at_;
        break;
      }
      continue;
    }
    if (depth == 0 && (here == ' ' || here == ')' || here == ']' || here == '&' || here == '|' || IsSign(here))) break;
  }
  std::string json(text_.substr(start, at_ - start));
  for (char& here : json) here = here == '\'' ? '"' : here;
  return ParseLiteral(json);
}

Result<Operand> JsonPathParser::ParsePathOperand() {
  Operand operand;
  operand.kind = Operand::Kind::kPath;
  if (Peek() == '!') {
    operand.negated = true;
    ++at_;
    SkipBlanks();
  }
  auto path = std::make_shared<JsonPath>();
  path->starts_at_root_ = Peek() == '$';
  ++at_;
  MR_RETURN_IF_ERROR(ParseSteps(*path));
  operand.path = std::move(path);
  return operand;
}

Result<Operand> JsonPathParser::ParseLiteral(std::string_view json) {
  Operand operand;
  auto text = std::make_shared<const std::string>(json);
  auto document = std::make_shared<JsonDocument>();
  if (!document->Parse(*text)) return Fault("Could not parse the literal '" + *text + "' of a filter");
  operand.text = std::move(text);
  operand.document = std::move(document);
  return operand;
}

}  // namespace millrace::functions
