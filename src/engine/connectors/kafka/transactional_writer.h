// Writes rows into a topic exactly once: in one transaction per checkpoint, which the checkpoint's end commits.
#pragma once

#include <memory>

#include "engine/connectors/connector.h"
#include "engine/connectors/kafka/kafka_table.h"

namespace millrace::connectors::kafka {

// The table outlives the writer. Errors: those of reaching the brokers, and "kafka.transactional_id_in_use" when
// another sink of this process writes with the same prefix.
Result<std::unique_ptr<SinkWriter>> MakeTransactionalWriter(const KafkaTable& table, const ConnectorContext& context);

}  // namespace millrace::connectors::kafka
