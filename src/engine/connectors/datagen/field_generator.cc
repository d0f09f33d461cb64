#include "engine/connectors/datagen/field_generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cfloat>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "types/date_time.h"
#include "types/decimal.h"

namespace millrace::connectors::datagen {
namespace {

constexpr int32_t kTextLengthDefault = 100;
constexpr int32_t kCollectionLengthDefault = 3;

// Uniform in [low, high], whatever the distance.
int64_t Between(Random& random, int64_t low, int64_t high) {
  uint64_t width = static_cast<uint64_t>(high) - static_cast<uint64_t>(low) + 1;
  uint64_t step = width == 0 ? random.Next() : random.Below(width);
  return static_cast<int64_t>(static_cast<uint64_t>(low) + step);
}

double Between(Random& random, double low, double high) {
  double unit = random.Unit();
  return low * (1 - unit) + high * unit;  // no overflow for any pair of limits
}

void AppendInteger(PhysicalKind physical, int64_t value, ColumnBuilder& out) {
  switch (PhysicalWidth(physical)) {
    case 1:
      return out.Append(static_cast<int8_t>(value));
    case 2:
      return out.Append(static_cast<int16_t>(value));
    case 4:
      return out.Append(static_cast<int32_t>(value));
    default:
      return out.Append(value);
  }
}

class NullableGenerator final : public FieldGenerator {
 public:
  NullableGenerator(FieldGeneratorPtr inner, double null_rate) : inner_(std::move(inner)), null_rate_(null_rate) {}
  void Append(Random& random, int64_t row, ColumnBuilder& out) const override {
    if (random.Unit() < null_rate_) return out.AppendNull();
    inner_->Append(random, row, out);
  }

 private:
  FieldGeneratorPtr inner_;
  double null_rate_;
};

class IntegerGenerator final : public FieldGenerator {
 public:
  IntegerGenerator(PhysicalKind physical, int64_t low, int64_t high) : physical_(physical), low_(low), high_(high) {}
  void Append(Random& random, int64_t row, ColumnBuilder& out) const override {
    static_cast<void>(row);
    AppendInteger(physical_, Between(random, low_, high_), out);
  }

 private:
  PhysicalKind physical_;
  int64_t low_;
  int64_t high_;
};

class FloatingGenerator final : public FieldGenerator {
 public:
  FloatingGenerator(const DataType& type, double low, double high) : type_(type), low_(low), high_(high) {
    if (!type.Is(TypeKind::kDecimal)) return;
    double largest = std::pow(10.0, type.precision() - type.scale()) - std::pow(10.0, -type.scale());
    low_ = std::max(low_, -largest);
    high_ = std::min(high_, largest);
  }
  void Append(Random& random, int64_t row, ColumnBuilder& out) const override {
    static_cast<void>(row);
    double value = Between(random, low_, high_);
    if (type_.Is(TypeKind::kFloat)) return out.Append(static_cast<float>(value));
    if (type_.Is(TypeKind::kDouble)) return out.Append(value);
    std::optional<int128_t> decimal = DecimalFromDouble(value, type_.precision(), type_.scale());
    if (!decimal) return out.AppendNull();
    out.Append(*decimal);
  }

 private:
  DataType type_;
  double low_;
  double high_;
};

class BooleanGenerator final : public FieldGenerator {
 public:
  void Append(Random& random, int64_t row, ColumnBuilder& out) const override {
    static_cast<void>(row);
    out.Append(static_cast<uint8_t>(random.Next() & 1));
  }
};

// Hexadecimal digits, or bytes.
class TextGenerator final : public FieldGenerator {
 public:
  TextGenerator(bool bytes, int32_t length, bool var_length)
      : bytes_(bytes), length_(length), var_length_(var_length) {}
  void Append(Random& random, int64_t row, ColumnBuilder& out) const override {
    static_cast<void>(row);
    constexpr std::string_view kDigits = "0123456789abcdef";
    auto length = static_cast<size_t>(var_length_ ? Between(random, int64_t{1}, int64_t{length_}) : length_);
    std::string text(length, '\0');
    uint64_t word = 0;
    size_t bits = 0;
    size_t step = bytes_ ? 8 : 4;
    for (char& c : text) {
      if (bits == 0) {
        word = random.Next();
        bits = 64;
      }
      c = bytes_ ? static_cast<char>(word & 0xFF) : kDigits[word & 0xF];
      word >>= step;
      bits -= step;
    }
    out.AppendString(text);
  }

 private:
  bool bytes_;
  int32_t length_;
  bool var_length_;
};

// Now, or up to `past_millis` ago.
class TimestampGenerator final : public FieldGenerator {
 public:
  TimestampGenerator(const Clock* clock, int64_t past_millis) : clock_(clock), past_millis_(past_millis) {}
  void Append(Random& random, int64_t row, ColumnBuilder& out) const override {
    static_cast<void>(row);
    int64_t ago = past_millis_ > 0 ? Between(random, int64_t{0}, past_millis_ - 1) : 0;
    out.Append(Timestamp{clock_->NowMillis() - ago, 0, 0});
  }

 private:
  const Clock* clock_;
  int64_t past_millis_;
};

// Today, or the time of day.
class TodayGenerator final : public FieldGenerator {
 public:
  TodayGenerator(const Clock* clock, bool date) : clock_(clock), date_(date) {}
  void Append(Random& random, int64_t row, ColumnBuilder& out) const override {
    static_cast<void>(random), static_cast<void>(row);
    int64_t now = clock_->NowMillis();
    out.Append(static_cast<int32_t>(date_ ? FloorDiv(now, kMillisPerDay) : FloorMod(now, kMillisPerDay)));
  }

 private:
  const Clock* clock_;
  bool date_;
};

class RowGenerator final : public FieldGenerator {
 public:
  explicit RowGenerator(std::vector<FieldGeneratorPtr> fields) : fields_(std::move(fields)) {}
  void Append(Random& random, int64_t row, ColumnBuilder& out) const override {
    for (size_t i = 0; i < fields_.size(); ++i) fields_[i]->Append(random, row, out.child(i));
    out.CloseRow();
  }

 private:
  std::vector<FieldGeneratorPtr> fields_;
};

// Arrays, and maps and multisets of different keys.
class CollectionGenerator final : public FieldGenerator {
 public:
  CollectionGenerator(const DataType& type, FieldGeneratorPtr first, FieldGeneratorPtr second, int32_t length)
      : type_(type), first_(std::move(first)), second_(std::move(second)), length_(length) {}

  void Append(Random& random, int64_t row, ColumnBuilder& out) const override {
    if (second_ == nullptr) {
      for (int32_t i = 0; i < length_; ++i) first_->Append(random, row, out.child(0));
      return out.CloseList(length_);
    }
    DataType key = type_.Is(TypeKind::kMap) ? type_.key() : type_.element();
    ColumnBuilder keys(key, MemoryPool::Process(), std::max(length_, 1));
    for (int32_t i = 0; i < length_; ++i) first_->Append(random, row, keys);
    ColumnPtr made = keys.Finish();
    std::vector<Value> different;
    for (int32_t i = 0; i < length_; ++i) {
      Value value = made->GetValue(i);
      if (std::ranges::find(different, value) == different.end()) different.push_back(std::move(value));
    }
    for (const Value& value : different) {
      out.child(0).AppendValue(value);
      second_->Append(random, row, out.child(1));
    }
    out.CloseList(static_cast<int32_t>(different.size()));
  }

 private:
  DataType type_;
  FieldGeneratorPtr first_;
  FieldGeneratorPtr second_;  // null: an array
  int32_t length_;
};

// start, start + 1, … end: row n of the table has start + n.
class SequenceGenerator final : public FieldGenerator {
 public:
  SequenceGenerator(const DataType& type, int64_t start, int64_t end) : type_(type), start_(start), end_(end) {}
  int64_t rows() const override { return end_ - start_ + 1; }
  void Append(Random& random, int64_t row, ColumnBuilder& out) const override {
    static_cast<void>(random);
    int64_t value = start_ + row;
    if (type_.IsString()) return out.AppendString(std::to_string(value));
    if (type_.Is(TypeKind::kFloat)) return out.Append(static_cast<float>(value));
    if (type_.Is(TypeKind::kDouble)) return out.Append(static_cast<double>(value));
    if (!type_.Is(TypeKind::kDecimal)) return AppendInteger(type_.physical(), value, out);
    std::optional<int128_t> decimal = DecimalFromInt64(value, type_.precision(), type_.scale());
    if (!decimal) return out.AppendNull();
    out.Append(*decimal);
  }

 private:
  DataType type_;
  int64_t start_;
  int64_t end_;
};

// Reads the options of one field.
class FieldOptions {
 public:
  FieldOptions(const std::string& name, const OptionMap& options, std::set<std::string>* used)
      : prefix_("fields." + name + "."), options_(options), used_(used) {}

  std::optional<std::string> Text(std::string_view key) const {
    std::string full = prefix_ + std::string(key);
    auto found = options_.find(full);
    if (found == options_.end()) return std::nullopt;
    used_->insert(full);
    return found->second;
  }
  Error Bad(std::string_view key, const std::string& value, std::string_view expected) const {
    return UserError("option.value", fmt::format("Invalid value for option '{}{}': '{}'", prefix_, key, value),
                     fmt::format("expected {}", expected));
  }
  Result<int64_t> Integer(std::string_view key, int64_t otherwise, int64_t low, int64_t high) const {
    std::optional<std::string> text = Text(key);
    if (!text) return otherwise;
    Result<int64_t> number = ParseLong(*text);
    if (!number.ok() || *number < low || *number > high)
      return Bad(key, *text, fmt::format("an integer from {} to {}", low, high));
    return *number;
  }
  Result<double> Floating(std::string_view key, double otherwise) const {
    std::optional<std::string> text = Text(key);
    if (!text) return otherwise;
    double number = 0;
    auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (code != std::errc() || end != text->data() + text->size()) return Bad(key, *text, "a number");
    return number;
  }
  Result<bool> Flag(std::string_view key) const {
    std::optional<std::string> text = Text(key);
    if (!text) return false;
    return ParseBooleanOption(*text);
  }
  const std::string& prefix() const { return prefix_; }

 private:
  std::string prefix_;
  const OptionMap& options_;
  std::set<std::string>* used_;
};

struct Limits {
  int64_t low;
  int64_t high;
};

// What an integer-like type holds, which are its default limits.
Limits LimitsOf(const DataType& type) {
  if (type.Is(TypeKind::kIntervalYearMonth)) return {0, 120'000};
  switch (PhysicalWidth(type.physical())) {
    case 1:
      return {INT8_MIN, INT8_MAX};
    case 2:
      return {INT16_MIN, INT16_MAX};
    case 4:
      return {INT32_MIN, INT32_MAX};
    default:
      return {INT64_MIN, INT64_MAX};
  }
}

Error Unsupported(const std::string& name, const DataType& type) {
  return UserError("option.value",
                   fmt::format("datagen cannot make values of type {} for the field '{}'", type.ToString(), name));
}

class Maker {
 public:
  Maker(const OptionMap& options, const Clock* clock, std::set<std::string>* used)
      : options_(options), clock_(clock), used_(used) {}

  Result<FieldGeneratorPtr> Make(const std::string& name, const DataType& type) const {
    FieldOptions field(name, options_, used_);
    std::string kind = field.Text("kind").value_or("random");
    if (kind == "sequence") return MakeSequence(name, field, type);
    if (kind != "random") return field.Bad("kind", kind, "random or sequence");
    MR_ASSIGN(double null_rate, field.Floating("null-rate", 0));
    MR_ASSIGN(FieldGeneratorPtr generator, MakeRandom(name, field, type));
    if (null_rate <= 0) return generator;
    return FieldGeneratorPtr(std::make_unique<NullableGenerator>(std::move(generator), null_rate));
  }

 private:
  static Result<FieldGeneratorPtr> MakeSequence(const std::string& name, const FieldOptions& field,
                                                const DataType& type) {
    for (std::string_view key : {"start", "end"}) {
      if (field.Text(key)) continue;
      return UserError("option.missing", fmt::format("Could not find required property '{}{}' for sequence generator.",
                                                     field.prefix(), key));
    }
    if (type.Is(TypeKind::kBoolean)) return FieldGeneratorPtr(std::make_unique<BooleanGenerator>());
    bool possible = type.IsNumeric() || type.IsString();
    if (!possible) return Unsupported(name, type);
    Limits limits = type.IsInteger() ? LimitsOf(type) : Limits{INT64_MIN / 2, INT64_MAX / 2};
    MR_ASSIGN(int64_t start, field.Integer("start", 0, limits.low, limits.high));
    MR_ASSIGN(int64_t end, field.Integer("end", 0, limits.low, limits.high));
    if (end < start) return field.Bad("end", *field.Text("end"), "not less than the start");
    int64_t count = 0;
    if (__builtin_sub_overflow(end, start, &count) || count == INT64_MAX)
      return field.Bad("end", *field.Text("end"), "a shorter sequence");
    return FieldGeneratorPtr(std::make_unique<SequenceGenerator>(type, start, end));
  }

  Result<FieldGeneratorPtr> MakeRandom(const std::string& name, const FieldOptions& field, const DataType& type) const {
    switch (type.kind()) {
      case TypeKind::kBoolean:
        return FieldGeneratorPtr(std::make_unique<BooleanGenerator>());
      case TypeKind::kTinyint:
      case TypeKind::kSmallint:
      case TypeKind::kInt:
      case TypeKind::kBigint:
      case TypeKind::kIntervalYearMonth:
      case TypeKind::kIntervalDayTime: {
        Limits limits = LimitsOf(type);
        MR_ASSIGN(int64_t low, field.Integer("min", limits.low, limits.low, limits.high));
        MR_ASSIGN(int64_t high, field.Integer("max", limits.high, limits.low, limits.high));
        if (high < low) return field.Bad("max", std::to_string(high), "not less than the minimum");
        return FieldGeneratorPtr(std::make_unique<IntegerGenerator>(type.physical(), low, high));
      }
      case TypeKind::kFloat:
      case TypeKind::kDouble:
      case TypeKind::kDecimal: {
        bool narrow = type.Is(TypeKind::kFloat);
        MR_ASSIGN(double low, field.Floating("min", narrow ? FLT_TRUE_MIN : DBL_TRUE_MIN));
        MR_ASSIGN(double high, field.Floating("max", narrow ? FLT_MAX : DBL_MAX));
        if (!(low <= high)) return field.Bad("max", std::to_string(high), "not less than the minimum");
        return FieldGeneratorPtr(std::make_unique<FloatingGenerator>(type, low, high));
      }
      case TypeKind::kChar:
      case TypeKind::kVarchar:
      case TypeKind::kBinary:
      case TypeKind::kVarbinary:
        return MakeText(name, field, type);
      case TypeKind::kTimestamp:
      case TypeKind::kTimestampLtz: {
        std::optional<std::string> text = field.Text("max-past");
        int64_t past = 0;
        if (text) {
          MR_ASSIGN(std::chrono::milliseconds parsed, ParseDuration(*text));
          past = parsed.count();
        }
        return FieldGeneratorPtr(std::make_unique<TimestampGenerator>(clock_, past));
      }
      case TypeKind::kDate:
      case TypeKind::kTime:
        return FieldGeneratorPtr(std::make_unique<TodayGenerator>(clock_, type.Is(TypeKind::kDate)));
      case TypeKind::kArray:
      case TypeKind::kMap:
      case TypeKind::kMultiset:
      case TypeKind::kRow:
        return MakeNested(name, field, type);
      case TypeKind::kNull:
      case TypeKind::kRaw:
      case TypeKind::kDescriptor:
        break;
    }
    return Unsupported(name, type);
  }

  static Result<FieldGeneratorPtr> MakeText(const std::string& name, const FieldOptions& field, const DataType& type) {
    bool fixed = type.Is(TypeKind::kChar) || type.Is(TypeKind::kBinary);
    MR_ASSIGN(bool var_length, field.Flag("var-len"));
    if (fixed && var_length) {
      return UserError("option.value",
                       fmt::format("Only supports specifying 'fields.#.var-len' option for variable-length types "
                                   "(VARCHAR/STRING/VARBINARY/BYTES). The type of field '{}' is not within this range.",
                                   name));
    }
    if (fixed && field.Text("length")) {
      return UserError(
          "option.value",
          fmt::format("Custom length for fixed-length type (CHAR/BINARY) field '{}' is not supported.", name));
    }
    int64_t otherwise = type.length() == DataType::kMaxLength ? kTextLengthDefault : type.length();
    MR_ASSIGN(int64_t length, field.Integer("length", otherwise, 1, type.length()));
    return FieldGeneratorPtr(
        std::make_unique<TextGenerator>(type.IsBinaryString(), static_cast<int32_t>(length), var_length));
  }

  Result<FieldGeneratorPtr> MakeNested(const std::string& name, const FieldOptions& field, const DataType& type) const {
    constexpr int64_t kLengthMax = 1'000'000;
    if (type.Is(TypeKind::kRow)) {
      std::vector<FieldGeneratorPtr> fields;
      for (const Field& nested : type.fields()) {
        MR_ASSIGN(FieldGeneratorPtr generator, Make(name + "." + nested.name, nested.type));
        fields.push_back(std::move(generator));
      }
      return FieldGeneratorPtr(std::make_unique<RowGenerator>(std::move(fields)));
    }
    MR_ASSIGN(int64_t length, field.Integer("length", kCollectionLengthDefault, 0, kLengthMax));
    FieldGeneratorPtr first;
    FieldGeneratorPtr second;
    if (type.Is(TypeKind::kMap)) {
      MR_ASSIGN(first, Make(name + ".key", type.key()));
      MR_ASSIGN(second, Make(name + ".value", type.value()));
    } else {
      MR_ASSIGN(first, Make(name + ".element", type.element()));
      if (type.Is(TypeKind::kMultiset)) second = std::make_unique<IntegerGenerator>(PhysicalKind::kInt32, 0, 10);
    }
    return FieldGeneratorPtr(
        std::make_unique<CollectionGenerator>(type, std::move(first), std::move(second), static_cast<int32_t>(length)));
  }

  const OptionMap& options_;
  const Clock* clock_;
  std::set<std::string>* used_;
};

}  // namespace

Result<FieldGeneratorPtr> MakeFieldGenerator(const std::string& name, const DataType& type, const OptionMap& options,
                                             const Clock* clock, std::set<std::string>* used) {
  return Maker(options, clock, used).Make(name, type);
}

}  // namespace millrace::connectors::datagen
