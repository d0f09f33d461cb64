// MD5, SHA1, SHA224 … SHA512 and SHA2: digests in hexadecimal digits.
#include <openssl/evp.h>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"

namespace millrace::functions {

namespace {

// The algorithm looked up once, and memory for one digest at a time.
struct Digest : FunctionState {
  ~Digest() override {
    EVP_MD_CTX_free(context);
    EVP_MD_free(algorithm);
  }
  bool Use(const char* name) {
    EVP_MD_free(algorithm);
    algorithm = EVP_MD_fetch(nullptr, name, nullptr);
    if (context == nullptr) context = EVP_MD_CTX_new();
    return algorithm != nullptr && context != nullptr;
  }
  EVP_MD* algorithm = nullptr;
  EVP_MD_CTX* context = nullptr;
  int64_t bits = 0;  // SHA2: what `algorithm` is for
};

// The names in SQL, in OpenSSL, and the characters of the result.
struct Algorithm {
  std::string_view name;
  const char* openssl;
  int32_t characters;
};
constexpr Algorithm kAlgorithms[] = {{"MD5", "MD5", 32},         {"SHA1", "SHA1", 40},
                                     {"SHA224", "SHA2-224", 56}, {"SHA256", "SHA2-256", 64},
                                     {"SHA384", "SHA2-384", 96}, {"SHA512", "SHA2-512", 128}};

std::unique_ptr<FunctionState> Prepare(const Expr& call, EvalContext& context) {
  static_cast<void>(context);
  auto digest = std::make_unique<Digest>();
  for (const Algorithm& algorithm : kAlgorithms) {
    if (algorithm.name == call.function->name && !digest->Use(algorithm.openssl)) return nullptr;
  }
  return digest;
}

Status Write(const Digest& digest, StringSink& out, std::string_view bytes) {
  unsigned char result[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_DigestInit_ex2(digest.context, digest.algorithm, nullptr) != 1 ||
      EVP_DigestUpdate(digest.context, bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(digest.context, result, &size) != 1) {
    return InternalError("the digest could not be computed");
  }
  char* place = out.Reserve(size_t{2} * size);
  for (unsigned int i = 0; i < size; ++i) {
    place[2 * i] = "0123456789abcdef"[result[i] >> 4];
    place[2 * i + 1] = "0123456789abcdef"[result[i] & 15];
  }
  out.Commit(size_t{2} * size);
  return Status();
}

Status Run(const KernelCall& call, StringSink& out, std::string_view bytes) {
  if (call.state == nullptr) {
    return ExternalError("function.digest",
                         "OpenSSL on this machine does not have " + std::string(call.expr.function->name));
  }
  return Write(static_cast<const Digest&>(*call.state), out, bytes);
}

Error BadBits(int64_t bits) {
  return UserError("function.value", "SHA2: unsupported algorithm SHA-" + std::to_string(bits),
                   "the bit length is 224, 256, 384 or 512");
}

bool IsSha2(int64_t bits) { return bits == 224 || bits == 256 || bits == 384 || bits == 512; }

Status Sha2(const KernelCall& call, StringSink& out, std::string_view bytes, int64_t bits) {
  auto& digest = static_cast<Digest&>(*call.state);
  if (!IsSha2(bits)) return BadBits(bits);
  if (digest.bits != bits) {
    if (!digest.Use(("SHA2-" + std::to_string(bits)).c_str())) {
      return ExternalError("function.digest", "OpenSSL on this machine does not have SHA-" + std::to_string(bits));
    }
    digest.bits = bits;
  }
  return Write(digest, out, bytes);
}

Result<DataType> Infer(CallTypes& call) {
  if (!CountBetween(call, 1, 1) || !Takes(call, 0, Family::kText, DataType::String())) {
    return BadArguments(call, "'" + std::string(call.name) + "(<STRING>)'");
  }
  int32_t characters = 0;
  for (const Algorithm& algorithm : kAlgorithms) {
    if (algorithm.name == call.name) characters = algorithm.characters;
  }
  return NullableIfArgs(call, DataType::Char(characters));
}

Result<DataType> InferSha2(CallTypes& call) {
  if (!CountBetween(call, 2, 2) || !Takes(call, 0, Family::kText, DataType::String())) {
    return BadArguments(call, "'SHA2(<STRING>, <INTEGER>)'");
  }
  const Value* literal = IntLiteral(call, 1);
  if (literal != nullptr && !IsSha2(literal->AsInt())) return BadBits(literal->AsInt());
  if (!WantsFrom(call, 1, Family::kInteger, DataType::Bigint()))
    return BadArguments(call, "'SHA2(<STRING>, <INTEGER>)'");
  return NullableIfArgs(call, DataType::Varchar(128));
}

ScalarFunction Named(std::string_view name, std::string_view signature, std::string_view example,
                     std::string_view result) {
  return {.name = name,
          .signature = signature,
          .doc = "The digest of the text or bytes, in hexadecimal digits.",
          .example = example,
          .example_result = result,
          .infer = Infer,
          .kernel = Lift<Run>,
          .prepare = Prepare};
}

}  // namespace

extern const ScalarFunction kMd5 =
    Named("MD5", "MD5(STRING | BYTES) -> CHAR(32)", "MD5('test')", "098f6bcd4621d373cade4e832627b4f6");
extern const ScalarFunction kSha1 =
    Named("SHA1", "SHA1(STRING | BYTES) -> CHAR(40)", "SHA1('')", "da39a3ee5e6b4b0d3255bfef95601890afd80709");
extern const ScalarFunction kSha224 = Named("SHA224", "SHA224(STRING | BYTES) -> CHAR(56)", "SHA224('test')",
                                            "90a3ed9e32b2aaf4c61c410eb925426119e1a9dc53d4286ade99a809");
extern const ScalarFunction kSha256 = Named("SHA256", "SHA256(STRING | BYTES) -> CHAR(64)", "SHA256('test')",
                                            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
extern const ScalarFunction kSha384 =
    Named("SHA384", "SHA384(STRING | BYTES) -> CHAR(96)", "SHA384('')",
          "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b");
extern const ScalarFunction kSha512 = Named("SHA512", "SHA512(STRING | BYTES) -> CHAR(128)", "SHA512('test')",
                                            "ee26b0dd4af7e749aa1a8ee3c10ae9923f618980772e473f8819a5d4940e0db2"
                                            "7ac185f8a0e1d5f84f88bc887fd67b143732c304cc5fa9ad8e6f57f50028a8ff");
extern const ScalarFunction kSha2 = {
    .name = "SHA2",
    .signature = "SHA2(STRING | BYTES, bits INT) -> VARCHAR(128)",
    .doc = "The SHA-2 digest of 224, 256, 384 or 512 bits, in hexadecimal digits.",
    .example = "SHA2('test', 256)",
    .example_result = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    .infer = InferSha2,
    .kernel = Lift<Sha2>,
    .prepare = Prepare};

}  // namespace millrace::functions
