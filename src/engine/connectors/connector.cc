// The list of connectors, found by name.
#include "engine/connectors/connector.h"

#include <fmt/format.h>

namespace millrace::connectors {

#define CONNECTOR(symbol) extern const Connector symbol;
#include "engine/connectors/connectors.inc"
#undef CONNECTOR

namespace {

const std::vector<const Connector*>& List() {
  static const std::vector<const Connector*> list = {
#define CONNECTOR(symbol) &symbol,
#include "engine/connectors/connectors.inc"
#undef CONNECTOR
  };
  return list;
}

}  // namespace

std::span<const Connector* const> AllConnectors() { return List(); }

Result<const Connector*> FindConnector(std::string_view name) {
  std::vector<std::string> names;
  for (const Connector* connector : List()) {
    if (connector->name == name) return connector;
    names.emplace_back(connector->name);
  }
  auto nearest = NearestWord(name, names);
  return UserError("connector.unknown", fmt::format("Could not find any connector with identifier '{}'", name),
                   nearest ? fmt::format("did you mean '{}'?", *nearest)
                           : fmt::format("the connectors are: {}", fmt::join(names, ", ")));
}

}  // namespace millrace::connectors
