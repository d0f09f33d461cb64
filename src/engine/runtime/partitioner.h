// Where a task's rows go: one Partitioner per outgoing edge.
#pragma once

#include <vector>

#include "engine/plan/physical.h"
#include "engine/runtime/channel.h"

namespace millrace::runtime {

// Sends rows into the channels of one edge. Marks of a chunk reach every channel at the right place between the rows;
// so do watermarks, barriers, idleness and the end. Used by one task.
class Partitioner {
 public:
  struct Options {
    plan::Distribution distribution = plan::Distribution::kForward;
    std::vector<int32_t> hash_keys;
    int32_t max_parallelism = 128;
    int32_t subtask = 0;
    MemoryPool* pool = MemoryPool::Process();
  };
  Partitioner(Options options, std::vector<Channel*> channels)
      : options_(std::move(options)), channels_(std::move(channels)) {}

  void Send(const Chunk& chunk);
  void SendToAll(const StreamElement& element);
  bool HasRoom() const;

 private:
  void SendHashed(const Chunk& chunk);

  Options options_;
  std::vector<Channel*> channels_;
  std::vector<int32_t> groups_;  // scratch
  size_t next_ = 0;              // round robin
};

}  // namespace millrace::runtime
