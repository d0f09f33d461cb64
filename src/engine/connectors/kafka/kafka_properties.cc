#include "engine/connectors/kafka/kafka_properties.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace millrace::connectors::kafka {
namespace {

constexpr std::string_view kPrefix = "properties.";

enum class Use : uint8_t {
  kBoth,
  kConsumer,
  kProducer,
  kIgnored,  // known to Java's client; without meaning here
};

struct Property {
  std::string_view java;
  std::string_view native;  // empty: handled apart, or ignored
  Use use = Use::kBoth;
};

constexpr auto kProperties = std::to_array<Property>({
    {"bootstrap.servers", "bootstrap.servers"},
    {"client.id", "client.id"},
    {"client.rack", "client.rack", Use::kConsumer},
    {"client.dns.lookup", "", Use::kIgnored},
    {"group.id", "group.id", Use::kConsumer},
    {"group.instance.id", "", Use::kIgnored},
    {"security.protocol", "security.protocol"},
    {"sasl.mechanism", "sasl.mechanism"},
    {"sasl.jaas.config", ""},
    {"ssl.truststore.type", ""},
    {"ssl.truststore.location", "ssl.ca.location"},
    {"ssl.truststore.certificates", "ssl.ca.pem"},
    {"ssl.keystore.type", ""},
    {"ssl.keystore.location", ""},
    {"ssl.keystore.password", "ssl.keystore.password"},
    {"ssl.keystore.certificate.chain", "ssl.certificate.pem"},
    {"ssl.keystore.key", "ssl.key.pem"},
    {"ssl.key.password", "ssl.key.password"},
    {"ssl.cipher.suites", "ssl.cipher.suites"},
    {"ssl.protocol", "", Use::kIgnored},
    {"ssl.enabled.protocols", "", Use::kIgnored},
    {"ssl.endpoint.identification.algorithm", ""},
    {"auto.offset.reset", ""},
    {"enable.auto.commit", "", Use::kIgnored},  // offsets are committed with checkpoints
    {"auto.commit.interval.ms", "", Use::kIgnored},
    {"commit.offsets.on.checkpoint", ""},
    {"partition.discovery.interval.ms", "", Use::kIgnored},
    {"isolation.level", "isolation.level", Use::kConsumer},
    {"fetch.min.bytes", "fetch.min.bytes", Use::kConsumer},
    {"fetch.max.bytes", "fetch.max.bytes", Use::kConsumer},
    {"fetch.max.wait.ms", "fetch.wait.max.ms", Use::kConsumer},
    {"max.partition.fetch.bytes", "max.partition.fetch.bytes", Use::kConsumer},
    {"max.poll.records", "", Use::kIgnored},
    {"max.poll.interval.ms", "max.poll.interval.ms", Use::kConsumer},
    {"session.timeout.ms", "session.timeout.ms", Use::kConsumer},
    {"heartbeat.interval.ms", "heartbeat.interval.ms", Use::kConsumer},
    {"check.crcs", "check.crcs", Use::kConsumer},
    {"allow.auto.create.topics", "allow.auto.create.topics", Use::kConsumer},
    {"receive.buffer.bytes", "socket.receive.buffer.bytes"},
    {"send.buffer.bytes", "socket.send.buffer.bytes"},
    {"request.timeout.ms", "socket.timeout.ms"},
    {"default.api.timeout.ms", "", Use::kIgnored},
    {"connections.max.idle.ms", "connections.max.idle.ms"},
    {"metadata.max.age.ms", "topic.metadata.refresh.interval.ms"},
    {"reconnect.backoff.ms", "reconnect.backoff.ms"},
    {"reconnect.backoff.max.ms", "reconnect.backoff.max.ms"},
    {"retry.backoff.ms", "retry.backoff.ms"},
    {"acks", "acks", Use::kProducer},
    {"retries", "retries", Use::kProducer},
    {"linger.ms", "linger.ms", Use::kProducer},
    {"batch.size", "batch.size", Use::kProducer},
    {"buffer.memory", "", Use::kProducer},
    {"compression.type", "compression.type", Use::kProducer},
    {"max.request.size", "message.max.bytes", Use::kProducer},
    {"max.block.ms", "", Use::kIgnored},
    {"delivery.timeout.ms", "delivery.timeout.ms", Use::kProducer},
    {"enable.idempotence", "enable.idempotence", Use::kProducer},
    {"max.in.flight.requests.per.connection", "max.in.flight.requests.per.connection", Use::kProducer},
    {"transaction.timeout.ms", "", Use::kIgnored},
});

// What would load code, run commands, or reach other hosts on the user's behalf.
bool LoadsCode(std::string_view name) {
  constexpr std::string_view kWords[] = {"class",       "serializer", "interceptor", "callback",
                                         "partitioner", "reporters",  "providers"};
  return std::ranges::any_of(kWords,
                             [name](std::string_view word) { return name.find(word) != std::string_view::npos; }) ||
         name.starts_with("plugin.") || name.starts_with("sasl.kerberos") || name.starts_with("sasl.oauthbearer");
}

Error UnknownProperty(std::string_view name) {
  if (LoadsCode(name)) {
    return UserError("option.unknown",
                     fmt::format("The property 'properties.{}' is refused: it would load code or run commands", name),
                     "leave it out; keys and values are read and written by formats");
  }
  std::vector<std::string> known;
  for (const Property& property : kProperties) known.emplace_back(property.java);
  std::optional<std::string> nearest = NearestWord(name, known);
  return UserError("option.unknown", fmt::format("The property 'properties.{}' is not supported", name),
                   nearest ? fmt::format("did you mean 'properties.{}'?", *nearest) : "leave it out");
}

bool IsEmptyOrNone(std::string_view text) { return text.empty() || text == "none"; }

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Stores of keys and certificates: PEM files, and PKCS12 for keys; Java's own JKS cannot be read.
Status CheckStore(const OptionMap& options, std::string_view kind) {
  auto location = options.find(fmt::format("properties.ssl.{}.location", kind));
  if (location == options.end()) return Status::Ok();
  auto type = options.find(fmt::format("properties.ssl.{}.type", kind));
  std::string name = type == options.end() ? "jks" : Lower(type->second);
  if (name == "pem" || (kind == "keystore" && name == "pkcs12")) return Status::Ok();
  return UserError("option.value",
                   fmt::format("'properties.ssl.{}.location' is a store of type {}, which cannot be read", kind, name),
                   fmt::format("convert it and set 'properties.ssl.{}.type' = 'PEM'{}", kind,
                               kind == "keystore" ? " or 'PKCS12'" : ""));
}

Status TranslateSpecial(const OptionMap& options, const std::string& name, const std::string& value,
                        ClientSettings* settings) {
  if (name == "sasl.jaas.config") {
    MR_ASSIGN(auto login, ParseJaasConfig(value));
    settings->emplace_back("sasl.username", std::move(login.first));
    settings->emplace_back("sasl.password", std::move(login.second));
  } else if (name == "ssl.endpoint.identification.algorithm") {
    settings->emplace_back("ssl.endpoint.identification.algorithm", IsEmptyOrNone(value) ? "none" : value);
  } else if (name == "ssl.keystore.location") {
    auto type = options.find("properties.ssl.keystore.type");
    bool pem = type != options.end() && Lower(type->second) == "pem";
    settings->emplace_back(pem ? "ssl.certificate.location" : "ssl.keystore.location", value);
    if (pem) settings->emplace_back("ssl.key.location", value);
  } else if (name == "buffer.memory") {
    MR_ASSIGN(int64_t bytes, ParseLong(value));
    settings->emplace_back("queue.buffering.max.kbytes", std::to_string(std::max<int64_t>(bytes / 1024, 1)));
  }
  return Status::Ok();
}

}  // namespace

Result<std::pair<std::string, std::string>> ParseJaasConfig(const std::string& text) {
  bool known = text.find("PlainLoginModule") != std::string::npos || text.find("ScramLoginModule") != std::string::npos;
  auto value = [&text](std::string_view key) -> std::optional<std::string> {
    for (size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + 1)) {
      bool starts = at == 0 || std::isspace(static_cast<unsigned char>(text[at - 1])) != 0;
      size_t i = at + key.size();
      while (i < text.size() && std::isspace(static_cast<unsigned char>(text[i])) != 0) ++i;
      if (!starts || i >= text.size() || text[i] != '=') continue;
      ++i;
      while (i < text.size() && std::isspace(static_cast<unsigned char>(text[i])) != 0) ++i;
      if (i >= text.size()) return std::nullopt;
      std::string found;
      if (text[i] != '"' && text[i] != '\'') {
        while (i < text.size() && text[i] != ';' && std::isspace(static_cast<unsigned char>(text[i])) == 0)
          found += text[i++];
        return found;
      }
      char quote = text[i++];
      while (i < text.size() && text[i] != quote) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        found += text[i++];
      }
      return i < text.size() ? std::optional<std::string>(found) : std::nullopt;
    }
    return std::nullopt;
  };
  std::optional<std::string> user = value("username");
  std::optional<std::string> password = value("password");
  if (!known || !user || !password) {
    return UserError("option.value", "'properties.sasl.jaas.config' cannot be understood",
                     "write 'org.apache.kafka.common.security.plain.PlainLoginModule required username=\"…\" "
                     "password=\"…\";' or the "
                     "same with scram.ScramLoginModule");
  }
  return std::make_pair(*std::move(user), *std::move(password));
}

Result<ClientSettings> TranslateProperties(const OptionMap& options, ClientKind kind) {
  if (!options.contains("properties.bootstrap.servers")) {
    return UserError("option.missing", "The option 'properties.bootstrap.servers' is missing",
                     "name the brokers: 'host:port,host:port'");
  }
  MR_RETURN_IF_ERROR(CheckStore(options, "truststore"));
  MR_RETURN_IF_ERROR(CheckStore(options, "keystore"));
  ClientSettings settings;
  for (const auto& [key, value] : options) {
    if (!key.starts_with(kPrefix)) continue;
    std::string name = key.substr(kPrefix.size());
    const auto* property = std::ranges::find(kProperties, name, &Property::java);
    if (property == kProperties.end()) return UnknownProperty(name);
    bool other = (property->use == Use::kConsumer && kind == ClientKind::kProducer) ||
                 (property->use == Use::kProducer && kind == ClientKind::kConsumer) || property->use == Use::kIgnored;
    if (other) continue;
    if (property->native.empty()) {
      MR_RETURN_IF_ERROR(TranslateSpecial(options, name, value, &settings));
    } else {
      settings.emplace_back(property->native, value);
    }
  }
  return settings;
}

}  // namespace millrace::connectors::kafka
