// Reads Kafka topics: one split is one partition.
#pragma once

#include <memory>

#include "engine/connectors/connector.h"
#include "engine/connectors/kafka/kafka_table.h"

namespace millrace::connectors::kafka {

Result<std::unique_ptr<TableSource>> MakeKafkaSource(KafkaTable table);

}  // namespace millrace::connectors::kafka
