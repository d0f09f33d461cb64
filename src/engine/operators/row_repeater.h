// Operators that send some rows for each row they get: they say which, this cuts them into chunks and stops when there
// is no credit.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/operators/operator.h"
#include "types/chunk.h"

namespace millrace::operators {

// The columns of `chunk` at `rows` (positions, repeats allowed), with the kinds of those rows.
Chunk RepeatRows(const Chunk& chunk, std::span<const int32_t> rows, size_t columns, MemoryPool* pool);

// A base for such operators. Row i (of the live rows) of a chunk gives Times(i) rows.
class RowRepeater : public Operator {
 public:
  Status Open(const OperatorContext& context) override {
    context_ = context;
    return Status::Ok();
  }
  Result<Progress> Process(int32_t input, const Chunk& chunk, Output& output) override;

 protected:
  // Once per chunk, before the others.
  virtual Status BeginChunk(const Chunk& chunk) = 0;
  virtual int64_t Times(const Chunk& chunk, int32_t i) = 0;
  // A chunk of results: result k is repetition times[k] of the live row live[k], which stands at rows[k] of the chunk.
  virtual Result<Chunk> MakeChunk(const Chunk& chunk, std::span<const int32_t> rows, std::span<const int32_t> live,
                                  std::span<const int64_t> times) = 0;
  const OperatorContext& context() const { return context_; }

 private:
  OperatorContext context_;
  bool active_ = false;
  int32_t next_row_ = 0;
  int64_t next_time_ = 0;
  std::vector<int32_t> rows_;
  std::vector<int32_t> live_;
  std::vector<int64_t> times_;
};

}  // namespace millrace::operators
