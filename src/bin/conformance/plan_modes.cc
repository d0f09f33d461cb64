// What the changelog modes of two physical plans have in common.
#include "bin/conformance/plan_modes.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "bin/conformance/plan_text.h"

namespace millrace::conformance {
namespace {

struct Step {
  std::string name;
  std::string mode;
  bool operator==(const Step&) const = default;
};

// The name under which a node counts; empty when it does not.
std::string CountedName(const std::string& name) {
  constexpr std::string_view kPassing[] = {"Exchange",          "Calc",   "WatermarkAssigner",
                                           "MiniBatchAssigner", "Expand", "Reused"};
  if (std::find(std::begin(kPassing), std::end(kPassing), name) != std::end(kPassing)) return {};
  if (name.starts_with("Local") || name.starts_with("Incremental")) return {};
  if (name == "LegacyTableSourceScan" || name == "DataStreamScan") return "TableSourceScan";
  if (name == "LegacySink") return "Sink";
  return name.starts_with("Global") ? name.substr(6) : name;
}

std::string ModeOf(const PlanNode& node) {
  const std::string* mode = node.Find("changelogMode");
  return mode == nullptr ? "none given" : *mode;
}

void Collect(const PlanNode& node, std::vector<Step>& steps) {
  std::string name = CountedName(node.name);
  if (name == "Sink") {
    steps.push_back({name, ""});
  } else if (!name.empty()) {
    steps.push_back({name, ModeOf(node)});
  }
  for (const PlanNode& input : node.inputs) Collect(input, steps);
}

std::vector<Step> StepsOf(const std::string& text) {
  std::vector<Step> steps;
  for (const PlanNode& root : ParsePlan(text)) {
    const PlanNode* top = &root;
    if (CountedName(root.name) == "Sink" && !root.inputs.empty()) top = root.inputs.data();
    steps.push_back({"result", ModeOf(*top)});
    Collect(root, steps);
  }
  return steps;
}

}  // namespace

std::optional<std::string> CompareModes(const std::string& ours, const std::string& flink) {
  std::vector<Step> a = StepsOf(ours);
  std::vector<Step> b = StepsOf(flink);
  size_t i = 0;
  while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
  if (i == a.size() && i == b.size()) return std::nullopt;
  auto text = [](const std::vector<Step>& steps, size_t at) {
    return at < steps.size() ? fmt::format("{} [{}]", steps[at].name, steps[at].mode) : std::string("nothing");
  };
  return fmt::format("{}, expected {}, at step {}", text(a, i), text(b, i), i + 1);
}

}  // namespace millrace::conformance
