// ChangelogNormalize: makes a complete changelog of an upsert stream. The first row of a key goes out as +I, a later
// one as -U (with all columns, if wanted) and +U unless it is equal to the one there (and there is no TTL). A removal,
// whatever columns it has, goes out as -D of the row that is there; of a key that is not there nothing does.
#include <memory>

#include "engine/operators/factories.h"
#include "engine/operators/row_per_key/row_per_key.h"

namespace millrace::operators {
namespace {

class ChangelogNormalize : public RowPerKey {
 public:
  ChangelogNormalize(const plan::ChangelogNormalizeSpec& spec, std::vector<DataType> types)
      : RowPerKey(std::move(types), spec.unique_key, true, false, spec.ttl_ms), spec_(spec) {}

 protected:
  Status HandleRow(const Row& row, Entry& entry) override {
    if (!IsAddition(row.kind)) {
      if (!entry.there()) return Status::Ok();
      SendStored(RowKind::kDelete, entry.row);
      Remove(entry);
      return Status::Ok();
    }
    if (!entry.there()) {
      Send(RowKind::kInsert, row);
    } else if (!ttl() && state::PackedBytes(entry.row) == state::PackedBytes(row.packed)) {
      return Status::Ok();
    } else {
      if (spec_.emit_update_before) SendStored(RowKind::kUpdateBefore, entry.row);
      Send(RowKind::kUpdateAfter, row);
    }
    return Store(entry, row, 0);
  }

 private:
  plan::ChangelogNormalizeSpec spec_;
};

}  // namespace

OperatorResult Make(const plan::ChangelogNormalizeSpec& spec, const plan::PhysicalNode& node) {
  return {std::make_unique<ChangelogNormalize>(spec, InputTypes(node))};
}

}  // namespace millrace::operators
