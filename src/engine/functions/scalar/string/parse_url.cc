// PARSE_URL: a part of a URL as java.net.URL takes it apart.
#include <algorithm>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"

namespace millrace::functions {

namespace {

struct Url {
  std::string protocol;
  std::string_view authority;
  bool has_authority = false;
  std::string_view user_info;
  bool has_user_info = false;
  std::string_view host;
  std::string path;
  std::string_view query;
  bool has_query = false;
  std::string_view ref;
  bool has_ref = false;
};

// Protocols that Java has a handler for.
constexpr std::string_view kProtocols[] = {"http", "https", "ftp", "file", "jar", "mailto", "jmod", "jrt"};

// "http" of "http:…", in small letters; empty if there is none.
std::string ProtocolOf(std::string_view text, size_t* rest) {
  for (size_t i = 0; i < text.size() && text[i] != '/'; ++i) {
    char c = text[i];
    if (c == ':') {
      std::string protocol(text.substr(0, i));
      std::transform(protocol.begin(), protocol.end(), protocol.begin(),
                     [](unsigned char x) { return std::tolower(x); });
      *rest = i + 1;
      return protocol;
    }
  }
  return {};
}

// The port after a host, which must be a number; false if it is not.
bool IsPort(std::string_view text) {
  if (text.empty()) return true;
  return text.size() <= 9 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool SplitAuthority(Url& url) {
  std::string_view host = url.authority;
  size_t at = host.find('@');
  if (at != std::string_view::npos) {
    if (host.rfind('@') != at) {
      url.host = {};
      return true;
    }
    url.user_info = host.substr(0, at);
    url.has_user_info = true;
    host.remove_prefix(at + 1);
  }
  size_t colon = host.find(':');
  if (host.starts_with('[')) {
    size_t close = host.find(']');
    if (close == std::string_view::npos || close < 3) return false;
    colon = close + 1 < host.size() ? close + 1 : std::string_view::npos;
    if (colon != std::string_view::npos && host[colon] != ':') return false;
  }
  if (colon != std::string_view::npos && !IsPort(host.substr(colon + 1))) return false;
  url.host = host.substr(0, colon);
  return true;
}

// Takes out "/./" and "name/../", as Java does.
void Normalize(std::string& path) {
  for (size_t i; (i = path.find("/./")) != std::string::npos;) path.erase(i, 2);
  size_t i = 0;
  while ((i = path.find("/../", i)) != std::string::npos) {
    size_t before = i == 0 ? std::string::npos : path.rfind('/', i - 1);
    if (i > 0 && before != std::string::npos && path.find("/../", before) != before) {
      path.erase(before, i + 3 - before);
      i = 0;
    } else {
      i += 3;
    }
  }
  while (path.ends_with("/..")) {
    i = path.rfind("/..");
    size_t before = i == 0 ? std::string::npos : path.rfind('/', i - 1);
    if (before == std::string::npos) break;
    path.resize(before + 1);
  }
  if (path.starts_with("./") && path.size() > 2) path.erase(0, 2);
  if (path.ends_with("/.")) path.resize(path.size() - 1);
}

std::optional<Url> Parse(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  if (text.size() >= 4 && (text.starts_with("url:") || text.starts_with("URL:"))) text.remove_prefix(4);
  Url url;
  size_t rest = 0;
  url.protocol = ProtocolOf(text, &rest);
  if (std::find(std::begin(kProtocols), std::end(kProtocols), url.protocol) == std::end(kProtocols))
    return std::nullopt;
  text.remove_prefix(rest);
  size_t hash = text.find('#');
  if (hash != std::string_view::npos) {
    url.ref = text.substr(hash + 1);
    url.has_ref = true;
    text = text.substr(0, hash);
  }
  size_t question = text.find('?');
  if (question != std::string_view::npos) {
    url.query = text.substr(question + 1);
    url.has_query = true;
    text = text.substr(0, question);
  }
  if (text.starts_with("//") && !text.starts_with("////")) {
    text.remove_prefix(2);
    size_t end = std::min(text.find('/'), text.size());
    url.authority = text.substr(0, end);
    url.has_authority = true;
    if (!SplitAuthority(url)) return std::nullopt;
    text.remove_prefix(end);
  }
  if (!text.empty()) {
    url.path = text.starts_with('/') || !url.has_authority ? std::string(text) : "/" + std::string(text);
  }
  Normalize(url.path);
  return url;
}

using Part = std::optional<std::string>;

Part PartOf(const Url& url, std::string_view part) {
  if (part == "HOST") return std::string(url.host);
  if (part == "PATH") return url.path;
  if (part == "QUERY") return url.has_query ? Part(std::string(url.query)) : std::nullopt;
  if (part == "REF") return url.has_ref ? Part(std::string(url.ref)) : std::nullopt;
  if (part == "PROTOCOL") return url.protocol;
  if (part == "FILE") return url.path + (url.has_query ? "?" + std::string(url.query) : "");
  if (part == "AUTHORITY") return url.has_authority ? Part(std::string(url.authority)) : std::nullopt;
  if (part == "USERINFO") return url.has_user_info ? Part(std::string(url.user_info)) : std::nullopt;
  return std::nullopt;
}

Part UrlPart(std::string_view text, std::string_view part) {
  std::optional<Url> url = Parse(text);
  return url.has_value() ? PartOf(*url, part) : std::nullopt;
}

// The value of the first parameter of that name in the query.
Part UrlParameter(std::string_view text, std::string_view part, std::string_view key) {
  if (part != "QUERY") return std::nullopt;
  std::optional<Url> url = Parse(text);
  if (!url.has_value() || !url->has_query) return std::nullopt;
  std::string wanted = std::string(key) + "=";
  for (size_t at = 0; at <= url->query.size();) {
    std::string_view rest = url->query.substr(at);
    size_t end = std::min(rest.find('&'), rest.size());
    if (rest.starts_with(wanted) && wanted.size() <= end) {
      return std::string(rest.substr(wanted.size(), end - wanted.size()));
    }
    at += end + 1;
  }
  return std::nullopt;
}

Result<ColumnPtr> Run(const KernelCall& call) {
  return call.args.size() == 2 ? Lift<UrlPart>(call) : Lift<UrlParameter>(call);
}

Result<DataType> Infer(CallTypes& call) {
  if (!AllStrings(call, 2, 3)) return BadArguments(call, "'PARSE_URL(<CHARACTER>, <CHARACTER>[, <CHARACTER>])'");
  return DataType::String();
}

}  // namespace

extern const ScalarFunction kParseUrl = {
    .name = "PARSE_URL",
    .signature = "PARSE_URL(url STRING, part STRING [, key STRING]) -> STRING",
    .doc =
        "A part of the URL: HOST, PATH, QUERY, REF, PROTOCOL, AUTHORITY, FILE or USERINFO; or the value of a key in "
        "its "
        "query. NULL if there is none.",
    .example = "PARSE_URL('http://flink.apache.org/p.php?k1=v1&k2=v2#Ref1', 'QUERY', 'k1')",
    .example_result = "v1",
    .infer = Infer,
    .kernel = Run};

}  // namespace millrace::functions
