// What becomes of rows before they are written: NOT NULL columns, and the length of texts and bytes. The rows of a
// SELECT also lose what TIMESTAMP(3) and less has beyond milliseconds, as on Flink's way to its client.
//
// A NULL in a NOT NULL column fails the job, or with table.exec.sink.not-null-enforcer = DROP leaves the row out. With
// table.exec.sink.type-length-enforcer = TRIM_PAD texts and bytes that are too long are cut, CHAR is padded with blanks
// and BINARY with zeros. Lengths of texts are code points.
#pragma once

#include <vector>

#include "base/memory_pool.h"
#include "base/result.h"
#include "engine/plan/physical.h"
#include "types/chunk.h"

namespace millrace::operators {

// Of one sink node, which outlives it. Has no state.
class SinkConstraints {
 public:
  explicit SinkConstraints(const plan::PhysicalNode& node);

  // Applies them to a chunk. Fails with code "sink.not_null".
  Status Apply(Chunk& chunk, MemoryPool* pool) const;

 private:
  Status EnforceNotNull(Chunk& chunk) const;
  static ColumnPtr InMillis(const ColumnPtr& column, MemoryPool* pool);
  ColumnPtr WithLength(size_t column, const Chunk& chunk, MemoryPool* pool) const;

  const plan::SinkSpec& spec_;
  const Schema& schema_;
  std::vector<size_t> limited_;  // columns with a length
  std::vector<size_t> millis_;   // timestamps to cut
};

}  // namespace millrace::operators
