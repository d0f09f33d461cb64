// Rank: Top-N by ROW_NUMBER() per partition, with Flink's changelog row by row.
//
// How it runs (plan::RankStrategy): over insert-only input only the first N rows are kept; over updates by unique key
// whose sort key only improves also, a row of the same key replaces its former self; over any other changes all rows
// are kept. With the rank number in the output, or with an offset, each row that changes its place goes out as -U of
// what stood there and +U; without it only the rows that come into or leave the Top-N do. Ordered by processing time,
// or by nothing (LIMIT), the first N rows simply pass.
//
// In batch mode the rows go out at the end. A partition lives for a TTL after its last change.
//
// State "rows": partition → end of the ranks, time of the last write, packed row, in order; "counts" when rows only
// pass.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/operators/operator.h"
#include "engine/operators/rank/sorted_rows.h"
#include "engine/operators/row_comparator.h"
#include "engine/operators/row_output.h"
#include "engine/state/blob_heap.h"
#include "engine/state/key_encoder.h"
#include "engine/state/keyed_table.h"

namespace millrace::operators {

class Rank : public Operator {
 public:
  Rank(const plan::RankSpec& spec, std::vector<DataType> types);

  Status Open(const OperatorContext& context) override;
  Result<Progress> Process(int32_t input, const Chunk& chunk, Output& output) override;
  Result<Progress> Finish(Output& output) override;
  Status Snapshot(state::SnapshotWriter& writer) override;
  Status Restore(state::SnapshotReader& reader) override;
  OperatorMetrics Metrics() const override;

 private:
  // The value of a slot.
  struct Partition {
    SortedRows rows;
    int64_t rank_end;  // fixed by its first row when it comes from a column; 0: not yet
    int64_t passed;    // rows that came, when the first N pass
    int64_t touched;   // wall clock of the last write, for TTL
  };
  static uint32_t EndOf(const Partition& partition) {
    return static_cast<uint32_t>(std::clamp<int64_t>(partition.rank_end, 0, UINT32_MAX));
  }
  static Partition* PartitionOf(uint8_t* slot) { return reinterpret_cast<Partition*>(slot); }

  Status Begin(const Chunk& chunk);
  Status FixRankEnd(Partition& partition, const uint8_t* row);
  // Works off row_.
  Status HandleRow(RowKind kind, Partition& partition);
  void PassFirst(Partition& partition);
  Status Insert(Partition& partition);
  Status Update(Partition& partition);
  Status Retract(Partition& partition);
  // Finds a row of the same unique key.
  bool FindByKey(const Partition& partition, const uint8_t* row, uint32_t* rank) const;

  // What goes out when `row` stands at `rank` (from 0) now, and what was there and behind it moved down by one.
  void SendInsertedWithNumber(const Partition& partition, uint32_t rank);
  void SendMovedUp(const Partition& partition, uint32_t from, uint32_t to, const uint8_t* old_row);
  void SendMovedDown(const Partition& partition, uint32_t from, uint32_t to, const uint8_t* old_row);
  void Send(RowKind kind, const uint8_t* row, int64_t rank, int64_t rank_end);
  void TrimToEnd(Partition& partition, bool send);

  Result<uint8_t*> Copy(const uint8_t* row);
  void Discard(uint8_t* row) { garbage_.push_back(row); }
  void FreeGarbage();
  void ClearPartition(Partition& partition);
  bool IsGone(const Partition& partition) const { return partition.rows.size() == 0 && partition.passed == 0; }
  void End();
  void Sweep(int32_t slots);

  plan::RankSpec spec_;
  std::vector<DataType> types_;
  bool with_number_;  // the algorithm that knows each row's rank
  bool first_n_;      // rows only pass
  OperatorContext context_;
  state::KeyEncoder encoder_;
  RowOutput output_;
  RowComparator order_;
  std::unique_ptr<state::KeyedTable> table_;
  std::unique_ptr<state::BlobHeap> heap_;

  bool active_ = false;
  int32_t next_row_ = 0;
  int64_t now_millis_ = 0;
  const uint8_t* row_ = nullptr;  // the row at hand, packed …
  int32_t position_ = 0;          // … and its place in the chunk
  state::KeyBatch keys_;
  std::vector<int32_t> groups_;
  std::vector<uint8_t*> slots_;
  state::RowBatch packed_;
  std::vector<uint8_t*> garbage_;
  std::vector<uint8_t*> maybe_gone_;
  int64_t rows_ = 0;
  state::TableCursor sweep_cursor_;
  state::TableCursor final_cursor_;
};

}  // namespace millrace::operators
