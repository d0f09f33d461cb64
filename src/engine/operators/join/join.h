// Join: regular streaming joins, inner, outer, semi and anti, over inputs that may change; Flink's changelog row by
// row.
//
// Each side keeps its rows by join key (JoinSide). A row is joined with the rows that the other side has at that
// moment. Inner joins pass on the kind of the row. Outer joins send +I and -D only: a row of an outer side without a
// partner goes out padded with NULLs, and is taken back when the first partner comes; so do anti joins. Rows of the
// other side count their partners for that. Rows whose key is NULL (and not compared by IS NOT DISTINCT FROM) find no
// partner and are not kept.
//
// In batch mode only final rows go out: unmatched rows wait for the end of the input.
//
// A chunk is worked off in windows: so many rows that their candidates make about one chunk of pairs, which the
// condition is evaluated over at once. When the output has no credit the operator stops between windows, or inside the
// rows of one.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/operators/join/join_condition.h"
#include "engine/operators/join/join_side.h"
#include "engine/operators/join/joined_rows.h"
#include "engine/operators/operator.h"

namespace millrace::operators {

class Join : public Operator {
 public:
  Join(const plan::JoinSpec& spec, const plan::PhysicalNode& node);

  Status Open(const OperatorContext& context) override;
  Result<Progress> Process(int32_t input, const Chunk& chunk, Output& output) override;
  Result<Progress> Finish(Output& output) override;
  Status Snapshot(state::SnapshotWriter& writer) override;
  Status Restore(state::SnapshotReader& reader) override;
  OperatorMetrics Metrics() const override;

 private:
  // The chunk at hand.
  struct Work {
    bool active = false;
    bool from_left = true;
    int32_t next_row = 0;               // live rows before it are done
    std::vector<uint8_t> has_key;       // by live row
    std::vector<uint8_t*> own_slots;    // null without a key
    std::vector<uint8_t*> other_slots;  // null: no partner
    state::RowBatch packed;
  };

  Status Begin(bool from_left, const Chunk& chunk);
  Status FindSlots(const Chunk& chunk, RowSet rows);
  void CollectKeyed(const Chunk& chunk, RowSet rows, const std::vector<int32_t>& keys);
  // Fills matches_ for rows from work_.next_row on; gives the row after the last.
  Result<int32_t> MatchWindow(RowSet rows);
  Status ApplyCondition(RowSet rows, int32_t first_row);
  void ProcessRow(const Chunk& chunk, RowSet rows, int32_t i, std::span<JoinRecord* const> matches);
  void ProcessSemiLeft(RowKind kind, int32_t row, bool has_key, bool matched);
  void ProcessSemiRight(RowKind kind, std::span<JoinRecord* const> matches);
  void ProcessOuterOrInner(RowKind kind, int32_t row, bool has_key, std::span<JoinRecord* const> matches);
  void SendBeforeAdd(std::span<JoinRecord* const> matches);
  void SendAfterRetract(std::span<JoinRecord* const> matches);
  Status UpdateOwn(RowKind kind, int32_t i, size_t matches);
  void End();
  void AddPair(RowKind kind, int32_t row, const uint8_t* other);
  void AddPaddedOther(RowKind kind, const JoinRecord* other);

  JoinSide& own() { return work_.from_left ? left_ : right_; }
  JoinSide& other() { return work_.from_left ? right_ : left_; }
  bool OwnIsOuter() const { return work_.from_left ? left_outer_ : right_outer_; }
  bool OtherIsOuter() const { return work_.from_left ? right_outer_ : left_outer_; }
  bool Counts(bool left) const { return left ? left_counts_ : right_counts_; }

  plan::JoinSpec spec_;
  OperatorContext context_;
  bool semi_or_anti_;
  bool left_outer_;
  bool right_outer_;
  bool left_counts_;  // rows of the left side count their partners
  bool right_counts_;
  JoinSide left_;
  JoinSide right_;
  JoinCondition condition_;
  JoinedRows joined_;

  Work work_;
  state::KeyBatch keys_;
  std::vector<int32_t> groups_;
  std::vector<int32_t> keyed_rows_;
  std::vector<uint8_t*> found_;
  std::vector<JoinRecord*> matches_;
  std::vector<size_t> match_ends_;   // of the rows of the window
  std::vector<int32_t> match_rows_;  // with a condition: the window's row of each match
  int32_t finishing_ = 0;            // side at which Finish is
  state::TableCursor finish_cursor_;
};

}  // namespace millrace::operators
