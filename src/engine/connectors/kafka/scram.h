// SCRAM (RFC 5802, RFC 7677) from the client's side: proves a password without sending it, and that the server knows
// it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace::connectors::kafka {

class ScramClient {
 public:
  // `mechanism`: "SCRAM-SHA-256" or "SCRAM-SHA-512". `nonce`: printable, without ','.
  ScramClient(std::string_view mechanism, std::string user, std::string password, std::string nonce);

  std::string FirstMessage() const;
  // The answer to the server's first message. Errors: "kafka.login".
  Result<std::string> FinalMessage(std::string_view server_first);
  // Whether the server has proved itself in its last message.
  Status CheckServer(std::string_view server_final) const;

 private:
  std::string FirstBare() const;

  bool sha512_;
  std::string user_;
  std::string password_;
  std::string nonce_;
  std::string server_signature_;
};

}  // namespace millrace::connectors::kafka
