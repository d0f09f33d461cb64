// The upsert materializer, which stands before a sink with a primary key when changes of a key may arrive out of order:
// it keeps all rows of a key and always shows the one that came last.
//
// A key's first row goes out as +I, every further one as +U. A row that is taken away is the first one equal to it, by
// the input's upsert key if it has one (a row with an equal upsert key is then replaced where it stands), else as a
// whole. Taking away the last row of the list brings the one before it as +U; the only one gives -D; any other,
// nothing.
//
// State "values": key → time of the last write, packed row, in order.
#include <algorithm>
#include <cstring>
#include <memory>
#include <numeric>

#include "engine/operators/factories.h"
#include "engine/operators/row_output.h"
#include "engine/operators/sink/sink_constraints.h"
#include "engine/state/blob_heap.h"
#include "engine/state/key_encoder.h"
#include "engine/state/keyed_table.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

class UpsertMaterializer : public Operator {
 public:
  UpsertMaterializer(const plan::SinkSpec& spec, const plan::PhysicalNode& node)
      : spec_(spec),
        constraints_(node),
        encoder_(spec.upsert_materialize_key, TypesAt(InputTypes(node), spec.upsert_materialize_key)),
        output_(InputTypes(node), false),
        identity_(spec.input_upsert_key) {
    if (!identity_.empty()) return;
    identity_.resize(output_.layout().types().size());
    std::iota(identity_.begin(), identity_.end(), 0);
  }

  Status Open(const OperatorContext& context) override {
    context_ = context;
    output_.Open(context.pool, context.chunk_rows);
    table_ = std::make_unique<state::KeyedTable>(encoder_.shape(), static_cast<int32_t>(sizeof(Values)),
                                                 context.key_groups, context.pool);
    heap_ = std::make_unique<state::BlobHeap>(context.pool);
    return Status::Ok();
  }

  Result<Progress> Process(int32_t, const Chunk& chunk, Output& output) override {
    if (!processing_) {
      chunk_ = chunk;
      MR_RETURN_IF_ERROR(constraints_.Apply(chunk_, context_.pool));
      MR_RETURN_IF_ERROR(Apply());
      processing_ = true;
    }
    do {
      Progress sent = output_.Send(true, output);
      if (sent == Progress::kMore && !output_.empty()) return sent;
    } while (!output_.empty());
    for (Row* row : spent_) Free(row);
    spent_.clear();
    output_.Use(nullptr);
    chunk_ = {};
    processing_ = false;
    return Progress::kDone;
  }

  Status Snapshot(state::SnapshotWriter& writer) override {
    MR_RETURN_IF_ERROR(writer.BeginState("values", 1));
    auto save = [this, key = std::string(), value = std::string()](const uint8_t* slot,
                                                                   state::StateRecords& records) mutable {
      key.clear();
      table_->AppendKeyOf(slot, key);
      const auto* values = reinterpret_cast<const Values*>(slot);
      for (const Row* row = values->head; row != nullptr; row = row->next) {
        value.clear();
        state::PutFixed(values->touched, value);
        value.append(state::PackedBytes(row->packed()));
        records.AddKeyed(table_->KeyGroupOf(slot), key, value);
      }
    };
    return writer.Entries(*table_, state::SnapshotWriter::SaveTime::kInUse, std::move(save));
  }

  Status Restore(state::SnapshotReader& reader) override {
    return reader.ForEach("values", [this](const state::SnapshotRecord& record) -> Status {
      std::string_view in = record.value;
      int64_t touched = 0;
      if (!state::TakeFixed(in, &touched) || !output_.layout().IsPlausible(in)) {
        return state::CorruptRecord("a row of an upsert materializer is damaged");
      }
      MR_ASSIGN(state::KeyView key, state::ParseKey(table_->shape(), record.key));
      MR_ASSIGN(uint8_t * slot, table_->FindOrInsert(key, record.key_group, nullptr));
      ValuesOf(slot).touched = touched;
      const auto* packed = reinterpret_cast<const uint8_t*>(in.data());
      MR_ASSIGN(Row * row, NewRow(packed, output_.layout().HashFields(packed, identity_)));
      InsertBefore(ValuesOf(slot), nullptr, row);
      return Status::Ok();
    });
  }

  OperatorMetrics Metrics() const override {
    return {0, table_ ? table_->reserved_bytes() + heap_->reserved_bytes() : 0, table_ ? table_->size() : 0};
  }

 private:
  // The packed row follows.
  struct Row {
    Row* previous;
    Row* next;
    uint64_t hash;  // of what identifies it
    uint64_t unused;
    const uint8_t* packed() const { return reinterpret_cast<const uint8_t*>(this + 1); }
  };
  struct Values {
    Row* head;
    Row* tail;
    int64_t touched;  // wall clock of the last write, for TTL
    int64_t unused;
  };
  static Values& ValuesOf(uint8_t* slot) { return *reinterpret_cast<Values*>(slot); }

  Status Apply() {
    RowSet rows = chunk_.rows();
    output_.Use(&chunk_);
    if (rows.count() == 0) return Status::Ok();
    encoder_.Encode(chunk_.columns, rows, keys_);
    state::KeyGroupsOfHashes(keys_.hashes, context_.max_parallelism, groups_);
    slots_.resize(static_cast<size_t>(rows.count()));
    MR_RETURN_IF_ERROR(table_->FindOrInsert(keys_, groups_.data(), slots_.data(), nullptr));
    output_.layout().Encode(chunk_.columns, rows, packed_);
    now_ = context_.clock->NowMillis();
    for (int32_t i = 0; i < rows.count(); ++i) {
      Values& values = ValuesOf(slots_[static_cast<size_t>(i)]);
      if (spec_.ttl_ms > 0 && values.touched + spec_.ttl_ms <= now_) {
        while (values.head != nullptr) Unlink(values, values.head);
      }
      if (IsAddition(chunk_.kind(rows[i]))) {
        MR_RETURN_IF_ERROR(Add(values, packed_.row(i), rows[i]));
      } else {
        Retract(values, packed_.row(i), rows[i]);
      }
    }
    std::sort(slots_.begin(), slots_.end());
    slots_.erase(std::unique(slots_.begin(), slots_.end()), slots_.end());
    for (uint8_t* slot : slots_) {
      if (ValuesOf(slot).head == nullptr) table_->Erase(slot);
    }
    return Status::Ok();
  }

  Status Add(Values& values, const uint8_t* packed, int32_t position) {
    RowKind kind = values.head == nullptr ? RowKind::kInsert : RowKind::kUpdateAfter;
    uint64_t hash = output_.layout().HashFields(packed, identity_);
    MR_ASSIGN(Row * row, NewRow(packed, hash));
    Row* old = spec_.input_upsert_key.empty() ? nullptr : Find(values, packed, hash);
    InsertBefore(values, old, row);
    if (old != nullptr) Unlink(values, old);
    values.touched = now_;
    output_.Add(kind, row->packed(), position);
    return Status::Ok();
  }

  void Retract(Values& values, const uint8_t* packed, int32_t position) {
    Row* row = Find(values, packed, output_.layout().HashFields(packed, identity_));
    if (row == nullptr) return;
    bool last = row == values.tail;
    Unlink(values, row);
    values.touched = now_;
    if (values.head == nullptr) {
      output_.Add(RowKind::kDelete, packed, position);
    } else if (last) {
      output_.Add(RowKind::kUpdateAfter, values.tail->packed(), -1);
    }
  }

  Row* Find(const Values& values, const uint8_t* packed, uint64_t hash) const {
    for (Row* row = values.head; row != nullptr; row = row->next) {
      if (row->hash == hash && output_.layout().FieldsEqual(row->packed(), packed, identity_)) return row;
    }
    return nullptr;
  }

  Result<Row*> NewRow(const uint8_t* packed, uint64_t hash) {
    uint32_t bytes = state::PackedSize(packed);
    MR_ASSIGN(uint8_t * blob, heap_->Allocate(sizeof(Row) + bytes));
    auto* row = reinterpret_cast<Row*>(blob);
    *row = {nullptr, nullptr, hash, 0};
    std::memcpy(blob + sizeof(Row), packed, bytes);
    return row;
  }
  void Free(Row* row) { heap_->Free(reinterpret_cast<uint8_t*>(row), sizeof(Row) + state::PackedSize(row->packed())); }
  // Null: at the end.
  static void InsertBefore(Values& values, Row* place, Row* row) {
    row->next = place;
    row->previous = place == nullptr ? values.tail : place->previous;
    (row->previous == nullptr ? values.head : row->previous->next) = row;
    (place == nullptr ? values.tail : place->previous) = row;
  }
  // Takes a row out of the list; it stays in memory until the chunk's output is sent.
  void Unlink(Values& values, Row* row) {
    (row->previous == nullptr ? values.head : row->previous->next) = row->next;
    (row->next == nullptr ? values.tail : row->next->previous) = row->previous;
    spent_.push_back(row);
  }

  plan::SinkSpec spec_;
  SinkConstraints constraints_;
  OperatorContext context_;
  state::KeyEncoder encoder_;
  RowOutput output_;
  std::vector<int32_t> identity_;  // columns by which a row finds its like
  std::unique_ptr<state::KeyedTable> table_;
  std::unique_ptr<state::BlobHeap> heap_;
  bool processing_ = false;  // the chunk at hand is worked in
  Chunk chunk_;
  int64_t now_ = 0;
  std::vector<Row*> spent_;

  state::KeyBatch keys_;
  std::vector<int32_t> groups_;
  std::vector<uint8_t*> slots_;
  state::RowBatch packed_;
};

}  // namespace

// Of a sink with upsert_materialize_key; what writes into the connector is the runtime's.
OperatorResult Make(const plan::SinkSpec& spec, const plan::PhysicalNode& node) {
  return {std::make_unique<UpsertMaterializer>(spec, node)};
}

}  // namespace millrace::operators
