// Numbers and texts as Kafka's protocol writes them: big-endian, lengths in front.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace::connectors::kafka {

// Appends fields to a text of bytes.
class WireWriter {
 public:
  WireWriter& Int8(int8_t value) { return Number(value, 1); }
  WireWriter& Int16(int16_t value) { return Number(value, 2); }
  WireWriter& Int32(int32_t value) { return Number(value, 4); }
  WireWriter& Int64(int64_t value) { return Number(value, 8); }
  WireWriter& Bool(bool value) { return Number(value ? 1 : 0, 1); }
  // Up to 32767 bytes; what is longer is cut off.
  WireWriter& String(std::string_view text);
  WireWriter& NoString() { return Int16(-1); }
  WireWriter& Bytes(std::string_view bytes);
  const std::string& bytes() const { return bytes_; }

 private:
  WireWriter& Number(int64_t value, int size);

  std::string bytes_;
};

// Reads fields one by one. Behind the end, and where a length is impossible, everything is 0 or empty and ok() false.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}
  int8_t Int8() { return static_cast<int8_t>(Number(1)); }
  int16_t Int16() { return static_cast<int16_t>(Number(2)); }
  int32_t Int32() { return static_cast<int32_t>(Number(4)); }
  int64_t Int64() { return Number(8); }
  bool Bool() { return Number(1) != 0; }
  std::string String() { return NullableString().value_or(""); }
  std::optional<std::string> NullableString();
  std::string Bytes();
  // How many elements follow: each has at least one byte, so more than there are bytes cannot be. -1 (none) is 0.
  int32_t Count();
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  int64_t Number(int size);
  std::string_view Take(int64_t size);

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace millrace::connectors::kafka
