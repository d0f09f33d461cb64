// IntervalJoin: rows of two insert-only streams whose times lie close together, left.time in [right.time + lower,
// right.time + upper], both inclusive. Inner and outer; the output is insert-only.
//
// A row is joined with the rows that the other side holds at that moment, late ones too, and is kept as long as a
// partner that is not late may come: while the operator's time (watermark, at least 0, or the wall clock) is below its
// time plus the bound. A row of an outer side that has had no partner goes out padded with NULLs when it leaves, or at
// once when it is not kept. Rows leave when a row of the other side with their key comes by, or by a timer per key and
// side. The watermark that goes on is behind by the larger bound, because rows that wait are that old.
//
// Rows whose key is NULL find no partner but are padded. With lower above upper nothing matches and nothing waits.
//
// State: "keys", key → order of arrival, both timers, whether it is NULL; "left" and "right", key → time, whether it
// had a partner, packed row, in order; "watermark".
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "engine/operators/interval_join/interval_rows.h"
#include "engine/operators/join/join_condition.h"
#include "engine/operators/join/joined_rows.h"
#include "engine/operators/operator.h"
#include "engine/state/key_encoder.h"
#include "engine/state/keyed_table.h"

namespace millrace::operators {

class IntervalJoin : public Operator {
 public:
  IntervalJoin(const plan::IntervalJoinSpec& spec, const plan::PhysicalNode& node);

  Status Open(const OperatorContext& context) override;
  Result<Progress> Process(int32_t input, const Chunk& chunk, Output& output) override;
  Result<Progress> OnWatermark(int64_t watermark, Output& output) override;
  int64_t WatermarkDelay() const override;
  int64_t NextProcessingTime() const override;
  Result<Progress> OnProcessingTime(int64_t now_millis, Output& output) override;
  Status Snapshot(state::SnapshotWriter& writer) override;
  Status Restore(state::SnapshotReader& reader) override;
  OperatorMetrics Metrics() const override;

 private:
  // Of a join key.
  struct Key {
    IntervalRows sides[2];  // left, right
    int64_t order;          // of the key's first row
    int64_t null_key;       // some column is NULL and compared by "="
  };
  // The chunk at hand.
  struct Work {
    bool active = false;
    size_t side = 0;
    int32_t next_row = 0;  // live rows before it are done
    int64_t operator_time = 0;
    std::vector<uint8_t*> slots;
    std::vector<int64_t> times;
    state::RowBatch packed;
  };
  static Key* KeyOf(uint8_t* slot) { return reinterpret_cast<Key*>(slot); }
  static const Key* KeyOf(const uint8_t* slot) { return reinterpret_cast<const Key*>(slot); }

  // How far the partners of a row of `side` may lie behind it, and how long it waits for them.
  int64_t Back(size_t side) const { return side == 0 ? spec_.upper_ms : -spec_.lower_ms; }
  int64_t Ahead(size_t side) const { return side == 0 ? -spec_.lower_ms : spec_.upper_ms; }
  // Rows of the side up to this time are too old.
  int64_t Expiration(size_t side, int64_t operator_time) const {
    return operator_time == INT64_MAX ? INT64_MAX : operator_time - Ahead(side) - 1;
  }
  bool never() const { return spec_.lower_ms > spec_.upper_ms; }
  const state::KeyEncoder& encoder(size_t side) const { return side == 0 ? left_encoder_ : right_encoder_; }
  RowPart& out(size_t side) { return side == 0 ? joined_.left() : joined_.right(); }
  RowPart& tested(size_t side) { return side == 0 ? condition_.left() : condition_.right(); }

  Status Begin(size_t side, const Chunk& chunk);
  Status FindSlots(const Chunk& chunk, RowSet rows);
  // Fills candidates_ for rows from work_.next_row on; gives the row after the last.
  Result<int32_t> CollectCandidates(RowSet rows);
  Status ApplyCondition(RowSet rows, int32_t first_row);
  Status ProcessRow(RowSet rows, int32_t i, size_t first, size_t last);
  Status Keep(uint8_t* slot, int32_t i, bool matched);
  void PadIncoming(int32_t row);
  void PadExpired(size_t side, const IntervalRow* row);
  void EraseIfUnused(uint8_t* slot);
  void FreeSpent();
  void End();

  void SetTimer(uint8_t* slot, size_t side, int64_t time);
  Result<Progress> Advance(int64_t now, Output& output);
  void Fire(uint8_t* slot, int64_t timer, int64_t now);
  void DropExpired(uint8_t* slot, size_t side, int64_t now);

  Status SnapshotRows(size_t side, state::SnapshotWriter& writer) const;
  Status RestoreRows(size_t side, state::SnapshotReader& reader);

  plan::IntervalJoinSpec spec_;
  bool outer_[2];
  OperatorContext context_;
  state::KeyEncoder left_encoder_;
  state::KeyEncoder right_encoder_;
  JoinCondition condition_;
  JoinedRows joined_;
  std::unique_ptr<state::KeyedTable> table_;
  std::unique_ptr<state::BlobHeap> heap_;
  std::map<int64_t, std::vector<uint8_t*>> timers_;
  int64_t next_order_ = 0;
  int64_t progress_ = INT64_MIN;
  int64_t rows_ = 0;

  Work work_;
  state::KeyBatch keys_;
  std::vector<int32_t> groups_;
  std::vector<int32_t> created_;
  std::vector<IntervalRow*> candidates_;
  std::vector<size_t> candidate_ends_;   // of the rows of the window
  std::vector<int32_t> candidate_rows_;  // with a condition: the window's row of each candidate
  std::vector<IntervalRow*> expired_;    // that the rows of the window drive out
  std::vector<size_t> expired_ends_;
  std::vector<IntervalRow*> spent_;  // freed when all is sent
};

}  // namespace millrace::operators
