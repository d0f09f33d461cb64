// SCRAM from the client's side.
#include "engine/connectors/kafka/scram.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace millrace::connectors::kafka {
namespace {

// RFC 7677 asks for 4096; Kafka lets users choose between 4096 and 16384.
constexpr int kIterationsMin = 4096;
constexpr int kIterationsMax = 1'000'000;

const unsigned char* Octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

const EVP_MD* Digest(bool sha512) { return sha512 ? EVP_sha512() : EVP_sha256(); }

std::string Mac(bool sha512, std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  HMAC(Digest(sha512), key.data(), static_cast<int>(key.size()), Octets(text), text.size(), out.data(), &size);
  return {reinterpret_cast<const char*>(out.data()), size};
}

std::string Hash(bool sha512, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), out.data(), &size, Digest(sha512), nullptr);
  return {reinterpret_cast<const char*>(out.data()), size};
}

std::string ToBase64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), Octets(bytes), static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

// Empty when it is none.
std::string FromBase64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return "";
  std::string bytes(text.size() / 4 * 3, '\0');
  int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), Octets(text), static_cast<int>(text.size()));
  if (size < 0) return "";
  size_t padding = text.ends_with("==") ? 2 : (text.ends_with("=") ? 1 : 0);
  bytes.resize(static_cast<size_t>(size) - padding);
  return bytes;
}

// The value of "name=" in a list with commas; empty when it is not there.
std::string_view Attribute(std::string_view message, char name) {
  while (!message.empty()) {
    size_t end = std::min(message.find(','), message.size());
    std::string_view part = message.substr(0, end);
    if (part.size() >= 2 && part[0] == name && part[1] == '=') return part.substr(2);
    message.remove_prefix(std::min(end + 1, message.size()));
  }
  return {};
}

std::string EscapeName(std::string_view name) {
  std::string escaped;
  for (char c : name) escaped += c == ',' ? "=2C" : (c == '=' ? "=3D" : std::string(1, c));
  return escaped;
}

Error LoginFailed(const char* why) {
  return ExternalError("kafka.login", std::string("The login at the Kafka broker failed: ") + why,
                       "check user and password in 'properties.sasl.jaas.config'");
}

}  // namespace

ScramClient::ScramClient(std::string_view mechanism, std::string user, std::string password, std::string nonce)
    : sha512_(mechanism == "SCRAM-SHA-512"),
      user_(std::move(user)),
      password_(std::move(password)),
      nonce_(std::move(nonce)) {}

std::string ScramClient::FirstBare() const { return "n=" + EscapeName(user_) + ",r=" + nonce_; }

std::string ScramClient::FirstMessage() const { return "n,," + FirstBare(); }

Result<std::string> ScramClient::FinalMessage(std::string_view server_first) {
  std::string nonce(Attribute(server_first, 'r'));
  std::string salt = FromBase64(Attribute(server_first, 's'));
  std::string_view count = Attribute(server_first, 'i');
  int iterations = 0;
  std::from_chars(count.data(), count.data() + count.size(), iterations);
  if (salt.empty() || !nonce.starts_with(nonce_) || nonce.size() <= nonce_.size()) {
    return LoginFailed("its answer is no SCRAM challenge to what was sent");
  }
  if (iterations < kIterationsMin || iterations > kIterationsMax) {
    return LoginFailed("it asks for too few or too many iterations");
  }
  std::string salted(sha512_ ? 64 : 32, '\0');
  PKCS5_PBKDF2_HMAC(password_.data(), static_cast<int>(password_.size()), Octets(salt), static_cast<int>(salt.size()),
                    iterations, Digest(sha512_), static_cast<int>(salted.size()),
                    reinterpret_cast<unsigned char*>(salted.data()));
  std::string without_proof = "c=biws,r=" + nonce;
  std::string signed_text = FirstBare() + "," + std::string(server_first) + "," + without_proof;
  std::string client_key = Mac(sha512_, salted, "Client Key");
  std::string proof = Mac(sha512_, Hash(sha512_, client_key), signed_text);
  for (size_t i = 0; i < proof.size(); ++i) proof[i] = static_cast<char>(proof[i] ^ client_key[i]);
  server_signature_ = Mac(sha512_, Mac(sha512_, salted, "Server Key"), signed_text);
  return without_proof + ",p=" + ToBase64(proof);
}

Status ScramClient::CheckServer(std::string_view server_final) const {
  std::string given = FromBase64(Attribute(server_final, 'v'));
  if (server_signature_.empty() || given.size() != server_signature_.size() ||
      CRYPTO_memcmp(given.data(), server_signature_.data(), given.size()) != 0) {
    return LoginFailed("it could not prove that it knows the password");
  }
  return Status::Ok();
}

}  // namespace millrace::connectors::kafka
