// Reads paths: steps behind dots and in brackets.
#include <algorithm>
#include <charconv>

#include "engine/functions/scalar/json/json_path_parser.h"

namespace millrace::functions {
namespace {

using Kind = JsonPathStep::Kind;

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<int64_t> ParseNumber(std::string_view text) {
  text = Trimmed(text);
  int64_t value = 0;
  auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  if (value > INT32_MAX || value < INT32_MIN) return std::nullopt;
  return value;
}

constexpr std::string_view kFunctions[] = {"avg",    "stddev", "sum",   "min",  "max",
                                           "length", "size",   "first", "last", "keys"};

}  // namespace

Error JsonPathParser::Fault(std::string message) const {
  return UserError("json.path", std::move(message),
                   "The JSON path is '" + std::string(text_) + "'; it looks like 'lax $.name[0]'");
}

void JsonPathParser::SkipBlanks() {
  while (Peek() == ' ') ++at_;
}

bool JsonPathParser::Accept(std::string_view word) {
  SkipBlanks();
  if (text_.substr(std::min(at_, text_.size())).substr(0, word.size()) != word) return false;
  at_ += word.size();
  return true;
}

void JsonPathParser::AddStep(JsonPath& path, JsonPathStep step) {
  step.upstream_definite = path.definite_;
  path.steps_.push_back(std::move(step));
  // Whether several names are one object is known when the next step comes, or does not come.
  path.definite_ = true;
  for (size_t i = 0; i < path.steps_.size(); ++i) {
    path.steps_[i].upstream_definite = path.definite_;
    path.definite_ = path.definite_ && path.steps_[i].IsDefinite(i + 1 == path.steps_.size());
  }
}

Result<JsonPath> JsonPathParser::ParsePath() {
  text_ = Trimmed(text_);
  if (text_.empty()) return Fault("json can not be null or empty");
  if (text_[0] != '$' && text_[0] != '@') {
    own_text_ = "$." + std::string(text_);
    text_ = own_text_;
  }
  if (text_.back() == '.') return Fault("Path must not end with a '.' or '..'");
  JsonPath path;
  path.starts_at_root_ = text_[0] == '$';
  at_ = 1;
  if (!AtEnd() && Peek() != '.' && Peek() != '[') return Fault("Illegal character at position 1 expected '.' or '['");
  MR_RETURN_IF_ERROR(ParseSteps(path));
  if (!AtEnd()) return Fault("Could not parse token starting at position " + std::to_string(at_));
  return path;
}

Status JsonPathParser::ParseSteps(JsonPath& path) {
  constexpr size_t kMaxSteps = 1000;
  while (!AtEnd()) {
    if (path.steps_.size() > kMaxSteps) return Fault("the path has too many steps");
    if (Peek() == '[') {
      MR_RETURN_IF_ERROR(ParseBracketStep(path));
    } else if (Peek() == '.') {
      MR_RETURN_IF_ERROR(ParseDotStep(path));
    } else {
      break;
    }
  }
  return Status::Ok();
}

Status JsonPathParser::ParseDotStep(JsonPath& path) {
  ++at_;
  if (Peek() == '.') {
    ++at_;
    if (Peek() == '.') return Fault("Character '.' on position " + std::to_string(at_) + " is not valid.");
    JsonPathStep scan;
    scan.kind = Kind::kScan;
    AddStep(path, std::move(scan));
  }
  if (Peek() == '[') return ParseBracketStep(path);
  JsonPathStep step;
  if (Peek() == '*') {
    ++at_;
    step.kind = Kind::kWildcard;
    AddStep(path, std::move(step));
    return Status::Ok();
  }
  size_t start = at_;
  while (!AtEnd() && Peek() != '.' && Peek() != '[' && Peek() != '(') {
    if (in_filter_ && Peek() == ' ') break;
    if (Peek() == ' ') {
      return Fault("Use bracket notation ['my prop'] if your property contains blank characters. position: " +
                   std::to_string(start));
    }
    if (in_filter_ && std::string_view("=<>!&|),~").find(Peek()) != std::string_view::npos) break;  // an operator
    ++at_;
  }
  std::string name(text_.substr(start, at_ - start));
  if (name.empty()) return Fault("Property has not been found at position " + std::to_string(start));
  step.kind = Kind::kMembers;
  if (Peek() == '(') {
    if (text_.substr(at_, 2) != "()") return Fault("Arguments to function: '" + name + "' are not supported");
    at_ += 2;
    if (std::find(std::begin(kFunctions), std::end(kFunctions), name) == std::end(kFunctions)) {
      return Fault("Function with name: " + name + " does not exist.");
    }
    step.kind = Kind::kFunction;
  }
  step.names = {std::move(name)};
  AddStep(path, std::move(step));
  return Status::Ok();
}

Status JsonPathParser::ParseBracketStep(JsonPath& path) {
  size_t open = at_++;
  SkipBlanks();
  JsonPathStep step;
  if (Peek() == '\'' || Peek() == '"') {
    MR_RETURN_IF_ERROR(ParseNames(step));
  } else if (Peek() == '*') {
    ++at_;
    step.kind = Kind::kWildcard;
  } else if (Peek() == '?') {
    ++at_;
    MR_ASSIGN(step.filter, ParseFilter());
    step.kind = Kind::kFilter;
  } else {
    size_t close = text_.find(']', at_);
    if (close == std::string_view::npos)
      return Fault("Could not parse token starting at position " + std::to_string(open));
    MR_RETURN_IF_ERROR(ParseIndexes(text_.substr(at_, close - at_), step));
    at_ = close;
  }
  if (!Accept("]"))
    return Fault("Could not parse token starting at position " + std::to_string(open) + ". Expected ?, ', 0-9, * ");
  AddStep(path, std::move(step));
  return Status::Ok();
}

Status JsonPathParser::ParseNames(JsonPathStep& step) {
  step.kind = Kind::kMembers;
  do {
    SkipBlanks();
    char quote = Peek();
    if (quote != '\'' && quote != '"')
      return Fault("Property must be separated by comma or Property must be in quotes");
    MR_ASSIGN(std::string name, ParseQuoted(quote));
    step.names.push_back(std::move(name));
  } while (Accept(","));
  return Status::Ok();
}

Result<std::string> JsonPathParser::ParseQuoted(char quote) {
  size_t start = at_++;
  std::string text;
  while (!AtEnd() && Peek() != quote) {
    if (Peek() == '\\' && at_ + 1 < text_.size()) ++at_;
    text.push_back(text_[at_++]);
  }
  if (AtEnd())
    return Fault("Property has not been closed - missing closing " + std::string(1, quote) + " at position " +
                 std::to_string(start));
  ++at_;
  return text;
}

Status JsonPathParser::ParseIndexes(std::string_view inside, JsonPathStep& step) {
  std::string_view text = Trimmed(inside);
  size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    step.kind = Kind::kSlice;
    std::string_view from = Trimmed(text.substr(0, colon));
    std::string_view to = Trimmed(text.substr(colon + 1));
    if (!from.empty()) step.from = ParseNumber(from);
    if (!to.empty()) step.to = ParseNumber(to);
    bool bad = (!from.empty() && !step.from) || (!to.empty() && !step.to) || (from.empty() && to.empty());
    if (bad) return Fault("Failed to parse SliceOperation: " + std::string(text));
    return Status::Ok();
  }
  step.kind = Kind::kIndexes;
  while (true) {
    size_t comma = text.find(',');
    std::optional<int64_t> index = ParseNumber(text.substr(0, comma));
    if (!index) return Fault("Failed to parse ArrayIndexOperation: " + std::string(inside));
    step.indexes.push_back(*index);
    if (comma == std::string_view::npos) return Status::Ok();
    text.remove_prefix(comma + 1);
  }
}

bool JsonPathStep::IsDefinite(bool leaf) const {
  switch (kind) {
    case Kind::kMembers:
      return names.size() == 1 || leaf;
    case Kind::kIndexes:
      return indexes.size() == 1;
    case Kind::kFunction:
      return true;
    case Kind::kSlice:
    case Kind::kWildcard:
    case Kind::kScan:
    case Kind::kFilter:
      return false;
  }
  return false;
}

std::string JsonPathStep::ToString() const {
  std::string text;
  switch (kind) {
    case Kind::kMembers:
      for (const std::string& name : names) text += (text.empty() ? "'" : ",'") + name + "'";
      return "[" + text + "]";
    case Kind::kIndexes:
      for (int64_t index : indexes) text += (text.empty() ? "" : ",") + std::to_string(index);
      return "[" + text + "]";
    case Kind::kSlice:
      return "[" + (from ? std::to_string(*from) : "") + ":" + (to ? std::to_string(*to) : "") + "]";
    case Kind::kWildcard:
      return "[*]";
    case Kind::kScan:
      return "..";
    case Kind::kFilter:
      return "[?]";
    case Kind::kFunction:
      return "." + names[0] + "()";
  }
  return text;
}

std::string JsonPath::ToString() const {
  std::string text(starts_at_root_ ? "$" : "@");
  for (const JsonPathStep& step : steps_) text += step.ToString();
  return text;
}

Result<JsonPath> JsonPath::Compile(std::string_view text) { return JsonPathParser(text).ParsePath(); }

}  // namespace millrace::functions
