// Nexmark's events by its rules: people, auctions and bids, in a proportion, with hot sellers, auctions and bidders.
// Private to this folder. Event n is a function of the seed and n alone, so that any split of the numbers gives the
// same events.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"

namespace millrace::connectors::nexmark {

struct GeneratorOptions {
  uint64_t seed = 1;
  int64_t base_time_millis = 1'704'067'200'000;  // 2024-01-01T00:00:00Z
  int64_t events_per_second = 10'000;            // of event time
  int64_t person_proportion = 1;
  int64_t auction_proportion = 3;
  int64_t bid_proportion = 46;
  int64_t person_bytes = 200;
  int64_t auction_bytes = 500;
  int64_t bid_bytes = 100;
  int64_t hot_auction_ratio = 2;
  int64_t hot_bidder_ratio = 4;
  int64_t hot_seller_ratio = 4;
};

struct Person {
  int64_t id;
  std::string name, email, credit_card;
  std::string_view city, state, extra;
  int64_t time_millis;
};
struct Auction {
  int64_t id;
  std::string item_name, description;
  int64_t initial_bid, reserve, time_millis, expires_millis, seller, category;
  std::string_view extra;
};
struct Bid {
  int64_t auction, bidder, price;
  std::string_view channel, url, extra;
  int64_t time_millis;
};
enum class EventKind : uint8_t { kPerson = 0, kAuction = 1, kBid = 2 };

class EventGenerator {
 public:
  explicit EventGenerator(const GeneratorOptions& options);

  // Makes event `number` (from 0); the one of person(), auction(), bid() that it is holds it until the next call.
  EventKind Make(int64_t number);
  const Person& person() const { return person_; }
  const Auction& auction() const { return auction_; }
  const Bid& bid() const { return bid_; }

 private:
  int64_t TimeOf(int64_t number) const;
  int64_t LastPerson(int64_t event) const;
  int64_t LastAuction(int64_t event) const;
  int64_t NextPerson(int64_t event, Random& random) const;
  int64_t NextAuction(int64_t event, Random& random) const;
  std::string_view Text(size_t length, Random& random) const;
  std::string_view Extra(int64_t current_bytes, int64_t average_bytes, Random& random) const;
  void MakePerson(int64_t number, Random& random);
  void MakeAuction(int64_t number, Random& random);
  void MakeBid(int64_t number, Random& random);
  void MakeChannels();

  GeneratorOptions options_;
  int64_t total_proportion_;
  std::string pool_;  // random letters
  std::vector<std::string> channels_;
  std::vector<std::string> urls_;
  std::vector<std::string> hot_urls_;
  Person person_{};
  Auction auction_{};
  Bid bid_{};
};

}  // namespace millrace::connectors::nexmark
