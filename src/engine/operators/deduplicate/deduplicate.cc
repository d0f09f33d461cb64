// Deduplicate: ROW_NUMBER() = 1 by a time attribute: one row per key.
//
// By row time, keep first: a row replaces the one there if its time is earlier; keep last: if its time is not earlier.
// By processing time, keep first: the first row goes out and nothing after it; keep last: each row replaces the one
// before, unless it is equal to it (and there is no TTL). A replacement goes out as -U (if wanted) and +U; the first
// row of a key as +I, or as +U when neither +I nor -U are wanted. In batch mode the remaining row of each key goes out
// at the end, of equal times the first.
#include <memory>
#include <optional>

#include "engine/operators/factories.h"
#include "engine/operators/row_per_key/row_per_key.h"

namespace millrace::operators {
namespace {

class Deduplicate : public RowPerKey {
 public:
  // Rows are kept only where an old row is needed again.
  Deduplicate(const plan::DeduplicateSpec& spec, std::vector<DataType> types)
      : RowPerKey(std::move(types), spec.keys, KeepsRows(spec), false, spec.ttl_ms), spec_(spec) {}

 protected:
  void BeginChunk(const Chunk& chunk) override {
    if (spec_.time_column >= 0) times_.emplace(*chunk.columns[static_cast<size_t>(spec_.time_column)]);
  }

  Status HandleRow(const Row& row, Entry& entry) override {
    if (spec_.time_column < 0) return spec_.keep_last ? KeepLast(row, entry) : KeepFirst(row, entry);
    if (times_->IsNull(row.position)) {
      return UserError("deduplicate.null_rowtime", "RowTime field should not be null", "filter such rows out");
    }
    int64_t time = (*times_)[row.position].millis;
    if (entry.there()) {
      bool replaces = !spec_.keep_last ? time < entry.time : context().batch ? time > entry.time : time >= entry.time;
      if (!replaces) return Status::Ok();
    }
    SendReplacement(row, entry);
    return Store(entry, row, time);
  }

 private:
  static bool KeepsRows(const plan::DeduplicateSpec& spec) {
    bool proctime_last = spec.time_column < 0 && spec.keep_last;
    return spec.time_column >= 0 ? spec.emit_update_before
                                 : proctime_last && (spec.emit_update_before || spec.emit_insert);
  }

  void SendReplacement(const Row& row, const Entry& entry) {
    if (!entry.there()) {
      Send(spec_.emit_update_before || spec_.emit_insert ? RowKind::kInsert : RowKind::kUpdateAfter, row);
      return;
    }
    if (spec_.emit_update_before) SendStored(RowKind::kUpdateBefore, entry.row);
    Send(RowKind::kUpdateAfter, row);
  }

  Status KeepFirst(const Row& row, Entry& entry) {
    if (entry.there()) return Status::Ok();
    Send(RowKind::kInsert, row);
    return Store(entry, row, 0);
  }

  Status KeepLast(const Row& row, Entry& entry) {
    if (keeps_rows() && entry.there() && !ttl() && state::PackedBytes(entry.row) == state::PackedBytes(row.packed)) {
      return Status::Ok();
    }
    SendReplacement(row, entry);
    return Store(entry, row, 0);
  }

  plan::DeduplicateSpec spec_;
  std::optional<ColumnReader<Timestamp>> times_;
};

}  // namespace

OperatorResult Make(const plan::DeduplicateSpec& spec, const plan::PhysicalNode& node) {
  return {std::make_unique<Deduplicate>(spec, InputTypes(node))};
}

}  // namespace millrace::operators
