// Sources that treat what they find later otherwise than what is there at the start.
#pragma once

namespace millrace::connectors {

// Implemented by a TableSource beside it.
class DiscoveringSource {
 public:
  virtual ~DiscoveringSource() = default;
  // Before the first EnumerateSplits of a job that goes on from a checkpoint: its start was in an earlier life, so
  // splits that the checkpoint does not know have appeared since.
  virtual void GoOn() = 0;
};

}  // namespace millrace::connectors
