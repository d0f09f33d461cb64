#include "engine/formats/json/map_order.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace millrace::formats::json {
namespace {

constexpr uint32_t kSeed = 42;

uint32_t MixKey(uint32_t key) { return std::rotl(key * 0xCC9E2D51U, 15) * 0x1B873593U; }
uint32_t MixHash(uint32_t hash, uint32_t key) { return std::rotl(hash ^ key, 13) * 5 + 0xE6546B64U; }

// Flink's hash of a text: 32-bit Murmur3 over its bytes, the last ones mixed in one by one with their sign.
uint32_t HashOf(std::string_view text) {
  uint32_t hash = kSeed;
  size_t aligned = text.size() / 4 * 4;
  for (size_t i = 0; i < aligned; i += 4) {
    uint32_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof(word));
    hash = MixHash(hash, MixKey(word));
  }
  for (size_t i = aligned; i < text.size(); ++i) {
    hash = MixHash(hash, MixKey(static_cast<uint32_t>(static_cast<int32_t>(static_cast<signed char>(text[i])))));
  }
  hash ^= static_cast<uint32_t>(text.size());
  hash = (hash ^ (hash >> 16)) * 0x85EBCA6BU;
  hash = (hash ^ (hash >> 13)) * 0xC2B2AE35U;
  return hash ^ (hash >> 16);
}

}  // namespace

void OrderAsHashMap(Value::List* items) {
  size_t count = items->size() / 2;
  if (count < 2) return;
  size_t buckets = 16;
  while (count > buckets / 4 * 3) buckets *= 2;
  std::vector<std::pair<size_t, size_t>>
      order;  // bucket, position: entries of one bucket stay in the order in which they came
  order.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    uint32_t hash = HashOf((*items)[i * 2].AsString());
    order.emplace_back((hash ^ (hash >> 16)) & (buckets - 1), i);
  }
  std::sort(order.begin(), order.end());
  Value::List ordered;
  ordered.reserve(items->size());
  for (auto [bucket, position] : order) {
    ordered.push_back(std::move((*items)[position * 2]));
    ordered.push_back(std::move((*items)[position * 2 + 1]));
  }
  *items = std::move(ordered);
}

}  // namespace millrace::formats::json
