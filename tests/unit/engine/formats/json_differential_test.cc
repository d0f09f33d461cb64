// The decoder against a plain reading of the document tree by simdjson, on random records, whole and damaged.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <map>

#include "base/json_text.h"
#include "base/random.h"
#include "format_fixture.h"

namespace millrace::formats {
namespace {

constexpr uint64_t kSeed = 20240105;
constexpr int kRecords = 20'000;

DataType InnerRow() { return DataType::Row({{"n", DataType::Bigint(), ""}, {"text", DataType::String(), ""}}); }
Schema TestSchema() {
  return Schema{{{"id", DataType::Bigint(), ""},
                 {"name", DataType::String(), ""},
                 {"inner", InnerRow(), ""},
                 {"a_key_that_is_longer_than_thirty_two_bytes", DataType::Bigint(), ""}}};
}

class RecordMaker {
 public:
  explicit RecordMaker(uint64_t seed) : random_(seed) {}

  // An object with some of the fields of TestSchema(), and others, in any order.
  std::string Make() {
    std::vector<std::string> members;
    if (random_.Below(8) > 0) members.push_back("\"id\"" + Colon() + Integer());
    if (random_.Below(8) > 0) members.push_back("\"name\"" + Colon() + Text());
    if (random_.Below(8) > 0) members.push_back("\"inner\"" + Colon() + Inner());
    if (random_.Below(3) == 0)
      members.push_back("\"a_key_that_is_longer_than_thirty_two_bytes\"" + Colon() + Integer());
    if (random_.Below(4) == 0) members.push_back("\"other\"" + Colon() + Anything(0));
    if (random_.Below(6) == 0) members.push_back("\"x\\u0041\"" + Colon() + Anything(0));
    if (random_.Below(4) == 0 && members.size() > 1) std::swap(members.front(), members.back());
    return Object(members);
  }

  // Changes, adds or takes away a byte; no control characters, which Flink's reader takes in strings and simdjson does
  // not.
  std::string Damage(std::string text) {
    size_t at = random_.Below(text.size());
    constexpr std::string_view kBytes = "\"\\{}[]:,0123456789-+.eEtfnu x\xC3\xA9\xFF";
    char byte = kBytes[random_.Below(kBytes.size())];
    switch (random_.Below(3)) {
      case 0:
        text[at] = byte;
        break;
      case 1:
        text.insert(at, 1, byte);
        break;
      default:
        text.erase(at, 1);
    }
    return text;
  }

  uint64_t Below(uint64_t bound) { return random_.Below(bound); }

 private:
  std::string Blank() { return random_.Below(10) == 0 ? std::string(1 + random_.Below(3), ' ') : ""; }
  std::string Colon() { return Blank() + ":" + Blank(); }
  std::string Object(const std::vector<std::string>& members) {
    std::string text = "{" + Blank();
    for (size_t i = 0; i < members.size(); ++i) text += (i > 0 ? "," + Blank() : "") + members[i];
    return text + Blank() + "}";
  }
  std::string Integer() {
    if (random_.Below(10) == 0) return "null";
    auto value = static_cast<int64_t>(random_.Next() >> random_.Below(64));
    return std::to_string(random_.Below(2) == 0 ? value : -value);
  }
  std::string Text() {
    if (random_.Below(10) == 0) return "null";
    std::string text;
    for (size_t left = random_.Below(60); left > 0; --left) {
      constexpr std::string_view kLetters[] = {"a", "b", "Z", " ", "\"", "\\", "/", "é", "😀", "\n"};
      text += random_.Below(5) == 0 ? kLetters[random_.Below(10)] : "x";
    }
    std::string quoted;
    AppendJsonString(&quoted, text);
    return quoted;
  }
  std::string Inner() {
    if (random_.Below(6) == 0) return "null";
    std::vector<std::string> members;
    if (random_.Below(6) > 0) members.push_back("\"n\"" + Colon() + Integer());
    if (random_.Below(6) == 0) members.push_back("\"more\"" + Colon() + Anything(1));
    if (random_.Below(6) > 0) members.push_back("\"text\"" + Colon() + Text());
    return Object(members);
  }
  std::string Anything(int depth) {
    switch (depth < 4 ? random_.Below(7) : random_.Below(5)) {
      case 0:
        return Integer();
      case 1:
        return Text();
      case 2:
        return "true";
      case 3:
        return "-0.5e+3";
      case 4:
        return "[]";
      case 5:
        return "[" + Anything(depth + 1) + "," + Blank() + Anything(depth + 1) + "]";
      default:
        return "{\"k\":" + Anything(depth + 1) + "}";
    }
  }

  Random random_;
};

Value IntegerOf(simdjson::dom::element element) {
  int64_t value = 0;
  return element.get(value) == simdjson::SUCCESS ? Value::Int(value) : Value::Null();
}
Value TextOf(simdjson::dom::element element) {
  std::string_view value;
  return element.get(value) == simdjson::SUCCESS ? Value::String(std::string(value)) : Value::Null();
}

// The row of a record whose members have the right types; false when it has not, or has a key twice.
bool ReferenceRow(simdjson::dom::element document, ValueRow* row) {
  simdjson::dom::object object;
  if (document.get(object) != simdjson::SUCCESS) return false;
  row->assign(4, Value::Null());
  std::map<std::string, int> seen;
  for (auto [key, value] : object) {
    if (++seen[std::string(key)] > 1) return false;
    bool null = value.is_null();
    if (key == "id" || key == "a_key_that_is_longer_than_thirty_two_bytes") {
      if (!null && !value.is<int64_t>()) return false;
      (*row)[key == "id" ? 0 : 3] = IntegerOf(value);
    } else if (key == "name") {
      if (!null && !value.is_string()) return false;
      (*row)[1] = TextOf(value);
    } else if (key == "inner" && !null) {
      simdjson::dom::object inner;
      if (value.get(inner) != simdjson::SUCCESS) return false;
      Value::List items(2);
      std::map<std::string, int> seen_inner;
      for (auto [name, item] : inner) {
        if (++seen_inner[std::string(name)] > 1) return false;
        if (name == "n" && !item.is_null() && !item.is<int64_t>()) return false;
        if (name == "text" && !item.is_null() && !item.is_string()) return false;
        if (name == "n") items[0] = IntegerOf(item);
        if (name == "text") items[1] = TextOf(item);
      }
      (*row)[2] = Value::Nested(std::move(items));
    }
  }
  return true;
}

// One decoder for all records, so that what it has learned is at work.
class Subject {
 public:
  explicit Subject(std::vector<FieldPath> wanted) : types_(WantedTypes(TestSchema(), wanted)) {
    DecoderSpec spec;
    spec.schema = TestSchema();
    spec.wanted = std::move(wanted);
    decoder_ = std::move(FindFormat("json").value()->make_decoder(spec).value());
  }
  Decoded Decode(const std::string& text) {
    Decoded decoded;
    ChunkBuilder builder(types_, MemoryPool::Process(), 16);
    BufferPtr keeper = MakeKeeper(text);
    Status status = decoder_->Decode({reinterpret_cast<const char*>(keeper->data()), text.size()}, keeper, builder);
    if (!status.ok()) decoded.error_code = status.error().code;
    decoded.rows = Rows(builder);
    return decoded;
  }

 private:
  std::vector<DataType> types_;
  std::unique_ptr<Decoder> decoder_;
};

TEST(JsonDifferentialTest, AgreesWithTheDocumentTree) {
  SCOPED_TRACE(kSeed);
  RecordMaker maker(kSeed);
  Subject whole(AllPaths(TestSchema()));
  Subject pruned({{2, 1}, {0}});
  simdjson::dom::parser parser;
  int compared = 0;
  int rejected = 0;
  for (int i = 0; i < kRecords; ++i) {
    std::string text = maker.Make();
    if (maker.Below(3) == 0) text = maker.Damage(std::move(text));
    Decoded decoded = whole.Decode(text);
    Decoded nested = pruned.Decode(text);
    simdjson::dom::element document;
    if (parser.parse(text).get(document) != simdjson::SUCCESS) {
      ++rejected;
      continue;  // whether it is malformed depends on what Flink does not read, such as a tail behind the object
    }
    ValueRow expected;
    if (!ReferenceRow(document, &expected)) {
      ASSERT_NE(decoded.error_code, "format.json.malformed") << text;
      continue;
    }
    ++compared;
    ASSERT_EQ(decoded.error_code, "") << text;
    ASSERT_EQ(decoded.rows.size(), 1U) << text;
    ASSERT_TRUE(decoded.rows[0] == expected) << text;
    ASSERT_EQ(nested.rows.size(), 1U) << text;
    Value inner_text = expected[2].IsNull() ? Value::Null() : expected[2].AsList()[1];
    ASSERT_TRUE(nested.rows[0] == ValueRow({inner_text, expected[0]})) << text;
  }
  EXPECT_GT(compared, kRecords / 2);
  EXPECT_GT(rejected, kRecords / 20);
}

}  // namespace
}  // namespace millrace::formats
