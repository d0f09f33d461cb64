// Walks a document along a path. What Jayway does where something is missing: on a path of which each step gives one
// value that is a failure (unless suppressed), on another one there is just no hit.
#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/functions/scalar/json/json_path.h"

namespace millrace::functions {
namespace {

using Kind = JsonPathStep::Kind;
constexpr uint32_t kNoNode = JsonDocument::kNoNode;

class Walker {
 public:
  Walker(const JsonDocument& document, const JsonPath& path, uint32_t root, bool suppress, JsonFound& found)
      : document_(document), path_(path), root_(root), suppress_(suppress), found_(found) {}

  void Visit(size_t step, uint32_t node) {
    if (found_.failed) return;
    if (step == path_.steps().size()) {
      JsonHit hit;
      hit.node = node;
      found_.hits.push_back(std::move(hit));
      return;
    }
    const JsonPathStep& here = path_.steps()[step];
    switch (here.kind) {
      case Kind::kMembers:
        return VisitMembers(step, here, node);
      case Kind::kIndexes:
      case Kind::kSlice:
        return VisitIndexes(step, here, node);
      case Kind::kWildcard:
        return VisitAll(step, node);
      case Kind::kScan:
        return step + 1 < path_.steps().size() ? Scan(step + 1, node) : void();
      case Kind::kFilter:
        return VisitFiltered(step, here, node);
      case Kind::kFunction:
        return CallFunction(here, node);
    }
  }

 private:
  bool IsLeaf(size_t step) const { return step + 1 == path_.steps().size(); }
  JsonKind KindOf(uint32_t node) const { return document_.node(node).kind; }

  void Fail(std::string message) {
    found_.failed = true;
    found_.message = std::move(message);
  }

  void VisitMembers(size_t step, const JsonPathStep& here, uint32_t node) {
    if (KindOf(node) != JsonKind::kObject) {
      if (here.upstream_definite && !suppress_)
        Fail("Expected to find an object with property " + here.ToString() + " in path " + path_.ToString());
      return;
    }
    if (here.names.size() > 1 && IsLeaf(step)) return MergeMembers(here, node);
    for (const std::string& name : here.names) {
      uint32_t value = document_.Member(node, name);
      if (value != kNoNode) {
        Visit(step + 1, value);
      } else if (!IsLeaf(step) && here.upstream_definite && here.names.size() == 1 && !suppress_) {
        return Fail("Missing property in path " + Prefix(step));
      }
    }
  }

  std::string Prefix(size_t step) const {
    std::string text = "$";
    for (size_t i = 0; i <= step; ++i) text += path_.steps()[i].ToString();
    return text;
  }

  void MergeMembers(const JsonPathStep& here, uint32_t node) {
    JsonHit hit;
    for (const std::string& name : here.names) {
      uint32_t value = document_.Member(node, name);
      if (value != kNoNode) hit.merged.emplace_back(name, value);
    }
    hit.node = node;
    if (hit.merged.empty()) hit.merged.emplace_back("", kNoNode);  // an empty object
    found_.hits.push_back(std::move(hit));
  }

  void VisitIndexes(size_t step, const JsonPathStep& here, uint32_t node) {
    if (KindOf(node) != JsonKind::kArray) {
      if (here.upstream_definite && !suppress_) Fail("Filter: " + here.ToString() + " can only be applied to arrays");
      return;
    }
    int64_t size = document_.node(node).size;
    if (here.kind == Kind::kIndexes) {
      for (int64_t index : here.indexes) VisitItem(step, node, index);
      return;
    }
    int64_t from = here.from.value_or(0);
    int64_t to = std::min(here.to.value_or(size), size);
    if (!here.to && from < 0) from = std::max<int64_t>(0, size + from);
    if (!here.from && to < 0) to += size;
    if (from < 0 || to < 0) {
      for (int64_t i = std::max(from, -size); i < to; ++i) VisitItem(step, node, i);
      return;
    }
    int64_t i = 0;
    document_.ForEachItem(node, [&](uint32_t item) {
      if (i >= from && i < to) Visit(step + 1, item);
      ++i;
    });
  }

  void VisitItem(size_t step, uint32_t node, int64_t index) {
    if (index < 0) index += document_.node(node).size;
    uint32_t item = document_.Item(node, index);
    if (item != kNoNode) Visit(step + 1, item);
  }

  // What is missing behind a wildcard is never a failure.
  void VisitAll(size_t step, uint32_t node) {
    if (KindOf(node) == JsonKind::kObject) {
      document_.ForEachMember(node, [&](std::string_view, uint32_t value) { Visit(step + 1, value); });
    } else if (KindOf(node) == JsonKind::kArray) {
      document_.ForEachItem(node, [&](uint32_t item) { Visit(step + 1, item); });
    }
  }

  void VisitFiltered(size_t step, const JsonPathStep& here, uint32_t node) {
    if (KindOf(node) == JsonKind::kObject) {
      if (here.filter->Accepts(document_, root_, node)) Visit(step + 1, node);
    } else if (KindOf(node) == JsonKind::kArray) {
      document_.ForEachItem(node, [&](uint32_t item) {
        if (here.filter->Accepts(document_, root_, item)) Visit(step + 1, item);
      });
    } else if (here.upstream_definite) {
      Fail("Filter: [?] can not be applied to primitives");
    }
  }

  // `step` is the one behind "..": it is tried on `node` and on everything below.
  void Scan(size_t step, uint32_t node) {
    if (found_.failed) return;
    if (ScanStopsAt(step, node)) Visit(step, node);
    if (KindOf(node) == JsonKind::kObject) {
      document_.ForEachMember(node, [&](std::string_view, uint32_t value) { Scan(step, value); });
    } else if (KindOf(node) == JsonKind::kArray) {
      document_.ForEachItem(node, [&](uint32_t item) { Scan(step, item); });
    }
  }

  bool ScanStopsAt(size_t step, uint32_t node) const {
    const JsonPathStep& next = path_.steps()[step];
    bool object = KindOf(node) == JsonKind::kObject;
    bool array = KindOf(node) == JsonKind::kArray;
    switch (next.kind) {
      case Kind::kMembers:
        if (!object || !next.IsDefinite(IsLeaf(step))) return object;
        return std::all_of(next.names.begin(), next.names.end(),
                           [&](const std::string& name) { return document_.Member(node, name) != kNoNode; });
      case Kind::kIndexes:
      case Kind::kSlice:
        return array;
      case Kind::kWildcard:
        return object || array;
      case Kind::kFilter:
        return (object || array) && next.filter->Accepts(document_, root_, node);
      case Kind::kScan:
      case Kind::kFunction:
        return false;
    }
    return false;
  }

  void CallFunction(const JsonPathStep& here, uint32_t node) {
    const std::string& name = here.names[0];
    if (name == "length" || name == "size") {
      bool container = KindOf(node) == JsonKind::kArray || KindOf(node) == JsonKind::kObject;
      if (container) AddNumber(CountMembers(node), true);
      return;
    }
    if (name == "keys") return AddKeys(node);
    if (name == "first" || name == "last") {
      if (KindOf(node) == JsonKind::kArray) VisitItem(path_.steps().size() - 1, node, name == "first" ? 0 : -1);
      return;
    }
    Aggregate(name, node);
  }

  double CountMembers(uint32_t node) const {
    double count = 0;
    if (KindOf(node) == JsonKind::kArray) return document_.node(node).size;
    document_.ForEachMember(node, [&](std::string_view, uint32_t) { ++count; });
    return count;
  }

  void AddNumber(double number, bool is_integer) {
    JsonHit hit;
    hit.number = number;
    hit.is_integer = is_integer;
    found_.hits.push_back(std::move(hit));
  }

  // The keys of an object as hits of their own; the whole is a list.
  void AddKeys(uint32_t node) {
    if (KindOf(node) != JsonKind::kObject) return;
    for (uint32_t key = node + 1; key < document_.node(node).end; key = document_.node(key + 1).end) {
      if (document_.node(key).shadowed) continue;
      JsonHit hit;
      hit.node = key;
      found_.hits.push_back(std::move(hit));
    }
    found_.is_list = true;
  }

  void Aggregate(const std::string& name, uint32_t node) {
    std::vector<double> numbers;
    if (KindOf(node) == JsonKind::kArray) {
      document_.ForEachItem(node, [&](uint32_t item) {
        const JsonNode& value = document_.node(item);
        if (value.kind == JsonKind::kInteger) numbers.push_back(static_cast<double>(value.integer));
        if (value.kind == JsonKind::kDouble) numbers.push_back(value.number);
      });
    }
    if (numbers.empty()) return Fail("Aggregation function attempted to calculate value using empty array");
    double sum = 0;
    double squares = 0;
    for (double number : numbers) {
      sum += number;
      squares += number * number;
    }
    auto count = static_cast<double>(numbers.size());
    if (name == "sum") return AddNumber(sum, false);
    if (name == "avg") return AddNumber(sum / count, false);
    if (name == "min") return AddNumber(*std::min_element(numbers.begin(), numbers.end()), false);
    if (name == "max") return AddNumber(*std::max_element(numbers.begin(), numbers.end()), false);
    AddNumber(std::sqrt(squares / count - sum * sum / count / count), false);
  }

  const JsonDocument& document_;
  const JsonPath& path_;
  uint32_t root_;
  bool suppress_;
  JsonFound& found_;
};

}  // namespace

JsonFound JsonPath::EvaluateFrom(const JsonDocument& document, uint32_t root, uint32_t item, bool suppress) const {
  JsonFound found;
  found.is_list = !definite_;
  Walker(document, *this, root, suppress, found).Visit(0, starts_at_root_ ? root : item);
  if (found.failed && suppress) {
    found.hits.clear();
    return found;
  }
  if (!found.failed && !found.is_list && found.hits.empty() && !suppress) {
    found.failed = true;
    found.message = "No results for path: " + ToString();
  }
  return found;
}

JsonFound JsonPath::Evaluate(const JsonDocument& document, uint32_t root, bool suppress) const {
  return EvaluateFrom(document, root, root, suppress);
}

}  // namespace millrace::functions
