// Writes rows into a Kafka topic.
#pragma once

#include <memory>

#include "engine/connectors/connector.h"
#include "engine/connectors/kafka/kafka_table.h"

namespace millrace::connectors::kafka {

Result<std::unique_ptr<TableSink>> MakeKafkaSink(KafkaTable table);

}  // namespace millrace::connectors::kafka
