// RAND, RAND_INTEGER and UUID. With a seed the numbers are java.util.Random's.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"

namespace millrace::functions {

namespace {

// java.util.Random, whose sequences users rely on for a seed.
class JavaRandom {
 public:
  explicit JavaRandom(int64_t seed) : state_((static_cast<uint64_t>(seed) ^ kMultiplier) & kMask) {}

  int32_t Next(int bits) {
    state_ = (state_ * kMultiplier + 0xB) & kMask;
    return static_cast<int32_t>(static_cast<uint32_t>(state_ >> (48 - bits)));
  }
  double NextDouble() {
    auto high = static_cast<int64_t>(Next(26)) << 27;
    return static_cast<double>(high + Next(27)) * 0x1.0p-53;
  }
  // In [0, bound); bound > 0.
  int32_t NextInt(int32_t bound) {
    int32_t r = Next(31);
    int32_t m = bound - 1;
    if ((bound & m) == 0) return static_cast<int32_t>((static_cast<int64_t>(bound) * r) >> 31);
    int32_t u = r;
    while (true) {
      r = u % bound;
      if (static_cast<int64_t>(u) - r + m <= INT32_MAX) return r;
      u = Next(31);
    }
  }

 private:
  static constexpr uint64_t kMultiplier = 0x5DEECE66DULL;
  static constexpr uint64_t kMask = (uint64_t{1} << 48) - 1;
  uint64_t state_;
};

// The generator of one call site. A literal seed starts one sequence; without a seed numbers are the task's.
struct Generator : FunctionState {
  explicit Generator(uint64_t seed) : random(seed) {}
  Random random;
  std::optional<JavaRandom> seeded;
};

std::unique_ptr<FunctionState> Prepare(const Expr& call, EvalContext& context) {
  uint64_t seed = context.random != nullptr ? context.random->Next() : Random::EntropySeed();
  auto generator = std::make_unique<Generator>(seed);
  bool has_seed = call.args.size() == (call.function->name == "RAND" ? 1 : 2);
  if (has_seed && call.args[0]->kind == ExprKind::kLiteral && !call.args[0]->literal.IsNull()) {
    generator->seeded.emplace(call.args[0]->literal.AsInt());
  }
  return generator;
}

Generator& Of(const KernelCall& call) { return static_cast<Generator&>(*call.state); }

double Rand(const KernelCall& call) { return Of(call).random.Unit(); }

double RandSeeded(const KernelCall& call, int32_t seed) {
  Generator& generator = Of(call);
  return generator.seeded.has_value() ? generator.seeded->NextDouble() : JavaRandom(seed).NextDouble();
}

Error BadBound(int32_t bound) {
  return UserError("function.value", "bound must be positive, but RAND_INTEGER got " + std::to_string(bound),
                   "give a bound of 1 or more");
}

Result<int32_t> RandInteger(const KernelCall& call, int32_t bound) {
  if (bound <= 0) return BadBound(bound);
  return static_cast<int32_t>(Of(call).random.Below(static_cast<uint64_t>(bound)));
}

Result<int32_t> RandIntegerSeeded(const KernelCall& call, int32_t seed, int32_t bound) {
  if (bound <= 0) return BadBound(bound);
  Generator& generator = Of(call);
  return generator.seeded.has_value() ? generator.seeded->NextInt(bound) : JavaRandom(seed).NextInt(bound);
}

Result<ColumnPtr> RunRand(const KernelCall& call) {
  return call.args.empty() ? Lift<Rand>(call) : Lift<RandSeeded>(call);
}

Result<ColumnPtr> RunRandInteger(const KernelCall& call) {
  return call.args.size() == 1 ? Lift<RandInteger>(call) : Lift<RandIntegerSeeded>(call);
}

// Version 4, variant 1.
void Uuid(const KernelCall& call, StringSink& out) {
  Random& random = Of(call).random;
  uint64_t words[2] = {random.Next(), random.Next()};
  words[0] = (words[0] & ~uint64_t{0xF000}) | 0x4000;
  words[1] = (words[1] & ~(uint64_t{3} << 62)) | (uint64_t{2} << 62);
  char text[36];
  size_t at = 0;
  for (size_t i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) text[at++] = '-';
    text[at++] = "0123456789abcdef"[(words[i / 16] >> (60 - 4 * (i % 16))) & 15];
  }
  out.Assign({text, sizeof(text)});
}

template <size_t kLeast, size_t kMost>
bool TakesInts(CallTypes& call) {
  bool fits = CountBetween(call, kLeast, kMost);
  for (size_t i = 0; fits && i < call.types.size(); ++i) fits = WantsFrom(call, i, Family::kIntOrLess, DataType::Int());
  return fits;
}

Result<DataType> InferRand(CallTypes& call) {
  if (!TakesInts<0, 1>(call)) return BadArguments(call, "'RAND([<INTEGER>])'");
  return NullableIfArgs(call, DataType::Double());
}

Result<DataType> InferRandInteger(CallTypes& call) {
  if (!TakesInts<1, 2>(call)) return BadArguments(call, "'RAND_INTEGER([<INTEGER>, ]<INTEGER>)'");
  return NullableIfArgs(call, DataType::Int());
}

Result<DataType> InferUuid(CallTypes& call) {
  if (!call.types.empty()) return BadArguments(call, "'UUID()'");
  return DataType::Char(36).NotNull();
}

}  // namespace

extern const ScalarFunction kRand = {.name = "RAND",
                                     .signature = "RAND([seed INT]) -> DOUBLE",
                                     .doc = "A random number in [0, 1); with a seed the same sequence each time.",
                                     .example = "RAND() < 1",
                                     .example_result = "TRUE",
                                     .infer = InferRand,
                                     .kernel = RunRand,
                                     .deterministic = false,
                                     .prepare = Prepare};
extern const ScalarFunction kRandInteger = {.name = "RAND_INTEGER",
                                            .signature = "RAND_INTEGER([seed INT,] bound INT) -> INT",
                                            .doc = "A random integer in [0, bound); with a seed the same sequence.",
                                            .example = "RAND_INTEGER(10) < 10",
                                            .example_result = "TRUE",
                                            .infer = InferRandInteger,
                                            .kernel = RunRandInteger,
                                            .deterministic = false,
                                            .prepare = Prepare};
extern const ScalarFunction kUuid = {.name = "UUID",
                                     .signature = "UUID() -> CHAR(36)",
                                     .doc = "A random UUID (RFC 4122, type 4).",
                                     .example = "CHAR_LENGTH(UUID())",
                                     .example_result = "36",
                                     .infer = InferUuid,
                                     .kernel = Lift<Uuid>,
                                     .deterministic = false,
                                     .prepare = Prepare};

}  // namespace millrace::functions
