// The kafka connector against the client library's own mock broker on loopback.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <algorithm>
#include <map>

#include "../connector_fixture.h"
#include "engine/connectors/kafka/kafka_properties.h"
#include "engine/connectors/kafka/transaction_token.h"
#include "engine/connectors/restoring_writer.h"

namespace millrace::connectors {
namespace {

TEST(KafkaPropertiesTest, TranslatesJavaNames) {
  OptionMap options = {
      {"properties.bootstrap.servers", "b:9092"},
      {"properties.fetch.max.wait.ms", "7"},
      {"properties.linger.ms", "5"},
      {"properties.ssl.endpoint.identification.algorithm", ""},
      {"properties.sasl.jaas.config",
       "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"al\\\"ice\" password='w;x';"}};
  auto settings = kafka::TranslateProperties(options, kafka::ClientKind::kConsumer);
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  std::map<std::string, std::string> found(settings->begin(), settings->end());
  EXPECT_EQ(found["fetch.wait.max.ms"], "7");
  EXPECT_FALSE(found.contains("linger.ms")) << "a producer's property";
  EXPECT_EQ(found["ssl.endpoint.identification.algorithm"], "none");
  EXPECT_EQ(found["sasl.username"], "al\"ice");
  EXPECT_EQ(found["sasl.password"], "w;x");
}

TEST(KafkaPropertiesTest, RefusesWhatIsUnknownOrLoadsCode) {
  auto code = [](const std::string& key, const std::string& value) {
    OptionMap options = {{"properties.bootstrap.servers", "b:9092"}, {"properties." + key, value}};
    auto settings = kafka::TranslateProperties(options, kafka::ClientKind::kConsumer);
    return settings.ok() ? std::string()
                         : settings.error().code + ": " + settings.error().message + settings.error().hint;
  };
  EXPECT_NE(code("fetch.min.byte", "1").find("did you mean 'properties.fetch.min.bytes'?"), std::string::npos);
  for (const char* key : {"plugin.library.paths", "interceptor.classes", "sasl.login.callback.handler.class",
                          "sasl.kerberos.kinit.cmd", "value.deserializer"}) {
    EXPECT_NE(code(key, "x").find("would load code"), std::string::npos) << key;
  }
  EXPECT_NE(code("sasl.jaas.config", "com.evil.Module required;").find("option.value"), std::string::npos);
  EXPECT_EQ(code("sasl.jaas.config", "PlainLoginModule required username=\"u\" password=\"secret").find("secret"),
            std::string::npos);
  EXPECT_NE(code("ssl.truststore.location", "/x.jks").find("option.value"), std::string::npos);
  EXPECT_EQ(kafka::TranslateProperties({}, kafka::ClientKind::kProducer).error().code, "option.missing");
}

class KafkaTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char reason[256];
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "0", reason, sizeof(reason));
    host_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
    ASSERT_NE(host_, nullptr) << reason;
    cluster_ = rd_kafka_mock_cluster_new(host_, 1);
    ASSERT_NE(cluster_, nullptr);
    ASSERT_EQ(rd_kafka_mock_topic_create(cluster_, "orders", 2, 1), RD_KAFKA_RESP_ERR_NO_ERROR);
    table_.name = "c.d.t";
    table_.physical = Schema{{{"id", DataType::Int(), ""}, {"name", DataType::String(), ""}}};
    table_.options = {{"connector", "kafka"},
                      {"properties.bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster_)},
                      {"topic", "orders"},
                      {"format", "json"},
                      {"scan.startup.mode", "earliest-offset"},
                      {"scan.bounded.mode", "latest-offset"}};
  }
  void TearDown() override {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(host_);
  }

  std::string Write(const std::vector<ValueRow>& rows) {
    auto sink = FindConnector("kafka").value()->make_sink(table_, ConnectorContext());
    if (!sink.ok()) return sink.error().code;
    auto writer = (*sink)->MakeWriter(ConnectorContext());
    if (!writer.ok()) return writer.error().code;
    Schema schema = table_.physical;
    for (const MetadataColumn& column : table_.metadata) schema.fields.push_back({column.key, column.type, ""});
    Status status = (*writer)->Write(MakeChunk(schema, rows));
    if (!status.ok()) return status.error().code;
    auto token = (*writer)->Prepare(true);
    return token.ok() ? "" : token.error().code;
  }

  // Until `rows` rows or the end of a bounded source have come.
  std::vector<std::string> Read(size_t rows, std::vector<Split>* state = nullptr) {
    std::string error;
    auto source = MakeSource(table_, &error);
    if (source == nullptr) return {"error: " + error};
    std::vector<std::string> texts;
    auto splits = state != nullptr && !state->empty() ? Result<std::vector<Split>>(*state) : source->EnumerateSplits(1);
    if (!splits.ok()) return {"error: " + splits.error().code};
    auto reader = source->MakeReader(ConnectorContext());
    if (!reader.ok()) return {"error: " + reader.error().code};
    for (const Split& split : *splits) EXPECT_TRUE((*reader)->AddSplit(split).ok());
    constexpr int64_t kPatienceNanos = 20'000'000'000;
    int64_t start = Clock::System()->MonotonicNanos();
    while (texts.size() < rows && Clock::System()->MonotonicNanos() - start < kPatienceNanos) {
      auto polled = (*reader)->Poll();
      if (!polled.ok()) {
        texts.push_back("error: " + polled.error().code + ": " + polled.error().message);
        break;
      }
      if (polled->status == PollStatus::kEnd) break;
      if (polled->status != PollStatus::kRows) continue;
      for (std::string& text : RowTexts(polled->chunk)) texts.push_back(std::move(text));
    }
    if (state != nullptr) *state = (*reader)->SnapshotSplits();
    std::ranges::sort(texts);
    return texts;
  }

  rd_kafka_t* host_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
  TableSpec table_;
};

ValueRow Row(int64_t id, const char* name) {
  return {Value::Int(id), name == nullptr ? Value::Null() : Value::String(name)};
}
using Rows = std::vector<std::string>;

TEST_F(KafkaTest, WritesAndReadsRows) {
  table_.options["sink.partitioner"] = "round-robin";
  ASSERT_EQ(Write({Row(1, "a name longer than twelve bytes"), Row(2, nullptr), Row(3, "c")}), "");
  EXPECT_EQ(Read(3), Rows({"+I(1, a name longer than twelve bytes)", "+I(2, NULL)", "+I(3, c)"}));
  auto source = MakeSource(table_);
  EXPECT_TRUE(source->bounded());
  EXPECT_TRUE(source->watermark_per_split());
}

TEST_F(KafkaTest, GoesOnFromASnapshot) {
  table_.options["sink.partitioner"] = "fixed";
  table_.options["scan.bounded.mode"] = "unbounded";
  ASSERT_EQ(Write({Row(1, "a"), Row(2, "b")}), "");
  std::vector<Split> state;
  EXPECT_EQ(Read(2, &state), Rows({"+I(1, a)", "+I(2, b)"}));
  ASSERT_EQ(state.size(), 2U);
  EXPECT_EQ(state[0].id, "orders-0");
  EXPECT_EQ(state[0].state, "2:-1");
  ASSERT_EQ(Write({Row(3, "c")}), "");
  EXPECT_EQ(Read(1, &state), Rows({"+I(3, c)"}));
}

TEST_F(KafkaTest, KeysAndMetadataAreColumns) {
  table_.options.erase("format");
  table_.options["value.format"] = "json";
  table_.options["key.format"] = "json";
  table_.options["key.fields"] = "id";
  table_.options["value.fields-include"] = "EXCEPT_KEY";
  table_.options["sink.partitioner"] = "fixed";
  ASSERT_EQ(Write({Row(1, "a"), Row(2, "b")}), "");
  table_.metadata = {{"offset", DataType::Bigint()}, {"topic", DataType::String()}};
  EXPECT_EQ(Read(2), Rows({"+I(1, a, 0, orders)", "+I(2, b, 1, orders)"}));
}

TEST_F(KafkaTest, ErrorsNamePartitionAndOffset) {
  table_.options["sink.partitioner"] = "fixed";
  ASSERT_EQ(Write({Row(1, "a"), Row(2, "b")}), "");
  table_.physical.fields[1].type = DataType::Int();
  Rows rows = Read(3);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_NE(rows[0].find("format.json.value: orders-0, offset 0: "), std::string::npos) << rows[0];
}

TEST_F(KafkaTest, SpecificOffsetsBoundBothEnds) {
  table_.options["sink.partitioner"] = "fixed";
  ASSERT_EQ(Write({Row(0, "a"), Row(1, "b"), Row(2, "c"), Row(3, "d")}), "");
  table_.options["scan.startup.mode"] = "specific-offsets";
  table_.options["scan.startup.specific-offsets"] = "partition:0,offset:1";
  table_.options["scan.bounded.mode"] = "specific-offsets";
  table_.options["scan.bounded.specific-offsets"] = "partition:0,offset:3;partition:1,offset:0";
  EXPECT_EQ(Read(10), Rows({"+I(1, b)", "+I(2, c)"}));
}

TEST_F(KafkaTest, PatternsFindTopics) {
  table_.options["sink.partitioner"] = "fixed";
  ASSERT_EQ(Write({Row(1, "a")}), "");
  table_.options.erase("topic");
  table_.options["topic-pattern"] = "ord(er|ing)s";
  EXPECT_EQ(Read(1), Rows({"+I(1, a)"}));
  table_.options["topic-pattern"] = "order";
  EXPECT_EQ(Read(1), Rows({"error: kafka.topic"}));
}

TEST_F(KafkaTest, RefusesWhatCannotBeDone) {
  auto code = [this](const std::string& key, const std::string& value) {
    TableSpec table = table_;
    table.options[key] = value;
    auto sink = FindConnector("kafka").value()->make_sink(table, ConnectorContext());
    return sink.ok() ? std::string() : sink.error().code;
  };
  EXPECT_EQ(code("sink.delivery-guarantee", "exactly-twice"), "option.value");
  EXPECT_EQ(code("sink.partitioner", "com.example.Own"), "option.value");
  EXPECT_EQ(code("json.ignore", "true"), "option.unknown");
  EXPECT_EQ(code("topic", "a;b"), "option.value");
  table_.options["scan.startup.mode"] = "earlyest-offset";
  EXPECT_EQ(Read(1), Rows({"error: option.value"}));
  table_.options["scan.startup.mode"] = "group-offsets";
  EXPECT_EQ(Read(1), Rows({"error: option.missing"}));
}

TEST_F(KafkaTest, ExactlyOnceNeedsAPrefixAndATimeoutThatIsOne) {
  auto refusal = [this](const OptionMap& options) {
    TableSpec table = table_;
    for (const auto& [key, value] : options) table.options[key] = value;
    auto sink = FindConnector("kafka").value()->make_sink(table, ConnectorContext());
    return sink.ok() ? std::string() : sink.error().code + ": " + sink.error().message;
  };
  OptionMap options = {{"sink.delivery-guarantee", "exactly-once"}};
  EXPECT_EQ(refusal(options),
            "option.missing: sink.transactional-id-prefix must be specified when using "
            "DeliveryGuarantee.EXACTLY_ONCE.");
  EXPECT_EQ(refusal({{"sink.semantic", "exactly-once"}}), refusal(options));
  options["sink.transactional-id-prefix"] = "p";
  EXPECT_EQ(refusal(options), "");
  for (const char* timeout : {"0", "1 h", "99999999999"}) {
    options["properties.transaction.timeout.ms"] = timeout;
    EXPECT_TRUE(refusal(options).starts_with("option.value: ")) << timeout;
  }
  options["properties.transaction.timeout.ms"] = "60000";
  EXPECT_EQ(refusal(options), "");
  options["sink.on-lost-transaction"] = "ignore";
  EXPECT_TRUE(refusal(options).starts_with("option.value: "));
  options["sink.on-lost-transaction"] = "warn";
  EXPECT_EQ(refusal(options), "");
  options["properties.security.protocol"] = "SASL_PLAINTEXT";
  options["properties.sasl.mechanism"] = "GSSAPI";
  EXPECT_TRUE(refusal(options).starts_with("option.value: "));
}

TEST_F(KafkaTest, ExactlyOnceWritesInATransactionForEachInterval) {
  table_.options["sink.delivery-guarantee"] = "exactly-once";
  table_.options["sink.transactional-id-prefix"] = "p";
  auto sink = FindConnector("kafka").value()->make_sink(table_, ConnectorContext());
  ASSERT_TRUE(sink.ok()) << sink.error().message;
  auto writer = (*sink)->MakeWriter(ConnectorContext());
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  EXPECT_EQ((*sink)->MakeWriter(ConnectorContext()).error().code, "kafka.transactional_id_in_use");
  auto* restoring = dynamic_cast<RestoringWriter*>(writer->get());
  ASSERT_NE(restoring, nullptr);
  Status restored = restoring->Restore({});
  ASSERT_TRUE(restored.ok()) << restored.error().message;
  auto interval = [&](const std::vector<ValueRow>& rows) {
    Status written = rows.empty() ? Status::Ok() : (*writer)->Write(MakeChunk(table_.physical, rows));
    EXPECT_TRUE(written.ok()) << written.error().message;
    auto token = (*writer)->Prepare(false);
    EXPECT_TRUE(token.ok()) << token.error().message;
    return token.ok() ? kafka::DecodeToken(*token).value() : kafka::SinkToken();
  };
  kafka::SinkToken first = interval({Row(1, "a"), Row(2, "b")});
  ASSERT_EQ(first.transactions.size(), 1U);
  EXPECT_EQ(first.transactions[0].id, "p-0-1");
  EXPECT_GE(first.transactions[0].producer.id, 0);
  EXPECT_EQ(first.next_number, 2);
  kafka::SinkToken second = interval({Row(3, "c")});
  ASSERT_EQ(second.transactions.size(), 2U) << "the first one is not committed yet";
  EXPECT_EQ(second.transactions[1].id, "p-0-2");
  EXPECT_FALSE(second.transactions[0].producer == second.transactions[1].producer);
  kafka::SinkToken empty = interval({});
  EXPECT_EQ(empty.transactions.size(), 2U) << "an interval without rows has no transaction";
  EXPECT_EQ(empty.next_number, 3);
  EXPECT_EQ(Read(3), Rows({"+I(1, a)", "+I(2, b)", "+I(3, c)"}));
  EXPECT_EQ((*writer)->Commit("not a token").error().code, "snapshot.version");
}

TEST(KafkaUnreachableTest, FailsWithinSeconds) {
  TableSpec table;
  table.name = "c.d.t";
  table.physical = Schema{{{"id", DataType::Int(), ""}}};
  table.options = {{"connector", "kafka"},
                   {"properties.bootstrap.servers", "127.0.0.1:1"},
                   {"topic", "t"},
                   {"format", "json"},
                   {"scan.startup.mode", "earliest-offset"}};
  auto source = MakeSource(table);
  ASSERT_NE(source, nullptr);
  int64_t start = Clock::System()->MonotonicNanos();
  auto splits = source->EnumerateSplits(1);
  ASSERT_FALSE(splits.ok());
  EXPECT_EQ(splits.error().code, "kafka.unreachable");
  EXPECT_NE(splits.error().message.find("127.0.0.1:1"), std::string::npos) << splits.error().message;
  EXPECT_LT(Clock::System()->MonotonicNanos() - start, 15'000'000'000);
}

}  // namespace
}  // namespace millrace::connectors
