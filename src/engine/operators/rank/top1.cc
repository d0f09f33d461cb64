#include "engine/operators/rank/top1.h"

#include "engine/operators/row_comparator.h"
#include "engine/operators/row_per_key/row_per_key.h"

namespace millrace::operators {
namespace {

class Top1 : public RowPerKey {
 public:
  Top1(const plan::RankSpec& spec, std::vector<DataType> types)
      : RowPerKey(std::move(types), spec.partition_keys, true, spec.output_rank_number, spec.ttl_ms),
        emit_update_before_(spec.emit_update_before),
        order_(&layout(), spec.sort_keys) {}

 protected:
  Status HandleRow(const Row& row, Entry& entry) override {
    if (!IsAddition(row.kind)) return Status::Ok();
    if (!entry.there()) {
      Send(RowKind::kInsert, row);
      return Store(entry, row, 0);
    }
    if (order_.Compare(row.packed, entry.row) >= 0) return Status::Ok();
    if (emit_update_before_) SendStored(RowKind::kUpdateBefore, entry.row);
    Send(RowKind::kUpdateAfter, row);
    return Store(entry, row, 0);
  }

 private:
  bool emit_update_before_;
  RowComparator order_;
};

}  // namespace

std::unique_ptr<Operator> MakeTop1(const plan::RankSpec& spec, std::vector<DataType> types) {
  return std::make_unique<Top1>(spec, std::move(types));
}

}  // namespace millrace::operators
