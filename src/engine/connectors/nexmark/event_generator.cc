#include "engine/connectors/nexmark/event_generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace millrace::connectors::nexmark {
namespace {

constexpr int64_t kFirstId = 1000;
constexpr int64_t kFirstCategory = 10;
constexpr int64_t kCategories = 5;
constexpr int64_t kIdLead = 10;
constexpr int64_t kHotBlock = 100;
constexpr int64_t kActivePeople = 1000;
constexpr int64_t kInFlightAuctions = 100;
constexpr int64_t kChannels = 10'000;
constexpr std::array<std::string_view, 4> kHotChannels{"Google", "Facebook", "Baidu", "Apple"};
constexpr std::array<std::string_view, 6> kStates{"AZ", "CA", "ID", "OR", "WA", "WY"};
constexpr std::array<std::string_view, 10> kCities{"Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland",
                                                   "Bend",    "Redmond",     "Seattle",       "Kent",  "Cheyenne"};
constexpr std::array<std::string_view, 11> kFirstNames{"Peter", "Paul",  "Luke",  "John",   "Saul",  "Vicky",
                                                       "Kate",  "Julie", "Sarah", "Deiter", "Walter"};
constexpr std::array<std::string_view, 9> kLastNames{"Shultz", "Abrams", "Spencer", "White", "Bartels",
                                                     "Walton", "Smith",  "Jones",   "Noris"};

int64_t Below(Random& random, int64_t bound) {
  return static_cast<int64_t>(random.Below(static_cast<uint64_t>(bound)));
}

template <size_t kCount>
std::string_view Pick(Random& random, const std::array<std::string_view, kCount>& names) {
  return names[random.Below(kCount)];
}

int64_t Price(Random& random) { return std::llround(std::pow(10.0, random.Unit() * 6.0) * 100.0); }

// Random words of letters with a few separators.
std::string Word(Random& random, int64_t max_length, char separator) {
  constexpr int64_t kMinLength = 3;
  int64_t length = kMinLength + Below(random, max_length - kMinLength);
  std::string text;
  for (int64_t i = 0; i < length; ++i) {
    text += Below(random, 13) == 0 ? separator : static_cast<char>('a' + Below(random, 26));
  }
  size_t begin = text.find_first_not_of(' ');
  size_t end = text.find_last_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

std::string Url(Random& random) {
  return fmt::format("https://www.nexmark.com/{}/{}/{}/item.htm?query=1", Word(random, 5, '_'), Word(random, 5, '_'),
                     Word(random, 5, '_'));
}

uint32_t ReverseBits(uint32_t x) {
  uint32_t out = 0;
  for (int i = 0; i < 32; ++i) out = (out << 1) | ((x >> i) & 1);
  return out;
}

}  // namespace

EventGenerator::EventGenerator(const GeneratorOptions& options)
    : options_(options),
      total_proportion_(options.person_proportion + options.auction_proportion + options.bid_proportion) {
  Random random(options.seed ^ 0x706F6F6CULL);
  constexpr size_t kPoolBytes = 1 << 16;
  for (size_t i = 0; i < kPoolBytes; ++i) pool_ += static_cast<char>('a' + Below(random, 26));
  MakeChannels();
}

void EventGenerator::MakeChannels() {
  Random random(options_.seed ^ 0x75726CULL);
  for (size_t i = 0; i < kHotChannels.size(); ++i) hot_urls_.push_back(Url(random));
  for (int64_t k = 0; k < kChannels; ++k) {
    channels_.push_back(fmt::format("channel-{}", k));
    std::string url = Url(random);
    if (Below(random, 10) > 0) {
      auto reversed = static_cast<int32_t>(ReverseBits(static_cast<uint32_t>(k)));
      url += fmt::format("&channel_id={}", reversed == INT32_MIN ? static_cast<int64_t>(reversed) : std::abs(reversed));
    }
    urls_.push_back(std::move(url));
  }
}

int64_t EventGenerator::TimeOf(int64_t number) const {
  return options_.base_time_millis +
         static_cast<int64_t>(static_cast<double>(number) *
                              (1'000'000.0 / static_cast<double>(options_.events_per_second))) /
             1000;
}

int64_t EventGenerator::LastPerson(int64_t event) const {
  int64_t epoch = event / total_proportion_;
  int64_t offset = std::min(event % total_proportion_, options_.person_proportion - 1);
  return epoch * options_.person_proportion + offset;
}

int64_t EventGenerator::LastAuction(int64_t event) const {
  int64_t epoch = event / total_proportion_;
  int64_t offset = event % total_proportion_;
  if (offset < options_.person_proportion) {
    --epoch;
    offset = options_.auction_proportion - 1;
  } else if (offset < options_.person_proportion + options_.auction_proportion) {
    offset -= options_.person_proportion;
  } else {
    offset = options_.auction_proportion - 1;
  }
  return epoch * options_.auction_proportion + offset;
}

int64_t EventGenerator::NextPerson(int64_t event, Random& random) const {
  int64_t people = LastPerson(event) + 1;
  int64_t active = std::min(people, kActivePeople);
  return people - active + Below(random, active + kIdLead);
}

int64_t EventGenerator::NextAuction(int64_t event, Random& random) const {
  int64_t last = LastAuction(event);
  int64_t least = std::max<int64_t>(last - kInFlightAuctions, 0);
  return least + Below(random, last - least + 1 + kIdLead);
}

std::string_view EventGenerator::Text(size_t length, Random& random) const {
  length = std::min(length, pool_.size() / 2);
  size_t start = random.Below(pool_.size() - length);
  return std::string_view(pool_).substr(start, length);
}

std::string_view EventGenerator::Extra(int64_t current_bytes, int64_t average_bytes, Random& random) const {
  if (current_bytes > average_bytes) return {};
  int64_t wanted = average_bytes - current_bytes;
  int64_t spread = std::llround(static_cast<double>(wanted) * 0.2);
  int64_t size = wanted - spread + (spread == 0 ? 0 : Below(random, 2 * spread));
  return Text(static_cast<size_t>(size), random);
}

void EventGenerator::MakePerson(int64_t number, Random& random) {
  person_.id = LastPerson(number) + kFirstId;
  person_.name.assign(Pick(random, kFirstNames)).append(" ").append(Pick(random, kLastNames));
  person_.email = fmt::format("{}@{}.com", Text(3 + random.Below(4), random), Text(3 + random.Below(2), random));
  person_.credit_card = fmt::format("{:04} {:04} {:04} {:04}", Below(random, 10000), Below(random, 10000),
                                    Below(random, 10000), Below(random, 10000));
  person_.city = Pick(random, kCities);
  person_.state = Pick(random, kStates);
  person_.time_millis = TimeOf(number);
  auto size = static_cast<int64_t>(8 + person_.name.size() + person_.email.size() + person_.credit_card.size() +
                                   person_.city.size() + person_.state.size());
  person_.extra = Extra(size, options_.person_bytes, random);
}

void EventGenerator::MakeAuction(int64_t number, Random& random) {
  auction_.id = LastAuction(number) + kFirstId;
  bool hot = Below(random, options_.hot_seller_ratio) > 0;
  auction_.seller = (hot ? LastPerson(number) / kHotBlock * kHotBlock : NextPerson(number, random)) + kFirstId;
  auction_.category = kFirstCategory + Below(random, kCategories);
  auction_.initial_bid = Price(random);
  auction_.item_name.assign(Text(3 + random.Below(17), random));
  auction_.description.assign(Text(3 + random.Below(97), random));
  auction_.reserve = auction_.initial_bid + Price(random);
  auction_.time_millis = TimeOf(number);
  int64_t horizon =
      TimeOf(number + kInFlightAuctions * total_proportion_ / options_.auction_proportion) - auction_.time_millis;
  auction_.expires_millis = auction_.time_millis + 1 + Below(random, std::max<int64_t>(horizon * 2, 1));
  auto size = static_cast<int64_t>(8 + auction_.item_name.size() + auction_.description.size() + 8 * 5);
  auction_.extra = Extra(size, options_.auction_bytes, random);
}

void EventGenerator::MakeBid(int64_t number, Random& random) {
  bool hot_auction = Below(random, options_.hot_auction_ratio) > 0;
  bid_.auction = (hot_auction ? LastAuction(number) / kHotBlock * kHotBlock : NextAuction(number, random)) + kFirstId;
  bool hot_bidder = Below(random, options_.hot_bidder_ratio) > 0;
  // The first person's id is added twice, as in Nexmark itself.
  bid_.bidder =
      (hot_bidder ? LastPerson(number) / kHotBlock * kHotBlock + 1 : NextPerson(number, random)) + 2 * kFirstId;
  bid_.price = Price(random);
  if (Below(random, 2) > 0) {
    size_t channel = random.Below(kHotChannels.size());
    bid_.channel = kHotChannels[channel];
    bid_.url = hot_urls_[channel];
  } else {
    size_t channel = random.Below(kChannels);
    bid_.channel = channels_[channel];
    bid_.url = urls_[channel];
  }
  bid_.time_millis = TimeOf(number);
  bid_.extra = Extra(32, options_.bid_bytes, random);
}

EventKind EventGenerator::Make(int64_t number) {
  Random random(options_.seed * 0x9E3779B97F4A7C15ULL + static_cast<uint64_t>(number) * 0xD1B54A32D192ED03ULL);
  int64_t place = number % total_proportion_;
  if (place < options_.person_proportion) {
    MakePerson(number, random);
    return EventKind::kPerson;
  }
  if (place < options_.person_proportion + options_.auction_proportion) {
    MakeAuction(number, random);
    return EventKind::kAuction;
  }
  MakeBid(number, random);
  return EventKind::kBid;
}

}  // namespace millrace::connectors::nexmark
