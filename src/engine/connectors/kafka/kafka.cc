// kafka: topics as tables that only grow, read and written with librdkafka.
#include "engine/connectors/kafka/kafka_sink.h"
#include "engine/connectors/kafka/kafka_source.h"
#include "engine/connectors/kafka/kafka_table.h"

namespace millrace::connectors {
namespace {

Result<std::vector<Connector::Metadata>> ListMetadata(const TableSpec& table) {
  static_cast<void>(table);
  return kafka::KafkaMetadata();
}

Result<std::unique_ptr<TableSource>> MakeSource(const TableSpec& table, const ConnectorContext& context) {
  static_cast<void>(context);
  MR_ASSIGN(kafka::KafkaTable read, kafka::ReadKafkaTable(table, false));
  return kafka::MakeKafkaSource(std::move(read));
}

Result<std::unique_ptr<TableSink>> MakeSink(const TableSpec& table, const ConnectorContext& context) {
  static_cast<void>(context);
  MR_ASSIGN(kafka::KafkaTable read, kafka::ReadKafkaTable(table, true));
  return kafka::MakeKafkaSink(std::move(read));
}

}  // namespace

extern const Connector kKafka;
const Connector kKafka{
    .name = "kafka",
    .doc = "Topics of Apache Kafka.",
    .options = kafka::KafkaOptions(),
    .metadata = ListMetadata,
    .make_source = MakeSource,
    .make_sink = MakeSink,
};

}  // namespace millrace::connectors
