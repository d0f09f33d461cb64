#include "engine/runtime/job_graph.h"

#include <map>

namespace millrace::runtime {
namespace {

using plan::Distribution;
using plan::PhysicalInput;
using plan::PhysicalNode;

// A consumer's input with unions taken apart: a union is nothing but several producers on one input.
struct Producer {
  const PhysicalNode* node;
  Distribution distribution;
  std::vector<int32_t> keys;
};

void ResolveInput(const PhysicalInput& input, std::vector<Producer>& out) {
  if (!std::holds_alternative<plan::UnionSpec>(input.node->spec)) {
    out.push_back({input.node.get(), input.distribution, input.hash_keys});
    return;
  }
  for (const PhysicalInput& below : input.node->inputs) {
    PhysicalInput merged = below;
    if (input.distribution != Distribution::kForward) {
      merged.distribution = input.distribution;
      merged.hash_keys = input.hash_keys;
    }
    ResolveInput(merged, out);
  }
}

class GraphBuilder {
 public:
  GraphBuilder(int32_t parallelism, const ReaderLimits& limits) : parallelism_(parallelism), limits_(limits) {}

  void AddNode(const PhysicalNode* node) {
    if (vertex_of_.contains(node)) return;
    Vertex vertex;
    vertex.chain = {node};
    std::vector<std::pair<int32_t, Producer>> producers;
    for (size_t i = 0; i < node->inputs.size(); ++i) {
      std::vector<Producer> resolved;
      ResolveInput(node->inputs[i], resolved);
      for (Producer& producer : resolved) producers.emplace_back(static_cast<int32_t>(i), std::move(producer));
    }
    for (auto& [input, producer] : producers) AddNode(producer.node);
    vertex.parallelism = ParallelismOf(*node, producers);
    auto id = static_cast<int32_t>(graph_.vertices.size());
    for (auto& [input, producer] : producers) {
      int32_t from = vertex_of_[producer.node];
      auto edge = static_cast<int32_t>(graph_.edges.size());
      Distribution distribution = producer.distribution;
      if (distribution == Distribution::kForward &&
          graph_.vertices[static_cast<size_t>(from)].parallelism != vertex.parallelism) {
        distribution = vertex.parallelism == 1 ? Distribution::kSingleton : Distribution::kRoundRobin;
      }
      graph_.edges.push_back({from, id, input, distribution, producer.keys});
      graph_.vertices[static_cast<size_t>(from)].out.push_back(edge);
      vertex.in.push_back(edge);
    }
    graph_.vertices.push_back(std::move(vertex));
    vertex_of_[node] = id;
  }

  JobGraph Finish() {
    Chain();
    return std::move(graph_);
  }

 private:
  int32_t ParallelismOf(const PhysicalNode& node, const std::vector<std::pair<int32_t, Producer>>& producers) {
    if (std::holds_alternative<plan::ValuesSpec>(node.spec)) return 1;
    if (const auto* sink = std::get_if<plan::SinkSpec>(&node.spec); sink != nullptr && sink->sink != nullptr) {
      if (auto own = sink->sink->parallelism(); own.has_value()) return *own;
    }
    if (auto limit = limits_.find(&node); limit != limits_.end()) return std::min(parallelism_, limit->second);
    int32_t parallelism = producers.empty() ? parallelism_ : 1;
    for (const auto& [input, producer] : producers) {
      if (producer.distribution == Distribution::kSingleton) return 1;
      int32_t from = graph_.vertices[static_cast<size_t>(vertex_of_[producer.node])].parallelism;
      parallelism = std::max(parallelism, producer.distribution == Distribution::kHash ? parallelism_ : from);
    }
    return parallelism;
  }

  // A vertex whose only edge comes forward from a vertex with no other consumer joins that vertex's chain.
  void Chain() {
    std::vector<int32_t> moved(graph_.vertices.size(), -1);
    JobGraph chained;
    std::vector<int32_t> edge_map(graph_.edges.size(), -1);
    for (size_t v = 0; v < graph_.vertices.size(); ++v) {
      Vertex& vertex = graph_.vertices[v];
      if (vertex.in.size() == 1) {
        const Edge& edge = graph_.edges[static_cast<size_t>(vertex.in[0])];
        const Vertex& from = graph_.vertices[static_cast<size_t>(edge.from)];
        if (edge.distribution == Distribution::kForward && from.out.size() == 1) {
          moved[v] = moved[static_cast<size_t>(edge.from)];
          Vertex& host = chained.vertices[static_cast<size_t>(moved[v])];
          host.chain.insert(host.chain.end(), vertex.chain.begin(), vertex.chain.end());
          continue;
        }
      }
      moved[v] = static_cast<int32_t>(chained.vertices.size());
      Vertex fresh;
      fresh.chain = vertex.chain;
      fresh.parallelism = vertex.parallelism;
      for (int32_t old : vertex.in) {
        Edge edge = graph_.edges[static_cast<size_t>(old)];
        edge.from = moved[static_cast<size_t>(edge.from)];
        edge.to = moved[v];
        auto id = static_cast<int32_t>(chained.edges.size());
        chained.vertices[static_cast<size_t>(edge.from)].out.push_back(id);
        fresh.in.push_back(id);
        chained.edges.push_back(std::move(edge));
      }
      chained.vertices.push_back(std::move(fresh));
    }
    graph_ = std::move(chained);
  }

  int32_t parallelism_;
  const ReaderLimits& limits_;
  JobGraph graph_;
  std::map<const PhysicalNode*, int32_t> vertex_of_;
};

}  // namespace

JobGraph BuildJobGraph(const plan::PhysicalPlan& plan, int32_t parallelism, const ReaderLimits& limits) {
  GraphBuilder builder(parallelism, limits);
  for (const plan::PhysicalPtr& sink : plan.sinks) builder.AddNode(sink.get());
  return builder.Finish();
}

}  // namespace millrace::runtime
