// Filters of paths: whether an item fulfils a condition, by Jayway's loose comparisons (a text and a number that reads
// the same are equal).
#include <algorithm>
#include <optional>

#include "engine/functions/scalar/json/json_path.h"
#include "types/number_text.h"

namespace millrace::functions {
namespace {

using Relation = JsonFilter::Relation;
using Operand = JsonFilter::Operand;
constexpr uint32_t kNoNode = JsonDocument::kNoNode;

// A side of a comparison: nothing, one value, or a list of values.
struct Side {
  bool undefined = false;
  bool is_list = false;  // from an indefinite path
  std::vector<JsonHit> hits;
  const JsonDocument* document = nullptr;
  JavaRegex* regex = nullptr;

  const JsonNode* Single() const {
    bool plain = !undefined && !is_list && hits.size() == 1 && hits[0].node != kNoNode && hits[0].merged.empty();
    return plain ? &document->node(hits[0].node) : nullptr;
  }
};

std::optional<double> NumberOf(const JsonNode& node) {
  if (node.kind == JsonKind::kInteger) return static_cast<double>(node.integer);
  if (node.kind == JsonKind::kDouble) return node.number;
  if (node.kind == JsonKind::kBigInteger) return ParseDouble(node.view());
  return std::nullopt;
}

bool IsText(const JsonNode& node) { return node.kind == JsonKind::kString || node.kind == JsonKind::kKey; }

std::optional<double> SideNumber(const Side& side) {
  if (!side.undefined && !side.is_list && side.hits.size() == 1 && side.hits[0].number) return side.hits[0].number;
  const JsonNode* node = side.Single();
  return node == nullptr ? std::nullopt : NumberOf(*node);
}

Side Evaluate(const Operand& operand, const JsonDocument& document, uint32_t root, uint32_t item) {
  Side side;
  side.regex = operand.regex.get();
  if (operand.kind == Operand::Kind::kLiteral) {
    side.document = operand.document.get();
    if (side.document != nullptr) {
      JsonHit hit;
      hit.node = 0;
      side.hits.push_back(std::move(hit));
    }
    return side;
  }
  JsonFound found = operand.path->EvaluateFrom(document, root, item, false);
  side.document = &document;
  side.undefined = found.failed;
  side.is_list = found.is_list;
  side.hits = std::move(found.hits);
  return side;
}

std::string JsonOf(const JsonDocument& document, uint32_t node) {
  std::string text;
  document.AppendJson(node, &text);
  return text;
}

bool EqualNodes(const JsonDocument& a_document, uint32_t a_node, const JsonDocument& b_document, uint32_t b_node,
                bool strict) {
  const JsonNode& a = a_document.node(a_node);
  const JsonNode& b = b_document.node(b_node);
  std::optional<double> a_number = NumberOf(a);
  std::optional<double> b_number = NumberOf(b);
  if (a.kind == JsonKind::kInteger && b.kind == JsonKind::kInteger) return a.integer == b.integer;
  if (a_number && b_number) return *a_number == *b_number;
  if (IsText(a) && IsText(b)) return a.view() == b.view();
  if (!strict && a_number && IsText(b)) return ParseDouble(b.view()) == a_number;
  if (!strict && IsText(a) && b_number) {
    std::string text;
    b_document.AppendJavaText(b_node, &text);
    return a.view() == text;
  }
  if (a.kind != b.kind) return false;
  bool container = a.kind == JsonKind::kArray || a.kind == JsonKind::kObject;
  return !container || JsonOf(a_document, a_node) == JsonOf(b_document, b_node);
}

bool EqualSides(const Side& a, const Side& b, bool strict) {
  if (a.undefined || b.undefined) return false;
  std::optional<double> a_number = SideNumber(a);
  std::optional<double> b_number = SideNumber(b);
  if (a_number && b_number) return *a_number == *b_number;
  if (a.Single() != nullptr && b.Single() != nullptr) {
    return EqualNodes(*a.document, a.hits[0].node, *b.document, b.hits[0].node, strict);
  }
  return false;
}

// -1, 0 or 1 for two numbers or two texts, else nothing.
std::optional<int> CompareSides(const Side& a, const Side& b) {
  std::optional<double> a_number = SideNumber(a);
  std::optional<double> b_number = SideNumber(b);
  if (a_number && b_number) return *a_number < *b_number ? -1 : (*a_number > *b_number ? 1 : 0);
  const JsonNode* a_node = a.Single();
  const JsonNode* b_node = b.Single();
  if (a_node == nullptr || b_node == nullptr || !IsText(*a_node) || !IsText(*b_node)) return std::nullopt;
  return std::clamp(a_node->view().compare(b_node->view()), -1, 1);
}

// The values of a list or an array.
std::vector<uint32_t> Items(const Side& side) {
  std::vector<uint32_t> items;
  if (side.undefined) return items;
  if (side.is_list) {
    for (const JsonHit& hit : side.hits) {
      if (hit.node != kNoNode) items.push_back(hit.node);
    }
  } else if (const JsonNode* node = side.Single(); node != nullptr && node->kind == JsonKind::kArray) {
    side.document->ForEachItem(side.hits[0].node, [&](uint32_t item) { items.push_back(item); });
  }
  return items;
}

bool ListHas(const Side& list, const JsonDocument& document, uint32_t node) {
  for (uint32_t item : Items(list)) {
    if (EqualNodes(document, node, *list.document, item, false)) return true;
  }
  return false;
}

bool IsIn(const Side& value, const Side& list) {
  return value.Single() != nullptr && ListHas(list, *value.document, value.hits[0].node);
}

bool Contains(const Side& whole, const Side& part) {
  const JsonNode* text = whole.Single();
  const JsonNode* piece = part.Single();
  if (text != nullptr && piece != nullptr && IsText(*text) && IsText(*piece))
    return text->view().find(piece->view()) != std::string_view::npos;
  return piece != nullptr && ListHas(whole, *part.document, part.hits[0].node);
}

int64_t LengthOf(const Side& side) {
  if (side.is_list) return static_cast<int64_t>(side.hits.size());
  const JsonNode* node = side.Single();
  if (node == nullptr) return -1;
  bool sized = node->kind == JsonKind::kArray || node->kind == JsonKind::kObject || IsText(*node);
  return sized ? node->size : -1;
}

bool Matches(const Side& a, const Side& b) {
  const Side& value = a.regex != nullptr ? b : a;
  JavaRegex* regex = a.regex != nullptr ? a.regex : b.regex;
  const JsonNode* node = value.Single();
  if (regex == nullptr || node == nullptr) return false;
  std::string text;
  value.document->AppendJavaText(value.hits[0].node, &text);
  Result<bool> found = regex->Find(text, 0);
  return found.ok() && *found;
}

// How many values of `some` are in `all`.
size_t CountIn(const Side& some, const Side& all) {
  size_t count = 0;
  for (uint32_t item : Items(some)) count += ListHas(all, *some.document, item) ? 1 : 0;
  return count;
}

bool TruthOf(const Side& side) {
  const JsonNode* node = side.Single();
  return node != nullptr && node->kind == JsonKind::kTrue;
}

bool Holds(Relation relation, const Side& a, const Side& b) {
  switch (relation) {
    case Relation::kExists:
      return !a.undefined;
    case Relation::kEqual:
      return EqualSides(a, b, false);
    case Relation::kNotEqual:
      return !EqualSides(a, b, false);
    case Relation::kStrictEqual:
      return EqualSides(a, b, true);
    case Relation::kStrictNotEqual:
      return !EqualSides(a, b, true);
    case Relation::kLess:
      return CompareSides(a, b).value_or(1) < 0;
    case Relation::kLessEqual:
      return CompareSides(a, b).value_or(1) <= 0;
    case Relation::kGreater:
      return CompareSides(a, b).value_or(-1) > 0;
    case Relation::kGreaterEqual:
      return CompareSides(a, b).value_or(-1) >= 0;
    case Relation::kIn:
      return IsIn(a, b);
    case Relation::kNotIn:
      return !IsIn(a, b);
    case Relation::kContains:
      return Contains(a, b);
    case Relation::kSize:
      return SideNumber(b) && static_cast<double>(LengthOf(a)) == *SideNumber(b);
    case Relation::kEmpty:
      return LengthOf(a) >= 0 && (LengthOf(a) == 0) == TruthOf(b);
    case Relation::kSubsetOf:
      return CountIn(a, b) == Items(a).size();
    case Relation::kAnyOf:
      return CountIn(a, b) > 0;
    case Relation::kNoneOf:
      return CountIn(a, b) == 0;
    case Relation::kMatches:
      return Matches(a, b);
  }
  return false;
}

}  // namespace

bool JsonFilter::Accepts(const JsonDocument& document, uint32_t root, uint32_t item) const {
  auto accepts = [&](const std::shared_ptr<const JsonFilter>& part) { return part->Accepts(document, root, item); };
  switch (kind) {
    case Kind::kAnd:
      return std::all_of(parts.begin(), parts.end(), accepts);
    case Kind::kOr:
      return std::any_of(parts.begin(), parts.end(), accepts);
    case Kind::kNot:
      return !accepts(parts[0]);
    case Kind::kCompare:
      break;
  }
  Side a = Evaluate(left, document, root, item);
  if (relation == Relation::kExists) return a.undefined == left.negated;
  return Holds(relation, a, Evaluate(right, document, root, item));
}

}  // namespace millrace::functions
