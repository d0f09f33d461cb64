// Checks of query hints, and the tables that they name.
#include "engine/sql/query_hints.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/sql/ast_walk.h"
#include "engine/sql/binder.h"

namespace millrace::sql {
namespace {

// What a hint takes, and what it stands on.
enum class HintForm : uint8_t { kTables, kPairs };
struct KnownHint {
  std::string_view name;
  HintForm form;
};
constexpr KnownHint kHints[] = {
    {"OPTIONS", HintForm::kPairs},    {"LOOKUP", HintForm::kPairs},        {"STATE_TTL", HintForm::kPairs},
    {"BROADCAST", HintForm::kTables}, {"SHUFFLE_HASH", HintForm::kTables}, {"SHUFFLE_MERGE", HintForm::kTables},
    {"NEST_LOOP", HintForm::kTables},
};

Error HintError(const Hint& hint, std::string message, std::string what_to_do = {}) {
  return UserError("sql.hint", std::move(message), std::move(what_to_do), hint.range);
}

const KnownHint* FindHint(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kHints), std::end(kHints), [&](const KnownHint& h) { return h.name == name; });
  return found == std::end(kHints) ? nullptr : found;
}

std::string TextOf(const Expr& expr) {
  if (const auto* literal = As<Literal>(expr)) return literal->text;
  if (const auto* name = As<Identifier>(expr)) return fmt::format("{}", fmt::join(PathOf(*name), "."));
  return {};
}

const std::vector<OptionSpec>& LookupOptions() {
  static const std::vector<OptionSpec> kOptions = {
      {"table", OptionType::kString, {}, "the table that is looked up", true},
      {"async", OptionType::kBoolean, {}, "whether to look up asynchronously"},
      {"output-mode", OptionType::kEnum, {}, "order of asynchronous results", false, {"ordered", "allow_unordered"}},
      {"capacity", OptionType::kInt, {}, "requests under way at a time"},
      {"timeout", OptionType::kDuration, {}, "from the first try to the end of an asynchronous request"},
      {"retry-predicate", OptionType::kString, {}, "when to try again"},
      {"retry-strategy", OptionType::kString, {}, "how to try again"},
      {"fixed-delay", OptionType::kDuration, {}, "between two tries"},
      {"max-attempts", OptionType::kInt, {}, "how often to try"},
  };
  return kOptions;
}

bool SameWord(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

Error BadLookupValue(const Hint& hint, std::string_view key, const std::string& value, std::string_view expected) {
  return HintError(hint,
                   fmt::format("Invalid LOOKUP hint options: Could not parse value '{}' for key '{}'", value, key),
                   fmt::format("write {}", expected));
}

// Values that cannot be read as their type. Flink compares the names of enumerations without case, but '-' is not '_'.
Status CheckLookupTypes(const Hint& hint, const OptionMap& options) {
  for (const OptionSpec& spec : LookupOptions()) {
    auto found = options.find(spec.key);
    if (found == options.end()) continue;
    const std::string& value = found->second;
    bool whole = ParseLong(value).ok() && value.find_first_of("+ ") == std::string::npos;
    if (spec.type == OptionType::kBoolean && !SameWord(value, "true") && !SameWord(value, "false"))
      return BadLookupValue(hint, spec.key, value, "true or false");
    if (spec.type == OptionType::kInt && !whole) return BadLookupValue(hint, spec.key, value, "a whole number");
    if (spec.type == OptionType::kDuration && !ParseDuration(value).ok())
      return BadLookupValue(hint, spec.key, value, "a duration such as '10 s'");
    bool known = spec.type != OptionType::kEnum || std::any_of(spec.values.begin(), spec.values.end(),
                                                               [&](auto allowed) { return SameWord(allowed, value); });
    if (!known) return BadLookupValue(hint, spec.key, value, fmt::format("{}", fmt::join(spec.values, " or ")));
  }
  if (auto found = options.find("retry-strategy"); found != options.end() && !SameWord(found->second, "fixed_delay")) {
    return BadLookupValue(hint, "retry-strategy", found->second, "fixed_delay");
  }
  return Status::Ok();
}

Status CheckPositive(const Hint& hint, const OptionMap& options, std::string_view key) {
  auto found = options.find(key);
  if (found == options.end()) return Status::Ok();
  auto value = ParseLong(found->second);
  if (value.ok() && *value > 0 && *value <= INT32_MAX) return Status::Ok();
  return HintError(
      hint,
      fmt::format("Invalid LOOKUP hint option: {} value should be positive integer but was {}", key, found->second),
      "write a whole number from 1");
}

Status CheckLookup(const Hint& hint, const OptionMap& options) {
  if (!options.contains("table")) {
    return HintError(hint, "Invalid LOOKUP hint: the required option 'table' is missing",
                     "write LOOKUP('table' = 'name or alias of the table', …)");
  }
  size_t most = LookupOptions().size();
  if (options.size() > most) {
    return HintError(hint, fmt::format("Too many LOOKUP hint options {} beyond max number of supported options {}",
                                       options.size(), most));
  }
  MR_RETURN_IF_ERROR(CheckLookupTypes(hint, options));
  auto async = options.find("async");
  if (async != options.end() && SameWord(async->second, "true"))
    MR_RETURN_IF_ERROR(CheckPositive(hint, options, "capacity"));
  constexpr std::array<std::string_view, 4> kRetry = {"retry-predicate", "retry-strategy", "fixed-delay",
                                                      "max-attempts"};
  auto given = std::count_if(kRetry.begin(), kRetry.end(), [&](auto key) { return options.contains(key); });
  if (given == 0) return Status::Ok();
  if (given != static_cast<ptrdiff_t>(kRetry.size())) {
    return HintError(hint, "Invalid LOOKUP hint: retry options can be both null or all not null",
                     "write all of 'retry-predicate', 'retry-strategy', 'fixed-delay' and 'max-attempts', or none");
  }
  const std::string& predicate = options.find("retry-predicate")->second;
  if (!SameWord(predicate, "lookup_miss")) {
    return HintError(hint,
                     fmt::format("Invalid LOOKUP hint option: unsupported retry-predicate '{}', only 'lookup_miss' is "
                                 "supported currently",
                                 predicate),
                     "write 'retry-predicate' = 'lookup_miss'");
  }
  return CheckPositive(hint, options, "max-attempts");
}

Status CheckStateTtl(const Hint& hint, const OptionMap& options) {
  if (options.empty()) {
    return HintError(hint, "Invalid STATE_TTL hint, expecting at least one key-value options specified",
                     "write STATE_TTL('table' = '1 d')");
  }
  for (const auto& [table, ttl] : options) {
    if (ParseDuration(ttl).ok()) continue;
    return HintError(hint, fmt::format("Invalid STATE_TTL hint value: '{}' for '{}' is no duration", ttl, table),
                     "write a number and a unit: d, h, min, s or ms");
  }
  return Status::Ok();
}

Status CheckHint(const Hint& hint) {
  std::string name = HintName(hint);
  const KnownHint* known = FindHint(name);
  if (known == nullptr) {
    std::vector<std::string> names;
    for (const KnownHint& each : kHints) names.emplace_back(each.name);
    auto nearest = NearestWord(name, names);
    return HintError(
        hint, fmt::format("Hint: {} should be registered in the HintStrategyTable", name),
        nearest ? fmt::format("did you mean {}?", *nearest) : fmt::format("the hints are: {}", fmt::join(names, ", ")));
  }
  if (known->form == HintForm::kTables) {
    bool names = hint.format == Hint::Format::kIdentifiers || hint.format == Hint::Format::kLiterals;
    if (names && !hint.options.empty()) return Status::Ok();
    return HintError(
        hint, fmt::format("Invalid hint: {}, expecting at least one table or view specified in hint {}", name, name),
        fmt::format("write {}(table)", name));
  }
  MR_ASSIGN(OptionMap options, KeyValuesOf(hint));
  if (name == "LOOKUP") return CheckLookup(hint, options);
  if (name == "STATE_TTL") return CheckStateTtl(hint, options);
  if (options.empty()) {
    return HintError(hint, "Hint [OPTIONS] only support non empty key value options",
                     "write /*+ OPTIONS('key' = 'value') */");
  }
  return Status::Ok();
}

// ---- the tables that hints name ----

using Path = std::vector<std::string>;

Path SplitDots(const std::string& text) {
  Path path;
  size_t begin = 0;
  while (begin <= text.size()) {
    size_t dot = std::min(text.find('.', begin), text.size());
    path.push_back(text.substr(begin, dot - begin));
    begin = dot + 1;
  }
  return path;
}

// Whether one of the two is the end of the other.
bool Matches(const Path& option, const Path& name) {
  size_t count = std::min(option.size(), name.size());
  return std::equal(option.rbegin(), option.rbegin() + static_cast<ptrdiff_t>(count), name.rbegin());
}

// What an input is called: its alias, or the whole name of its table. Nothing for joins and queries without a name.
std::optional<Path> NameOf(const TableRef& table, const catalog::Catalogs& catalogs) {
  if (const auto* alias = As<TableAlias>(table)) return PathOf(*alias->alias);
  if (const auto* snapshot = As<Snapshot>(table)) return NameOf(*snapshot->table, catalogs);
  const auto* name = As<TableName>(table);
  if (name == nullptr) return std::nullopt;
  auto qualified = catalogs.Qualify(PathOf(*name->name));
  if (!qualified.ok()) return PathOf(*name->name);
  return Path{qualified->catalog, qualified->database, qualified->object};
}

struct JoinSides {
  std::optional<Path> left;
  std::optional<Path> right;
};

void CollectJoins(const TableRef& table, const catalog::Catalogs& catalogs, std::vector<JoinSides>& joins) {
  const auto* join = As<Join>(table);
  if (join == nullptr) return;
  joins.push_back({NameOf(*join->left, catalogs), NameOf(*join->right, catalogs)});
  CollectJoins(*join->left, catalogs, joins);
  CollectJoins(*join->right, catalogs, joins);
}

// The tables that a hint names.
std::vector<std::string> NamedTables(const Hint& hint, const std::string& name) {
  std::vector<std::string> tables;
  if (name == "LOOKUP" || name == "STATE_TTL") {
    auto options = KeyValuesOf(hint);
    if (!options.ok()) return tables;
    if (name == "LOOKUP") return {options->find("table")->second};
    for (const auto& [table, ttl] : *options) tables.push_back(table);
    return tables;
  }
  for (const ExprPtr& option : hint.options) tables.push_back(TextOf(*option));
  return tables;
}

bool HasSubquery(const Select& select) {
  bool found = false;
  auto look = [&](const Expr& node) {
    found = found || As<Subquery>(node) != nullptr;
    return !found;
  };
  for (const AliasedExpr& item : select.items) WalkExpr(*item.expr, look);
  if (select.where) WalkExpr(*select.where, look);
  if (select.having) WalkExpr(*select.having, look);
  return found;
}

bool MatchesSide(const Path& option, const std::optional<Path>& side) { return side && Matches(option, *side); }

// The tables of the hint that are no input; fails when one is both sides of a join.
Result<std::vector<std::string>> UnmatchedTables(const Hint& hint, const std::string& name,
                                                 const std::vector<JoinSides>& joins,
                                                 const std::optional<Path>& grouped) {
  std::vector<std::string> unmatched;
  for (const std::string& table : NamedTables(hint, name)) {
    Path option = SplitDots(table);
    bool found = name == "STATE_TTL" && MatchesSide(option, grouped);
    for (const JoinSides& join : joins) {
      bool left = MatchesSide(option, join.left) && name != "LOOKUP";
      bool right = MatchesSide(option, join.right);
      if (left && right) {
        return HintError(hint, fmt::format("Ambitious option: {} in {} hint: it is both inputs of a join", table, name),
                         "give the inputs aliases, and name those");
      }
      found = found || left || right;
    }
    if (!found) unmatched.push_back(table);
  }
  return unmatched;
}

}  // namespace

std::string HintName(const Hint& hint) {
  std::string name = PathOf(*hint.name).back();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

Result<OptionMap> KeyValuesOf(const Hint& hint) {
  OptionMap options;
  if (hint.format == Hint::Format::kEmpty) return options;
  if (hint.format != Hint::Format::kKeyValue) {
    std::string name = HintName(hint);
    std::string message = name == "OPTIONS" ? "Hint [OPTIONS] only support non empty key value options"
                                            : fmt::format(
                                                  "Invalid list options in {} hint, only support key-value "
                                                  "options",
                                                  name);
    return HintError(hint, std::move(message), fmt::format("write {}('key' = 'value')", name));
  }
  for (size_t i = 0; i + 1 < hint.options.size(); i += 2)
    options[TextOf(*hint.options[i])] = TextOf(*hint.options[i + 1]);
  return options;
}

Status CheckHints(const std::vector<Hint>& hints) {
  for (const Hint& hint : hints) MR_RETURN_IF_ERROR(CheckHint(hint));
  return Status::Ok();
}

Status CheckHintedTables(const Select& select, bool aggregated, const catalog::Catalogs& catalogs) {
  if (select.hints.empty() || !select.from || HasSubquery(select)) return Status::Ok();
  std::vector<JoinSides> joins;
  CollectJoins(*select.from, catalogs, joins);
  std::optional<Path> grouped;
  if (aggregated && joins.empty()) grouped = NameOf(*select.from, catalogs);
  for (const Hint& hint : select.hints) {
    std::string name = HintName(hint);
    bool stands = name != "OPTIONS" && (!joins.empty() || (aggregated && name == "STATE_TTL"));
    if (!stands) continue;
    MR_ASSIGN(std::vector<std::string> unmatched, UnmatchedTables(hint, name, joins, grouped));
    if (unmatched.empty()) continue;
    return HintError(hint,
                     fmt::format("The options of following hints cannot match the name of input tables or views: `{}` "
                                 "in `{}`",
                                 fmt::join(unmatched, ", "), name),
                     "name the aliases or tables that this SELECT joins or groups");
  }
  return Status::Ok();
}

int64_t HintedTtl(const std::vector<Hint>& hints, const TableRef& input, const catalog::Catalogs& catalogs) {
  std::optional<Path> name = NameOf(input, catalogs);
  if (!name) return -1;
  for (const Hint& hint : hints) {
    if (HintName(hint) != "STATE_TTL") continue;
    auto options = KeyValuesOf(hint);
    if (!options.ok()) continue;
    for (const auto& [table, ttl] : *options) {
      auto parsed = ParseDuration(ttl);
      if (parsed.ok() && Matches(SplitDots(table), *name)) return parsed->count();
    }
  }
  return -1;
}

bool HasOptionsHint(const std::vector<Hint>& hints) {
  return std::any_of(hints.begin(), hints.end(), [](const Hint& hint) { return HintName(hint) == "OPTIONS"; });
}

}  // namespace millrace::sql
