// Formats turn records (bytes) into rows and back. One folder per format; formats.inc lists them.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/options.h"
#include "base/result.h"
#include "types/chunk.h"
#include "types/data_type.h"
#include "types/time_zone.h"

namespace millrace::formats {

// Which kinds of change a format, source or sink produces or takes.
struct ChangelogMode {
  bool insert = true;
  bool update_before = false;
  bool update_after = false;
  bool remove = false;  // -D

  static ChangelogMode InsertOnly() { return {}; }
  static ChangelogMode Upsert() { return {true, false, true, true}; }
  static ChangelogMode All() { return {true, true, true, true}; }
  bool IsInsertOnly() const { return insert && !update_before && !update_after && !remove; }
  bool HasUpdates() const { return update_before || update_after; }
  bool operator==(const ChangelogMode&) const = default;
  // Flink's text: "I,UB,UA,D".
  std::string ToString() const;
};

// Positions of nested fields from the outside in: {3, 0} is field 0 of the ROW in column 3.
using FieldPath = std::vector<int32_t>;

struct DecoderSpec {
  // The fields of the record as the table declares them (physical columns of this format), in order.
  Schema schema;
  // Which of them are wanted; the decoder fills one column for each path, in this order, and skips all else unparsed. A
  // path of one step is a whole column; a longer one is a field of a ROW, whose value is NULL where the ROW is NULL. No
  // path is the beginning of another one.
  std::vector<FieldPath> wanted;
  OptionMap options;  // without the format's prefix: "ignore-parse-errors", not "json.ignore-parse-errors"
  const TimeZone* zone = TimeZone::Utc();
  MemoryPool* pool = MemoryPool::Process();
};
// All columns of a schema, whole.
std::vector<FieldPath> AllPaths(const Schema& schema);
// The types of the columns that a decoder fills: a nested field is nullable where any ROW above it is.
std::vector<DataType> WantedTypes(const Schema& schema, const std::vector<FieldPath>& wanted);

// How many bytes behind the records a buffer must have that is handed to a decoder as their keeper. Their values do not
// matter.
constexpr size_t kKeeperPaddingBytes = 64;

// Not thread-safe; one per reader. `keeper`, when given, is the buffer in which the record or block lies, with
// kKeeperPaddingBytes behind it; text columns may then refer to it instead of copying.
class Decoder {
 public:
  virtual ~Decoder() = default;
  // Appends the rows of one record: into the first columns of `out`, one for each wanted path, then out.EndRow().
  // Usually one row, none for a record that is skipped, several for some CDC records. A caller with columns of its own
  // (metadata) appends to them after each call, once for each row that was ended. On failure nothing was appended; the
  // error has code "format.<name>.…" and names the field and the offending text, cut to a sane length; the caller adds
  // file and line, or topic, partition and offset.
  virtual Status Decode(std::string_view record, const BufferPtr& keeper, ChunkBuilder& out) = 0;
  // Many records of one block, each ended by '\n' ("\r\n" too; the last one may lack it only if `end_of_input`). Stops
  // when `out` is full or an incomplete record remains. Returns the bytes consumed and the number of lines they held. A
  // failure says in `failed_line` which line (counted from 0 in this block) is at fault; rows before it were appended.
  struct LinesResult {
    size_t bytes = 0;
    int64_t lines = 0;
  };
  virtual Result<LinesResult> DecodeLines(std::string_view block, bool end_of_input, const BufferPtr& keeper,
                                          ChunkBuilder& out, int64_t* failed_line);
};

struct EncoderSpec {
  Schema schema;  // columns of the chunks that will come, in order
  OptionMap options;
  const TimeZone* zone = TimeZone::Utc();
};

class Encoder {
 public:
  virtual ~Encoder() = default;
  // Appends the record of one row to `out`, without a line end. `kind` matters to changelog formats only.
  virtual Status Encode(const Chunk& chunk, int32_t row, RowKind kind, std::string& out) = 0;
};

struct Format {
  std::string_view name;
  std::span<const OptionSpec> options;
  bool nested_projection = false;  // whether wanted paths may have more than one step
  ChangelogMode decode_mode = {};  // what Decode() produces
  ChangelogMode encode_mode = {};  // what Encode() takes
  Result<std::unique_ptr<Decoder>> (*make_decoder)(const DecoderSpec& spec) = nullptr;
  Result<std::unique_ptr<Encoder>> (*make_encoder)(const EncoderSpec& spec) = nullptr;
};

// Fails with "format.unknown" and the nearest known name.
Result<const Format*> FindFormat(std::string_view name);
std::span<const Format* const> AllFormats();

}  // namespace millrace::formats
