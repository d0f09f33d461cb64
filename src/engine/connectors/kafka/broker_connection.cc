// A connection to a broker.
#include "engine/connectors/kafka/broker_connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/clock.h"
#include "base/random.h"
#include "engine/connectors/kafka/scram.h"
#include "engine/connectors/kafka/wire.h"

namespace millrace::connectors::kafka {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;
constexpr int32_t kAnswerBytesMax = 16 << 20;  // longer ones are none of ours

struct AddressDeleter {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

}  // namespace

BrokerConnection::BrokerConnection(const BrokerSettings& settings, BrokerAddress address)
    : settings_(settings), address_(std::move(address)) {}

BrokerConnection::~BrokerConnection() {
  if (tls_ != nullptr) SSL_free(tls_);
  if (socket_ >= 0) close(socket_);
}

Error BrokerConnection::Unreachable(std::string_view reason) const {
  return ExternalError("kafka.unreachable",
                       fmt::format("Cannot speak with the Kafka broker '{}' ({})", address_.ToString(), reason),
                       "check 'properties.bootstrap.servers', the security settings, and whether the broker runs");
}

Result<std::unique_ptr<BrokerConnection>> BrokerConnection::Open(const BrokerSettings& settings,
                                                                 const BrokerAddress& address, int64_t deadline) {
  std::unique_ptr<BrokerConnection> connection(new BrokerConnection(settings, address));
  MR_RETURN_IF_ERROR(connection->Connect(deadline));
  if (settings.tls != nullptr) MR_RETURN_IF_ERROR(connection->Encrypt(deadline));
  MR_RETURN_IF_ERROR(connection->CheckVersions(deadline));
  if (!settings.mechanism.empty()) MR_RETURN_IF_ERROR(connection->LogIn(deadline));
  return connection;
}

Status BrokerConnection::WaitFor(bool to_write, int64_t deadline) const {
  for (;;) {
    int64_t left = deadline - Clock::System()->MonotonicNanos();
    if (left <= 0) return Unreachable("no answer in time");
    pollfd wanted{socket_, static_cast<short>(to_write ? POLLOUT : POLLIN), 0};
    int ready = poll(&wanted, 1, static_cast<int>(std::min<int64_t>(left / kNanosPerMilli + 1, 1000)));
    if (ready > 0) return Status::Ok();
    if (ready < 0 && errno != EINTR) return Unreachable(std::strerror(errno));
  }
}

Status BrokerConnection::Connect(int64_t deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  int code = getaddrinfo(address_.host.c_str(), std::to_string(address_.port).c_str(), &hints, &found);
  if (code != 0) return Unreachable(gai_strerror(code));
  std::unique_ptr<addrinfo, AddressDeleter> list(found);
  std::string reason = "it has no address";
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    if (socket_ >= 0) close(socket_);
    socket_ = socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, one->ai_protocol);
    if (socket_ < 0) continue;
    if (connect(socket_, one->ai_addr, one->ai_addrlen) != 0 && errno != EINPROGRESS) {
      reason = std::strerror(errno);
      continue;
    }
    MR_RETURN_IF_ERROR(WaitFor(true, deadline));
    int failed = 0;
    socklen_t size = sizeof(failed);
    getsockopt(socket_, SOL_SOCKET, SO_ERROR, &failed, &size);
    if (failed == 0) {
      int on = 1;
      setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      return Status::Ok();
    }
    reason = std::strerror(failed);
  }
  return Unreachable(reason);
}

Status BrokerConnection::AfterTls(int outcome, int64_t deadline) {
  int error = SSL_get_error(tls_, outcome);
  if (error == SSL_ERROR_WANT_READ) return WaitFor(false, deadline);
  if (error == SSL_ERROR_WANT_WRITE) return WaitFor(true, deadline);
  long verified = SSL_get_verify_result(tls_);
  if (verified != X509_V_OK) return Unreachable(X509_verify_cert_error_string(verified));
  unsigned long reason = ERR_get_error();
  const char* text = reason == 0 ? nullptr : ERR_reason_error_string(reason);
  ERR_clear_error();
  return Unreachable(text == nullptr ? "the encrypted connection was closed" : text);
}

Status BrokerConnection::Encrypt(int64_t deadline) {
  tls_ = SSL_new(settings_.tls.get());
  if (tls_ == nullptr || SSL_set_fd(tls_, socket_) != 1) return InternalError("OpenSSL gives no connection");
  in6_addr ignored{};
  bool is_number = inet_pton(AF_INET, address_.host.c_str(), &ignored) == 1 ||
                   inet_pton(AF_INET6, address_.host.c_str(), &ignored) == 1;
  if (!is_number) SSL_set_tlsext_host_name(tls_, address_.host.c_str());
  if (settings_.check_host_name) {
    bool set = is_number ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls_), address_.host.c_str()) == 1
                         : SSL_set1_host(tls_, address_.host.c_str()) == 1;
    if (!set) return Unreachable("its name cannot be checked against its certificate");
  }
  for (;;) {
    ERR_clear_error();
    int outcome = SSL_connect(tls_);
    if (outcome == 1) return Status::Ok();
    MR_RETURN_IF_ERROR(AfterTls(outcome, deadline));
  }
}

Status BrokerConnection::Send(std::string_view bytes, int64_t deadline) {
  while (!bytes.empty()) {
    if (tls_ != nullptr) {
      ERR_clear_error();
      int sent = SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()));
      if (sent > 0) bytes.remove_prefix(static_cast<size_t>(sent));
      if (sent <= 0) MR_RETURN_IF_ERROR(AfterTls(sent, deadline));
      continue;
    }
    ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) bytes.remove_prefix(static_cast<size_t>(sent));
    if (sent > 0 || (sent < 0 && errno == EINTR)) continue;
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return Unreachable(std::strerror(errno));
    MR_RETURN_IF_ERROR(WaitFor(true, deadline));
  }
  return Status::Ok();
}

Result<std::string> BrokerConnection::Receive(size_t size, int64_t deadline) {
  std::string bytes;
  std::array<char, 4096> buffer;
  while (bytes.size() < size) {
    size_t wanted = std::min(buffer.size(), size - bytes.size());
    ssize_t got = 0;
    if (tls_ != nullptr) {
      ERR_clear_error();
      int outcome = SSL_read(tls_, buffer.data(), static_cast<int>(wanted));
      if (outcome <= 0) {
        MR_RETURN_IF_ERROR(AfterTls(outcome, deadline));
        continue;
      }
      got = outcome;
    } else {
      got = recv(socket_, buffer.data(), wanted, 0);
      if (got == 0) return Unreachable("it closed the connection");
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return Unreachable(std::strerror(errno));
      if (got < 0) {
        MR_RETURN_IF_ERROR(WaitFor(false, deadline));
        continue;
      }
    }
    bytes.append(buffer.data(), static_cast<size_t>(got));
  }
  return bytes;
}

Result<std::string> BrokerConnection::Call(ApiKey key, std::string_view body, int64_t deadline) {
  int32_t correlation = ++correlation_;
  MR_RETURN_IF_ERROR(Send(EncodeRequest(key, correlation, settings_.client_id, body), deadline));
  MR_ASSIGN(std::string head, Receive(8, deadline));
  WireReader reader(head);
  int32_t size = reader.Int32();
  if (size < 4 || size > kAnswerBytesMax || reader.Int32() != correlation) {
    return ExternalError(
        "kafka.protocol",
        fmt::format("What '{}' answers to {} is not Kafka's protocol", address_.ToString(), ApiName(key)),
        "check 'properties.bootstrap.servers' and 'properties.security.protocol'");
  }
  return Receive(static_cast<size_t>(size) - 4, deadline);
}

Status BrokerConnection::CheckVersions(int64_t deadline) {
  MR_ASSIGN(std::string answer, Call(ApiKey::kApiVersions, "", deadline));
  MR_ASSIGN(ApiVersions versions, DecodeApiVersions(answer));
  for (ApiKey key : {ApiKey::kFindCoordinator, ApiKey::kInitProducerId, ApiKey::kEndTxn}) {
    auto found = versions.find(static_cast<int16_t>(key));
    int16_t version = ApiVersion(key);
    if (found != versions.end() && found->second.first <= version && found->second.second >= version) continue;
    return ExternalError(
        "kafka.protocol",
        fmt::format("The Kafka broker '{}' does not take {} version {}", address_.ToString(), ApiName(key), version),
        "exactly-once needs Kafka 2.0 or newer");
  }
  return Status::Ok();
}

Result<std::string> BrokerConnection::Authenticate(std::string_view bytes, int64_t deadline) {
  MR_ASSIGN(std::string body, Call(ApiKey::kSaslAuthenticate, EncodeSaslAuthenticate(bytes), deadline));
  MR_ASSIGN(SaslAnswer answer, DecodeSaslAuthenticate(body));
  if (answer.error == 0) return answer.bytes;
  return ExternalError("kafka.login",
                       fmt::format("The Kafka broker '{}' refuses the login: {}", address_.ToString(), answer.message),
                       "check user and password in 'properties.sasl.jaas.config'");
}

Status BrokerConnection::LogIn(int64_t deadline) {
  MR_ASSIGN(std::string body, Call(ApiKey::kSaslHandshake, EncodeSaslHandshake(settings_.mechanism), deadline));
  MR_ASSIGN(SaslAnswer handshake, DecodeSaslHandshake(body));
  if (handshake.error != 0) {
    return ExternalError("kafka.login",
                         fmt::format("The Kafka broker '{}' does not take logins by {}, but by: {}",
                                     address_.ToString(), settings_.mechanism, handshake.message),
                         "set 'properties.sasl.mechanism'");
  }
  if (settings_.mechanism == "PLAIN") {
    std::string login = '\0' + settings_.user + '\0' + settings_.password;
    MR_ASSIGN(std::string nothing, Authenticate(login, deadline));
    return Status::Ok();
  }
  Random random(Random::EntropySeed());
  ScramClient scram(settings_.mechanism, settings_.user, settings_.password,
                    fmt::format("{:016x}{:016x}", random.Next(), random.Next()));
  MR_ASSIGN(std::string first, Authenticate(scram.FirstMessage(), deadline));
  MR_ASSIGN(std::string final_message, scram.FinalMessage(first));
  MR_ASSIGN(std::string last, Authenticate(final_message, deadline));
  return scram.CheckServer(last);
}

}  // namespace millrace::connectors::kafka
