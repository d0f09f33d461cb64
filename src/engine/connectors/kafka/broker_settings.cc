// Addresses, encryption and login of brokers.
#include "engine/connectors/kafka/broker_settings.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>

namespace millrace::connectors::kafka {
namespace {

using SettingMap = std::map<std::string, std::string>;

constexpr int32_t kDefaultPort = 9092;

std::string Get(const SettingMap& settings, const std::string& name) {
  auto found = settings.find(name);
  return found == settings.end() ? std::string() : found->second;
}

Result<BrokerAddress> ParseAddress(std::string text) {
  while (text.starts_with(' ')) text.erase(0, 1);
  while (text.ends_with(' ')) text.pop_back();
  BrokerAddress address;
  size_t colon = text.rfind(':');
  if (size_t bracket = text.rfind(']'); bracket != std::string::npos && colon != std::string::npos && colon < bracket) {
    colon = std::string::npos;  // "[::1]"
  }
  address.host = text.substr(0, colon);
  address.port = kDefaultPort;
  if (address.host.size() > 2 && address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  if (colon != std::string::npos) {
    const char* end = text.data() + text.size();
    auto [stop, code] = std::from_chars(text.data() + colon + 1, end, address.port);
    if (code != std::errc() || stop != end) address.port = -1;
  }
  if (address.host.empty() || address.port <= 0 || address.port > 65535) {
    return UserError("option.value", fmt::format("'{}' in 'properties.bootstrap.servers' is no address", text),
                     "name the brokers: 'host:port,host:port'");
  }
  return address;
}

// What OpenSSL said last; empties its list.
std::string TlsReason() {
  std::string reason = "no reason given";
  while (unsigned long error = ERR_get_error()) {
    if (const char* text = ERR_reason_error_string(error); text != nullptr) reason = text;
  }
  return reason;
}

Error Unreadable(std::string_view property, std::string_view reason) {
  return UserError("option.value", fmt::format("'properties.{}' cannot be used: {}", property, reason),
                   "check the file or text, its format and its password");
}

struct BioDeleter {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using BioPtr = std::unique_ptr<BIO, BioDeleter>;
struct X509Deleter {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using X509Ptr = std::unique_ptr<X509, X509Deleter>;
struct KeyDeleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, KeyDeleter>;

BioPtr TextBio(const std::string& text) { return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

int GivePassword(char* buffer, int size, int writing, void* user) {
  static_cast<void>(writing);
  const auto* password = static_cast<const std::string*>(user);
  int count = std::min(size, static_cast<int>(password->size()));
  std::copy_n(password->data(), count, buffer);
  return count;
}

Status Trust(SSL_CTX* context, const SettingMap& settings) {
  if (std::string file = Get(settings, "ssl.ca.location"); !file.empty()) {
    if (SSL_CTX_load_verify_locations(context, file.c_str(), nullptr) == 1) return Status::Ok();
    return Unreadable("ssl.truststore.location", TlsReason());
  }
  std::string text = Get(settings, "ssl.ca.pem");
  if (text.empty()) {
    SSL_CTX_set_default_verify_paths(context);
    return Status::Ok();
  }
  BioPtr bio = TextBio(text);
  int count = 0;
  while (X509Ptr certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    count += X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate.get());
  }
  std::string reason = TlsReason();
  return count > 0 ? Status::Ok() : Status(Unreadable("ssl.truststore.certificates", reason));
}

Status UsePkcs12(SSL_CTX* context, const std::string& file, const std::string& password) {
  BioPtr bio(BIO_new_file(file.c_str(), "rb"));
  PKCS12* store = bio == nullptr ? nullptr : d2i_PKCS12_bio(bio.get(), nullptr);
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  STACK_OF(X509)* others = nullptr;
  bool read = store != nullptr && PKCS12_parse(store, password.c_str(), &key, &certificate, &others) == 1;
  KeyPtr own_key(key);
  X509Ptr own_certificate(certificate);
  bool used = read && SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1;
  for (int i = 0; used && others != nullptr && i < sk_X509_num(others); ++i) {
    used = SSL_CTX_add1_chain_cert(context, sk_X509_value(others, i)) == 1;
  }
  if (others != nullptr) sk_X509_pop_free(others, X509_free);
  PKCS12_free(store);
  return used ? Status::Ok() : Status(Unreadable("ssl.keystore.location", TlsReason()));
}

Status UsePem(SSL_CTX* context, const SettingMap& settings, std::string* password) {
  std::string chain = Get(settings, "ssl.certificate.pem");
  std::string key_text = Get(settings, "ssl.key.pem");
  if (chain.empty() || key_text.empty()) return Status::Ok();
  BioPtr bio = TextBio(chain);
  X509Ptr own(PEM_read_bio_X509_AUX(bio.get(), nullptr, nullptr, nullptr));
  if (own == nullptr || SSL_CTX_use_certificate(context, own.get()) != 1) {
    return Unreadable("ssl.keystore.certificate.chain", TlsReason());
  }
  while (X509Ptr other{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    SSL_CTX_add1_chain_cert(context, other.get());
  }
  TlsReason();  // the end of the text is an error to it
  BioPtr key_bio = TextBio(key_text);
  KeyPtr key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, GivePassword, password));
  if (key == nullptr || SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return Unreadable("ssl.keystore.key", TlsReason());
  }
  return Status::Ok();
}

Status Identify(SSL_CTX* context, const SettingMap& settings) {
  if (std::string file = Get(settings, "ssl.keystore.location"); !file.empty()) {
    return UsePkcs12(context, file, Get(settings, "ssl.keystore.password"));
  }
  std::string password = Get(settings, "ssl.key.password");
  std::string chain = Get(settings, "ssl.certificate.location");
  if (chain.empty()) return UsePem(context, settings, &password);
  SSL_CTX_set_default_passwd_cb(context, GivePassword);
  SSL_CTX_set_default_passwd_cb_userdata(context, &password);
  bool used = SSL_CTX_use_certificate_chain_file(context, chain.c_str()) == 1 &&
              SSL_CTX_use_PrivateKey_file(context, Get(settings, "ssl.key.location").c_str(), SSL_FILETYPE_PEM) == 1;
  SSL_CTX_set_default_passwd_cb(context, nullptr);
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  return used ? Status::Ok() : Status(Unreadable("ssl.keystore.location", TlsReason()));
}

Result<std::shared_ptr<ssl_ctx_st>> MakeTls(const SettingMap& settings) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (context == nullptr) return InternalError("OpenSSL gives no context");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context.get(), SSL_MODE_AUTO_RETRY);
  if (std::string suites = Get(settings, "ssl.cipher.suites");
      !suites.empty() && SSL_CTX_set_cipher_list(context.get(), suites.c_str()) != 1) {
    return Unreadable("ssl.cipher.suites", TlsReason());
  }
  MR_RETURN_IF_ERROR(Trust(context.get(), settings));
  MR_RETURN_IF_ERROR(Identify(context.get(), settings));
  return context;
}

}  // namespace

std::string BrokerAddress::ToString() const { return fmt::format("{}:{}", host, port); }

Result<BrokerSettings> ReadBrokerSettings(const ClientSettings& given) {
  SettingMap settings;
  for (const auto& [name, value] : given) settings[name] = value;
  BrokerSettings read;
  std::string servers = Get(settings, "bootstrap.servers");
  for (size_t start = 0; start <= servers.size();) {
    size_t stop = std::min(servers.find(',', start), servers.size());
    MR_ASSIGN(BrokerAddress address, ParseAddress(servers.substr(start, stop - start)));
    read.bootstrap.push_back(std::move(address));
    start = stop + 1;
  }
  read.client_id = settings.contains("client.id") ? settings["client.id"] : "millrace";
  std::string protocol = Get(settings, "security.protocol");
  std::ranges::transform(protocol, protocol.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (protocol == "SSL" || protocol == "SASL_SSL") {
    MR_ASSIGN(read.tls, MakeTls(settings));
    read.check_host_name = Get(settings, "ssl.endpoint.identification.algorithm") != "none";
  }
  if (protocol == "SASL_PLAINTEXT" || protocol == "SASL_SSL") {
    read.mechanism = Get(settings, "sasl.mechanism");
    read.user = Get(settings, "sasl.username");
    read.password = Get(settings, "sasl.password");
    if (read.mechanism != "PLAIN" && read.mechanism != "SCRAM-SHA-256" && read.mechanism != "SCRAM-SHA-512") {
      return UserError(
          "option.value",
          fmt::format("'properties.sasl.mechanism' = '{}' cannot be used for transactions", read.mechanism),
          "use PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512");
    }
  }
  return read;
}

}  // namespace millrace::connectors::kafka
