// The physical values that columns hold.
#pragma once

#include <compare>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace millrace {

using int128_t = __int128;
using uint128_t = unsigned __int128;

// TIMESTAMP and TIMESTAMP_LTZ of every precision: milliseconds since 1970-01-01 00:00:00 (local or UTC) and the
// nanoseconds within that millisecond, 0 to 999,999. Like Flink's TimestampData it may carry more digits than its type
// shows.
struct Timestamp {
  int64_t millis = 0;
  int32_t nanos = 0;
  int32_t padding = 0;  // always 0, so that equal values have equal bytes

  auto operator<=>(const Timestamp& other) const {
    if (auto order = millis <=> other.millis; order != 0) return order;
    return nanos <=> other.nanos;
  }
  bool operator==(const Timestamp& other) const { return millis == other.millis && nanos == other.nanos; }
};
static_assert(sizeof(Timestamp) == 16);

// A text or byte string of 16 bytes: up to 12 bytes inline, else 4 bytes of prefix and a pointer into a buffer that the
// column keeps alive. Compares by bytes, which for UTF-8 is the order of Flink's strings.
class StringRef {
 public:
  static constexpr uint32_t kInlineBytes = 12;

  StringRef() : size_(0) { std::memset(inline_, 0, kInlineBytes); }
  // A long `text` must outlive the StringRef.
  explicit StringRef(std::string_view text) : size_(static_cast<uint32_t>(text.size())) {
    if (text.size() <= kInlineBytes) {
      std::memset(inline_, 0, kInlineBytes);
      std::memcpy(inline_, text.data(), text.size());
    } else {
      std::memcpy(inline_, text.data(), 4);
      const char* data = text.data();
      std::memcpy(inline_ + 4, &data, sizeof(data));
    }
  }

  uint32_t size() const { return size_; }
  bool IsInline() const { return size_ <= kInlineBytes; }
  const char* data() const {
    if (IsInline()) return inline_;
    const char* data;
    std::memcpy(&data, inline_ + 4, sizeof(data));
    return data;
  }
  // Valid as long as this StringRef and its buffer are.
  std::string_view view() const { return {data(), size_}; }

  bool operator==(const StringRef& other) const {
    if (std::memcmp(this, &other, 8) != 0) return false;  // size and prefix
    if (IsInline()) return std::memcmp(inline_ + 4, other.inline_ + 4, 8) == 0;
    return std::memcmp(data(), other.data(), size_) == 0;
  }
  std::strong_ordering operator<=>(const StringRef& other) const { return view().compare(other.view()) <=> 0; }

 private:
  uint32_t size_;
  char inline_[kInlineBytes];
};
static_assert(sizeof(StringRef) == 16);

// A run of elements of a list column's children.
struct ListRef {
  int32_t offset = 0;
  int32_t length = 0;
};

enum class RowKind : uint8_t { kInsert = 0, kUpdateBefore = 1, kUpdateAfter = 2, kDelete = 3 };

// "+I", "-U", "+U", "-D".
std::string_view RowKindText(RowKind kind);
// +I and +U add a row, -U and -D take one away.
inline bool IsAddition(RowKind kind) { return kind == RowKind::kInsert || kind == RowKind::kUpdateAfter; }

}  // namespace millrace
