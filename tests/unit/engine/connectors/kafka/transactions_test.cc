// Exactly-once writing into Kafka: the protocol of the own client, what stands in a checkpoint, and which transactions
// are aborted after a restore. What brokers make of it is shown by tests/crash/crash_kafka.py.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engine/connectors/kafka/broker_settings.h"
#include "engine/connectors/kafka/scram.h"
#include "engine/connectors/kafka/transaction_producers.h"
#include "engine/connectors/kafka/transaction_protocol.h"
#include "engine/connectors/kafka/transaction_token.h"
#include "engine/connectors/kafka/wire.h"

namespace millrace::connectors::kafka {
namespace {

using namespace std::string_literals;

TEST(WireTest, NumbersAreBigEndian) {
  WireWriter writer;
  writer.Int8(-2).Int16(0x1234).Int32(-1).Int64(0x0102030405060708).Bool(true).String("ab").NoString().Bytes("xyz");
  EXPECT_EQ(writer.bytes(),
            "\xFE\x12\x34\xFF\xFF\xFF\xFF\x01\x02\x03\x04\x05\x06\x07\x08\x01\0\x02"
            "ab\xFF\xFF\0\0\0\x03xyz"s);
  WireReader reader(writer.bytes());
  EXPECT_EQ(reader.Int8(), -2);
  EXPECT_EQ(reader.Int16(), 0x1234);
  EXPECT_EQ(reader.Int32(), -1);
  EXPECT_EQ(reader.Int64(), 0x0102030405060708);
  EXPECT_TRUE(reader.Bool());
  EXPECT_EQ(reader.String(), "ab");
  EXPECT_EQ(reader.NullableString(), std::nullopt);
  EXPECT_EQ(reader.Bytes(), "xyz");
  EXPECT_TRUE(reader.ok() && reader.at_end());
}

TEST(WireTest, ImpossibleLengthsAreNoticed) {
  EXPECT_EQ(WireReader("\x7F\xFF\xFF\xFF"s).Count(), 0);
  for (const std::string& bytes : {"\0"s, "\0\x05"s + "ab", "\x80\0"s}) {
    WireReader reader(bytes);
    EXPECT_EQ(reader.String(), "");
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.Int64(), 0);
  }
}

TEST(TransactionProtocolTest, WritesRequests) {
  EXPECT_EQ(EncodeRequest(ApiKey::kEndTxn, 7, "me", EncodeEndTxn("p-0-1", {0x0A0B, 3}, true)),
            "\0\0\0\x1E\0\x1A\0\x01\0\0\0\x07\0\x02me"
            "\0\x05p-0-1\0\0\0\0\0\0\x0A\x0B\0\x03\x01"s);
  EXPECT_EQ(EncodeFindTransactionCoordinator("id"), "\0\x02id\x01"s);
  EXPECT_EQ(EncodeInitProducerId("id", 60'000), "\0\x02id\0\0\xEA\x60"s);
  EXPECT_EQ(EncodeDescribeBrokerConfig(12, "c"),
            "\0\0\0\x01\x04\0\x02"
            "12\0\0\0\x01\0\x01"
            "c\0"s);
}

TEST(TransactionProtocolTest, ReadsAnswers) {
  WireWriter found;
  found.Int32(0).Int16(0).NoString().Int32(3).String("host").Int32(9093);
  auto coordinator = DecodeFindCoordinator(found.bytes());
  ASSERT_TRUE(coordinator.ok());
  EXPECT_EQ(coordinator->node, 3);
  EXPECT_EQ(coordinator->host, "host");
  EXPECT_EQ(coordinator->port, 9093);

  auto made = DecodeInitProducerId("\0\0\0\0\0\0\0\0\0\0\0\0\0\x09\0\x02"s);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->producer, (ProducerIdentity{9, 2}));
  EXPECT_EQ(DecodeEndTxn("\0\0\0\0\0\x5A"s).value(), 90);

  WireWriter config;
  config.Int32(0).Int32(1).Int16(0).NoString().Int8(4).String("1").Int32(2);
  config.String("other").String("5").Bool(false).Int8(1).Bool(false).Int32(1).String("s").NoString().Int8(5);
  config.String("transaction.max.timeout.ms").String("900000").Bool(false).Int8(5).Bool(false).Int32(0);
  EXPECT_EQ(DecodeDescribeConfig(config.bytes(), "transaction.max.timeout.ms").value(), "900000");
  EXPECT_EQ(DecodeDescribeConfig(config.bytes(), "absent").value(), "");
  for (size_t size = 0; size < config.bytes().size(); ++size) {
    EXPECT_FALSE(DecodeDescribeConfig(config.bytes().substr(0, size), "x").ok()) << size;
  }
}

TEST(TransactionProtocolTest, TellsErrorsApart) {
  std::set<int16_t> lost;
  std::set<int16_t> passing;
  for (int16_t error = -1; error < 200; ++error) {
    if (MeansLost(error)) lost.insert(error);
    if (MayPass(error)) passing.insert(error);
  }
  EXPECT_EQ(lost, (std::set<int16_t>{47, 48, 49, 59, 90}));
  EXPECT_EQ(passing, (std::set<int16_t>{7, 8, 13, 14, 15, 16, 51}));
  EXPECT_EQ(BrokerErrorName(90), "PRODUCER_FENCED");
  EXPECT_EQ(BrokerErrorName(1), "error 1");
}

// The exchange of RFC 7677, section 3.
TEST(ScramTest, ProvesThePassword) {
  ScramClient client("SCRAM-SHA-256", "user", "pencil", "rOprNGfwEbeRWgbNEkqO");
  EXPECT_EQ(client.FirstMessage(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
  auto proof =
      client.FinalMessage("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
  ASSERT_TRUE(proof.ok()) << proof.error().message;
  EXPECT_EQ(*proof,
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
  EXPECT_TRUE(client.CheckServer("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=").ok());
  EXPECT_EQ(client.CheckServer("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=").error().code, "kafka.login");
  EXPECT_EQ(client.CheckServer("e=other-error").error().code, "kafka.login");
}

TEST(ScramTest, RefusesForeignChallenges) {
  ScramClient client("SCRAM-SHA-512", "a,b=c", "x", "mine");
  EXPECT_EQ(client.FirstMessage(), "n,,n=a=2Cb=3Dc,r=mine");
  for (const char* challenge : {"", "r=yours1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", "r=mine1,s=!!,i=4096",
                                "r=mine1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1", "r=mine,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"}) {
    EXPECT_FALSE(client.FinalMessage(challenge).ok()) << challenge;
  }
}

TEST(TransactionTokenTest, ComesBackAsItWas) {
  SinkToken token{"pre-fix", 2, 3, 17, {{"pre-fix-2-15", {4711, 0}, "t"}, {"pre-fix-2-16", {4712, 5}, "t"}}};
  std::string bytes = EncodeToken(token);
  auto read = DecodeToken(bytes);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, token);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeToken(bytes.substr(0, size)).error().code, "snapshot.corrupt") << size;
  }
  EXPECT_EQ(DecodeToken(bytes + "x").error().code, "snapshot.corrupt");
  bytes[1] = 9;
  EXPECT_EQ(DecodeToken(bytes).error().code, "snapshot.version");
}

TEST(TransactionProducersTest, FindsItsIdentityInStatistics) {
  EXPECT_EQ(IdentityIn(R"({"client_id":"\"eos\":","eos":{"idemp_state":"Assigned","producer_id":3001,)"
                       R"("producer_epoch":2,"epoch_cnt":0}})"),
            (ProducerIdentity{3001, 2}));
  EXPECT_EQ(IdentityIn(R"({"eos":{"producer_id":-1,"producer_epoch":-1}})"), std::nullopt);
  EXPECT_EQ(IdentityIn(R"({"producer_id":1,"producer_epoch":1})"), std::nullopt);
}

// What a broker knows of ids: their epochs, and which have an open transaction.
struct FakeBroker {
  std::map<std::string, int16_t> epochs;
  std::set<std::string> open;
  int asked = 0;

  Result<int16_t> Init(const std::string& id) {
    ++asked;
    open.erase(id);
    auto [known, is_new] = epochs.emplace(id, int16_t{0});
    if (!is_new) ++known->second;
    return known->second;
  }
  // A start of a job at this parallelism, all of whose subtasks clean up.
  void Start(const std::vector<SinkToken>& tokens, int32_t parallelism, const std::string& prefix = "p") {
    for (int32_t subtask = 0; subtask < parallelism; ++subtask) {
      ASSERT_TRUE(AbortLeftovers(tokens, prefix, subtask, parallelism, [this](const std::string& id) {
                    return Init(id);
                  }).ok());
    }
  }
  void Write(int32_t subtask, int64_t number) {
    std::string id = TransactionalId("p", subtask, number);
    static_cast<void>(Init(id));
    open.insert(id);
  }
};

std::vector<SinkToken> Checkpoint(const std::vector<int64_t>& numbers) {
  std::vector<SinkToken> tokens;
  for (size_t i = 0; i < numbers.size(); ++i) {
    tokens.push_back({"p", static_cast<int32_t>(i), static_cast<int32_t>(numbers.size()), numbers[i], {}});
  }
  return tokens;
}

TEST(AbortLeftoversTest, NothingIsLeftOpenAtAnotherParallelism) {
  FakeBroker broker;
  broker.Start({}, 3);
  broker.Write(0, 1);
  broker.Write(2, 1);
  broker.Write(2, 2);
  broker.Start({}, 1);  // it was killed before its first checkpoint
  EXPECT_TRUE(broker.open.empty());
  EXPECT_EQ(FirstNumber({}), 1);
}

TEST(AbortLeftoversTest, WhatACheckpointNamesIsNotTouched) {
  FakeBroker broker;
  broker.Start({}, 3);
  for (int64_t number = 1; number <= 4; ++number) broker.Write(0, number);  // subtask 1 has no rows
  broker.Write(2, 1);
  broker.open = {"p-0-3", "p-2-1"};  // of the checkpoint, to be committed
  std::vector<SinkToken> tokens = Checkpoint({4, 1, 2});
  EXPECT_EQ(FirstNumber(tokens), 4);
  broker.Write(0, 4);  // after it
  broker.Write(1, 1);
  broker.Write(2, 2);
  broker.Write(2, 3);
  broker.Start(tokens, 2);
  EXPECT_EQ(broker.open, (std::set<std::string>{"p-0-3", "p-2-1"}));
}

TEST(AbortLeftoversTest, StartsThatLeftNoCheckpointAreFoundToo) {
  FakeBroker broker;
  std::vector<SinkToken> tokens = Checkpoint({5, 5});
  broker.Start(tokens, 4);  // more than the checkpoint's two
  broker.Write(3, 5);
  broker.Write(3, 6);
  broker.Write(0, 5);
  broker.Start(tokens, 1);
  EXPECT_TRUE(broker.open.empty());
  broker.Start(tokens, 3);
  broker.Write(2, 5);
  broker.Start(tokens, 2);
  EXPECT_TRUE(broker.open.empty());
}

TEST(AbortLeftoversTest, AnotherPrefixLeavesNothingOpenUnderTheFormer) {
  FakeBroker broker;
  broker.Start({}, 2);
  broker.Write(1, 1);
  broker.Start(Checkpoint({1, 1}), 1, "q");
  EXPECT_TRUE(broker.open.empty());
}

TEST(AbortLeftoversTest, AsksLittleWhenThereIsNothing) {
  FakeBroker broker;
  broker.Start({}, 1);
  EXPECT_LE(broker.asked, 2);
}

TEST(AbortLeftoversTest, ItsFailureIsToldOn) {
  Status status = AbortLeftovers(
      {}, "p", 0, 1, [](const std::string&) -> Result<int16_t> { return ExternalError("kafka.unreachable", "away"); });
  EXPECT_EQ(status.error().code, "kafka.unreachable");
}

TEST(BrokerSettingsTest, ReadsAddressesAndLogins) {
  auto read = ReadBrokerSettings({{"bootstrap.servers", "a:1, [::1]:9093,b"},
                                  {"security.protocol", "sasl_plaintext"},
                                  {"sasl.mechanism", "SCRAM-SHA-512"},
                                  {"sasl.username", "u"},
                                  {"sasl.password", "p"}});
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->bootstrap.size(), 3U);
  EXPECT_EQ(read->bootstrap[0].ToString(), "a:1");
  EXPECT_EQ(read->bootstrap[1].host, "::1");
  EXPECT_EQ(read->bootstrap[2].port, 9092);
  EXPECT_EQ(read->mechanism, "SCRAM-SHA-512");
  EXPECT_EQ(read->tls, nullptr);
  EXPECT_EQ(ReadBrokerSettings({{"bootstrap.servers", "a:0"}}).error().code, "option.value");
  EXPECT_EQ(ReadBrokerSettings({{"bootstrap.servers", "a:1"}, {"security.protocol", "SASL_SSL"}}).error().code,
            "option.value");
  EXPECT_EQ(ReadBrokerSettings(
                {{"bootstrap.servers", "a:1"}, {"security.protocol", "SSL"}, {"ssl.ca.location", "does-not-exist.pem"}})
                .error()
                .code,
            "option.value");
}

}  // namespace
}  // namespace millrace::connectors::kafka
