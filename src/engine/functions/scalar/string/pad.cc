// LPAD, RPAD and OVERLAY, which count UTF-16 units.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

// `length` units: the text's first ones, and the pad over and over before or behind them. Unit is char or char16_t.
template <typename Text>
Text Padded(const Text& text, size_t length, const Text& pad, bool left) {
  size_t kept = std::min(text.size(), length);
  Text padding;
  padding.reserve(length);
  while (padding.size() < length - kept) padding.append(pad, 0, std::min(pad.size(), length - kept - padding.size()));
  return left ? padding + text.substr(0, kept) : text.substr(0, kept) + padding;
}

template <bool kLeft>
Result<std::optional<std::string>> Pad(std::string_view text, int32_t length, std::string_view pad) {
  if (length < 0 || pad.empty()) return std::optional<std::string>();
  if (length > kMaxTextBytes) return TextTooLong(kLeft ? "LPAD" : "RPAD");
  auto units = static_cast<size_t>(length);
  if (IsAsciiText(text) && IsAsciiText(pad)) {
    return std::optional<std::string>(Padded(std::string(text), units, std::string(pad), kLeft));
  }
  return std::optional<std::string>(ToUtf8(Padded(ToUtf16(text), units, ToUtf16(pad), kLeft)));
}

template <typename Text>
Text Overlaid(const Text& text, const Text& with, int64_t start, int64_t length) {
  Text out = text.substr(0, static_cast<size_t>(start - 1));
  out += with;
  if (length > 0 && start + length <= static_cast<int64_t>(text.size())) {
    out += text.substr(static_cast<size_t>(start - 1 + length));
  }
  return out;
}

// A length of nothing is that of the new text.
std::string Overlay(std::string_view text, std::string_view with, int64_t start, std::optional<int64_t> length) {
  if (IsAsciiText(text) && IsAsciiText(with)) {
    if (start <= 0 || start > static_cast<int64_t>(text.size())) return std::string(text);
    auto units = static_cast<int32_t>(length.value_or(static_cast<int64_t>(with.size())));
    return Overlaid(std::string(text), std::string(with), static_cast<int32_t>(start), units);
  }
  std::u16string wide = ToUtf16(text);
  std::u16string wide_with = ToUtf16(with);
  if (start <= 0 || start > static_cast<int64_t>(wide.size())) return std::string(text);
  auto units = static_cast<int32_t>(length.value_or(static_cast<int64_t>(wide_with.size())));
  return ToUtf8(Overlaid(wide, wide_with, static_cast<int32_t>(start), units));
}

std::string OverlayAll(std::string_view text, std::string_view with, int64_t start) {
  return Overlay(text, with, start, std::nullopt);
}
std::string OverlayPart(std::string_view text, std::string_view with, int64_t start, int64_t length) {
  return Overlay(text, with, start, length);
}

Result<ColumnPtr> RunOverlay(const KernelCall& call) {
  return call.args.size() == 3 ? Lift<OverlayAll>(call) : Lift<OverlayPart>(call);
}

Result<DataType> InferPad(CallTypes& call) {
  if (!CountBetween(call, 3, 3) || !Takes(call, 0, Family::kString, DataType::String()) ||
      !WantsFrom(call, 1, Family::kInteger, DataType::Int()) || !Takes(call, 2, Family::kString, DataType::String())) {
    return BadArguments(call, "'" + std::string(call.name) + "(<CHARACTER>, <INTEGER>, <CHARACTER>)'");
  }
  return NullableIfArgs(call, DataType::String());
}

Result<DataType> InferOverlay(CallTypes& call) {
  bool fits = CountBetween(call, 3, 4);
  for (size_t i = 0; fits && i < call.types.size(); ++i) {
    fits = i < 2 ? Takes(call, i, Family::kString, DataType::String())
                 : WantsFrom(call, i, Family::kInteger, DataType::Bigint());
  }
  if (!fits) return BadArguments(call, "'OVERLAY(<STRING> PLACING <STRING> FROM <INTEGER> [FOR <INTEGER>])'");
  int64_t length = static_cast<int64_t>(call.types[0].length()) + call.types[1].length();
  return NullableIfArgs(call, DataType::Varchar(static_cast<int32_t>(std::min<int64_t>(length, DataType::kMaxLength))));
}

}  // namespace

extern const ScalarFunction kLpad = {
    .name = "LPAD",
    .signature = "LPAD(text STRING, length INT, pad STRING) -> STRING",
    .doc =
        "The text padded on the left, or cut, to a length in UTF-16 units. NULL for an empty pad or a negative length.",
    .example = "LPAD('hi', 4, '*-')",
    .example_result = "*-hi",
    .infer = InferPad,
    .kernel = Lift<Pad<true>>};
extern const ScalarFunction kRpad = {
    .name = "RPAD",
    .signature = "RPAD(text STRING, length INT, pad STRING) -> STRING",
    .doc =
        "The text padded on the right, or cut, to a length in UTF-16 units. NULL for an empty pad or a negative "
        "length.",
    .example = "RPAD('hi', 4, '*-')",
    .example_result = "hi*-",
    .infer = InferPad,
    .kernel = Lift<Pad<false>>};
extern const ScalarFunction kOverlay = {
    .name = "OVERLAY",
    .signature = "OVERLAY(text STRING PLACING new STRING FROM start INT [FOR length INT]) -> STRING",
    .doc = "The text with `length` UTF-16 units from `start` replaced; the length of the new text if not given.",
    .example = "OVERLAY('This is an old string' PLACING ' new' FROM 11 FOR 4)",
    .example_result = "This is an new string",
    .infer = InferOverlay,
    .kernel = RunOverlay};

}  // namespace millrace::functions
