// The Java client's property names, as users write them behind "properties.", and what librdkafka calls them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/options.h"
#include "base/result.h"

namespace millrace::connectors::kafka {

// Settings for librdkafka, in order.
using ClientSettings = std::vector<std::pair<std::string, std::string>>;

enum class ClientKind : uint8_t { kConsumer, kProducer };

// Translates the options "properties.*". Only known properties pass; those that load classes or run commands never do.
// Errors: "option.unknown" with the nearest known property, "option.value", "option.missing" without bootstrap.servers.
Result<ClientSettings> TranslateProperties(const OptionMap& options, ClientKind kind);

// User and password from a "sasl.jaas.config" of the plain or scram login module.
Result<std::pair<std::string, std::string>> ParseJaasConfig(const std::string& text);

}  // namespace millrace::connectors::kafka
