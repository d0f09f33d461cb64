// MIN and MAX with retraction: a slot owns an ordered multiset of its values. A value may be taken away before it came;
// its count is negative until it comes.
#include <bit>
#include <cmath>
#include <cstring>
#include <map>
#include <string>

#include "engine/functions/aggregate/min_max.h"
#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"

namespace millrace::functions {
namespace {

// Java's order of doubles: NaN is greatest and equals itself, -0.0 is below 0.0.
struct DoubleLess {
  bool operator()(double a, double b) const {
    if (a < b) return true;
    if (a > b) return false;
    if (std::isnan(a) || std::isnan(b)) return !std::isnan(a) && std::isnan(b);
    return std::bit_cast<int64_t>(a) < std::bit_cast<int64_t>(b);
  }
};

// How the values of a column are kept: integers of all widths as int64_t, floats as double.
template <typename In>
struct Kept {
  using Type = int64_t;
  using Less = std::less<>;
  static int64_t FromColumn(In value) { return static_cast<int64_t>(value); }
  static void Append(int64_t value, ColumnBuilder& out) { out.Append(static_cast<In>(value)); }
};
template <>
struct Kept<float> {
  using Type = double;
  using Less = DoubleLess;
  static double FromColumn(float value) { return value; }
  static void Append(double value, ColumnBuilder& out) { out.Append(static_cast<float>(value)); }
};
template <>
struct Kept<double> {
  using Type = double;
  using Less = DoubleLess;
  static double FromColumn(double value) { return value; }
  static void Append(double value, ColumnBuilder& out) { out.Append(value); }
};
template <>
struct Kept<int128_t> {
  using Type = int128_t;
  using Less = std::less<>;
  static int128_t FromColumn(int128_t value) { return value; }
  static void Append(int128_t value, ColumnBuilder& out) { out.Append(value); }
};
template <>
struct Kept<Timestamp> {
  using Type = Timestamp;
  using Less = std::less<>;
  static Timestamp FromColumn(Timestamp value) { return value; }
  static void Append(Timestamp value, ColumnBuilder& out) { out.Append(value); }
};
template <>
struct Kept<StringRef> {
  using Type = std::string;
  using Less = std::less<>;
  static std::string_view FromColumn(const StringRef& value) { return value.view(); }
  static void Append(const std::string& value, ColumnBuilder& out) { out.AppendString(value); }
};

template <typename T, typename Less>
struct ValueCounts {
  std::map<T, int64_t, Less> counts;
  int64_t positive = 0;  // keys whose count is above 0
  int64_t charged = 0;
};

template <typename T>
int64_t EntryBytes(const T& value) {
  constexpr int64_t kNodeBytes = 48;
  if constexpr (std::is_same_v<T, std::string>) return kNodeBytes + 32 + static_cast<int64_t>(value.capacity());
  return kNodeBytes + static_cast<int64_t>(sizeof(T));
}

template <typename In>
class RetractableBestAggregator : public Aggregator {
 public:
  using T = typename Kept<In>::Type;
  using Counts = ValueCounts<T, typename Kept<In>::Less>;
  struct Slot {
    Counts* counts;
  };

  RetractableBestAggregator(bool max, MemoryPool* pool) : max_(max), pool_(pool) {}

  int32_t slot_bytes() const override { return sizeof(Slot); }
  void Init(uint8_t* slot) const override { reinterpret_cast<Slot*>(slot)->counts = nullptr; }
  void Destroy(uint8_t* slot) const override {
    auto* owner = reinterpret_cast<Slot*>(slot);
    if (owner->counts != nullptr) pool_->Charge(-owner->counts->charged);
    delete owner->counts;
    owner->counts = nullptr;
  }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    FoldValues<Slot, In>(
        slots, offset, rows, *args[0], kinds,
        [this](Slot& slot, const In& value) { Add(slot, Kept<In>::FromColumn(value), 1); },
        [this](Slot& slot, const In& value) { Add(slot, Kept<In>::FromColumn(value), -1); });
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    const auto* source = reinterpret_cast<const Slot*>(from);
    if (source->counts == nullptr) return Status::Ok();
    for (const auto& [value, count] : source->counts->counts) Add(*reinterpret_cast<Slot*>(to), value, count);
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) {
      const Counts* counts = SlotAt<Slot>(slots, offset, i).counts;
      if (counts == nullptr || counts->positive == 0) {
        out.AppendNull();
      } else if (max_) {
        AppendFirst(counts->counts.rbegin(), out);
      } else {
        AppendFirst(counts->counts.begin(), out);
      }
    }
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    const Counts* counts = reinterpret_cast<const Slot*>(slot)->counts;
    PutVarint(out, counts == nullptr ? 0 : counts->counts.size());
    if (counts == nullptr) return;
    for (const auto& [value, count] : counts->counts) {
      if constexpr (std::is_same_v<T, std::string>) {
        PutBytes(out, value);
      } else {
        PutFixed(out, value);
      }
      PutFixed(out, count);
    }
  }

  Status Load(uint8_t* slot, std::string_view record) const override {
    RecordReader in(record);
    for (uint64_t left = in.Varint(); left > 0 && !in.failed(); --left) {
      T value{};
      if constexpr (std::is_same_v<T, std::string>) {
        value = in.Bytes();
      } else {
        value = in.Fixed<T>();
      }
      auto count = in.Fixed<int64_t>();
      if (!in.failed()) Add(*reinterpret_cast<Slot*>(slot), value, count);
    }
    return in.Finish();
  }

 private:
  // `key` is a T, or a view of one.
  template <typename Key>
  void Add(Slot& slot, const Key& key, int64_t added) const {
    if (slot.counts == nullptr) {
      slot.counts = new Counts();
      slot.counts->charged = sizeof(Counts);
      pool_->Charge(sizeof(Counts));
    }
    Counts& all = *slot.counts;
    auto place = all.counts.find(key);
    if (place == all.counts.end()) {
      place = all.counts.emplace(T(key), 0).first;
      Charge(all, EntryBytes(place->first));
    }
    int64_t before = place->second;
    place->second += added;
    all.positive += (place->second > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
    if (place->second == 0) {
      Charge(all, -EntryBytes(place->first));
      all.counts.erase(place);
    }
  }

  void Charge(Counts& counts, int64_t bytes) const {
    counts.charged += bytes;
    pool_->Charge(bytes);
  }

  template <typename Iterator>
  static void AppendFirst(Iterator from, ColumnBuilder& out) {
    while (from->second <= 0) ++from;  // there is one, because `positive` is not 0
    Kept<In>::Append(from->first, out);
  }

  bool max_;
  MemoryPool* pool_;
};

}  // namespace

std::unique_ptr<Aggregator> MakeRetractableBest(const DataType& type, bool max, MemoryPool* pool) {
  switch (type.physical()) {
    case PhysicalKind::kBool:
      return std::make_unique<RetractableBestAggregator<uint8_t>>(max, pool);
    case PhysicalKind::kInt8:
      return std::make_unique<RetractableBestAggregator<int8_t>>(max, pool);
    case PhysicalKind::kInt16:
      return std::make_unique<RetractableBestAggregator<int16_t>>(max, pool);
    case PhysicalKind::kInt32:
      return std::make_unique<RetractableBestAggregator<int32_t>>(max, pool);
    case PhysicalKind::kInt64:
      return std::make_unique<RetractableBestAggregator<int64_t>>(max, pool);
    case PhysicalKind::kFloat:
      return std::make_unique<RetractableBestAggregator<float>>(max, pool);
    case PhysicalKind::kDouble:
      return std::make_unique<RetractableBestAggregator<double>>(max, pool);
    case PhysicalKind::kInt128:
      return std::make_unique<RetractableBestAggregator<int128_t>>(max, pool);
    case PhysicalKind::kTimestamp:
      return std::make_unique<RetractableBestAggregator<Timestamp>>(max, pool);
    case PhysicalKind::kString:
      return std::make_unique<RetractableBestAggregator<StringRef>>(max, pool);
    case PhysicalKind::kNone:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return nullptr;  // refused by infer
  }
  return nullptr;
}

}  // namespace millrace::functions
