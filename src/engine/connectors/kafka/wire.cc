// Kafka's encoding of fields.
#include "engine/connectors/kafka/wire.h"

#include <limits>

namespace millrace::connectors::kafka {

WireWriter& WireWriter::Number(int64_t value, int size) {
  for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) {
    bytes_ += static_cast<char>((static_cast<uint64_t>(value) >> shift) & 0xFF);
  }
  return *this;
}

WireWriter& WireWriter::String(std::string_view text) {
  text = text.substr(0, std::numeric_limits<int16_t>::max());
  Int16(static_cast<int16_t>(text.size()));
  bytes_ += text;
  return *this;
}

WireWriter& WireWriter::Bytes(std::string_view bytes) {
  Int32(static_cast<int32_t>(bytes.size()));
  bytes_ += bytes;
  return *this;
}

std::string_view WireReader::Take(int64_t size) {
  if (!ok_ || size < 0 || size > static_cast<int64_t>(rest_.size())) {
    ok_ = false;
    return {};
  }
  std::string_view taken = rest_.substr(0, static_cast<size_t>(size));
  rest_.remove_prefix(taken.size());
  return taken;
}

int64_t WireReader::Number(int size) {
  std::string_view bytes = Take(size);
  if (bytes.empty()) return 0;
  uint64_t value = (static_cast<unsigned char>(bytes[0]) & 0x80) != 0 ? ~uint64_t{0} : 0;
  for (char byte : bytes) value = (value << 8) | static_cast<unsigned char>(byte);
  return static_cast<int64_t>(value);
}

std::optional<std::string> WireReader::NullableString() {
  int16_t size = Int16();
  if (size == -1) return std::nullopt;
  return std::string(Take(size));
}

std::string WireReader::Bytes() {
  int32_t size = Int32();
  return size == -1 ? std::string() : std::string(Take(size));
}

int32_t WireReader::Count() {
  int32_t count = Int32();
  if (count == -1) return 0;
  if (count < 0 || count > static_cast<int64_t>(rest_.size())) {
    ok_ = false;
    return 0;
  }
  return count;
}

}  // namespace millrace::connectors::kafka
