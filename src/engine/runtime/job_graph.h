// The physical plan as vertices: chains of nodes that run as one task per parallel subtask, and the edges between them.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/plan/physical.h"

namespace millrace::runtime {

struct Edge {
  int32_t from = -1;  // vertex
  int32_t to = -1;
  int32_t input = 0;  // of the first node of `to`
  plan::Distribution distribution = plan::Distribution::kForward;
  std::vector<int32_t> hash_keys;
};

struct Vertex {
  std::vector<const plan::PhysicalNode*> chain;  // rows go from the first to the last
  int32_t parallelism = 1;
  std::vector<int32_t> in;  // edges
  std::vector<int32_t> out;
};

struct JobGraph {
  std::vector<Vertex> vertices;  // producers before consumers
  std::vector<Edge> edges;
};

// Most useful number of readers of a source, where that is known: those beyond would have nothing to read, and what
// they say of time and end would race with the others' rows.
using ReaderLimits = std::map<const plan::PhysicalNode*, int32_t>;
JobGraph BuildJobGraph(const plan::PhysicalPlan& plan, int32_t parallelism, const ReaderLimits& limits = {});

}  // namespace millrace::runtime
