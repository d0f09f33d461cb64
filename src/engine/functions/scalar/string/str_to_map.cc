// STR_TO_MAP: a text of keys and values to a map; the separators are Java regular expressions.
#include <algorithm>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/regex/java_regex.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

struct Separators : FunctionState {
  RegexCache list{JavaRegex::Mode::kFind};
  RegexCache pair{JavaRegex::Mode::kFind};
};

std::unique_ptr<FunctionState> Prepare(const Expr& call, EvalContext& context) {
  static_cast<void>(call);
  static_cast<void>(context);
  return std::make_unique<Separators>();
}

// Java's String.split: at most `limit` parts, or any number (0) without empty ones at the end.
Result<std::vector<std::string_view>> Split(RegexCache& cache, std::string_view text, std::string_view separator,
                                            size_t limit) {
  JavaRegex* regex = cache.Get(separator);
  if (regex == nullptr) return cache.error();
  std::vector<std::string_view> parts;
  size_t start = 0;
  for (size_t from = 0; from <= text.size() && (limit == 0 || parts.size() + 1 < limit);) {
    MR_ASSIGN(bool found, regex->Find(text, from));
    if (!found) break;
    bool empty_at_start = regex->end() == 0;
    if (!empty_at_start && !(regex->start() == regex->end() && regex->start() >= text.size())) {
      parts.push_back(text.substr(start, regex->start() - start));
      start = regex->end();
    }
    from = NextSearchPosition(*regex, text);
  }
  parts.push_back(text.substr(start));
  while (limit == 0 && parts.size() > 1 && parts.back().empty()) parts.pop_back();
  return parts;
}

struct Entry {
  std::string_view key;
  std::optional<std::string_view> value;
};

int32_t JavaHash(std::string_view text) {
  uint32_t hash = 0;
  for (char16_t unit : ToUtf16(text)) hash = hash * 31 + unit;
  return static_cast<int32_t>(hash ^ (hash >> 16));
}

// Entries in the order in which Java's HashMap, made with room for `expected` entries, walks them.
void OrderAsHashMap(std::vector<Entry>& entries, size_t expected) {
  size_t wanted = expected <= 2 ? expected + 1 : (expected * 4 + 2) / 3;
  size_t buckets = 1;
  while (buckets < wanted) buckets *= 2;
  while (entries.size() * 4 > buckets * 3) buckets *= 2;
  std::stable_sort(entries.begin(), entries.end(), [buckets](const Entry& a, const Entry& b) {
    return (static_cast<uint32_t>(JavaHash(a.key)) & (buckets - 1)) <
           (static_cast<uint32_t>(JavaHash(b.key)) & (buckets - 1));
  });
}

// A later entry of a key replaces the value of the earlier one.
void Put(std::vector<Entry>& entries, const Entry& entry) {
  for (Entry& other : entries) {
    if (other.key != entry.key) continue;
    other.value = entry.value;
    return;
  }
  entries.push_back(entry);
}

Result<std::vector<Entry>> Parse(Separators& separators, std::string_view text, std::string_view list,
                                 std::string_view pair) {
  std::vector<Entry> entries;
  if (text.empty()) return entries;
  MR_ASSIGN(std::vector<std::string_view> items, Split(separators.list, text, list, 0));
  for (std::string_view item : items) {
    MR_ASSIGN(std::vector<std::string_view> sides, Split(separators.pair, item, pair, 2));
    if (sides.size() < 2) {
      Put(entries, {item, std::nullopt});
    } else {
      Put(entries, {sides[0], sides[1]});
    }
  }
  OrderAsHashMap(entries, items.size());
  return entries;
}

Result<ColumnPtr> Run(const KernelCall& call) {
  auto& separators = static_cast<Separators&>(*call.state);
  std::vector<ColumnReader<StringRef>> readers;
  for (const ColumnPtr& arg : call.args) readers.emplace_back(*arg);
  ColumnBuilder builder(call.expr.type, call.context.pool, call.size);
  for (int32_t i = 0; i < call.rows.count(); ++i) {
    int32_t row = call.rows[i];
    while (builder.size() < row) builder.AppendNull();
    bool null = std::any_of(readers.begin(), readers.end(), [row](const auto& reader) { return reader.IsNull(row); });
    if (null) {
      builder.AppendNull();
      continue;
    }
    std::string_view list = readers.size() == 3 ? readers[1][row].view() : std::string_view(",");
    std::string_view pair = readers.size() == 3 ? readers[2][row].view() : std::string_view("=");
    MR_ASSIGN(std::vector<Entry> entries, Parse(separators, readers[0][row].view(), list, pair));
    for (const Entry& entry : entries) {
      builder.child(0).AppendString(entry.key);
      if (entry.value.has_value()) {
        builder.child(1).AppendString(*entry.value);
      } else {
        builder.child(1).AppendNull();
      }
    }
    builder.CloseList(static_cast<int32_t>(entries.size()));
  }
  while (builder.size() < call.size) builder.AppendNull();
  return builder.Finish();
}

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() == 2 || !AllStrings(call, 1, 3)) {
    return BadArguments(call, "'STR_TO_MAP(<CHARACTER>)', 'STR_TO_MAP(<CHARACTER>, <CHARACTER>, <CHARACTER>)'");
  }
  return DataType::Map(DataType::String(), DataType::String());
}

}  // namespace

extern const ScalarFunction kStrToMap = {
    .name = "STR_TO_MAP",
    .signature = "STR_TO_MAP(text STRING [, list_separator STRING, pair_separator STRING]) -> MAP<STRING, STRING>",
    .doc = "The map that the text writes as key=value,key=value; the separators are Java regular expressions.",
    .example = "STR_TO_MAP('k1=v1,k2=v2')",
    .example_result = "{k1=v1, k2=v2}",
    .infer = Infer,
    .kernel = Run,
    .prepare = Prepare};

}  // namespace millrace::functions
