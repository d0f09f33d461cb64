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

struct DecoderSpec {
  // The fields of the record as the table declares them (physical columns of this format), in order.
  Schema schema;
  // Which of them are wanted, as positions in `schema`; the decoder fills only these, in this order. Others are skipped unparsed.
  std::vector<int32_t> wanted;
  OptionMap options;              // without the format's prefix: "ignore-parse-errors", not "json.ignore-parse-errors"
  const TimeZone* zone = TimeZone::Utc();
  MemoryPool* pool = MemoryPool::Process();
};

// Not thread-safe; one per reader.
class Decoder {
 public:
  virtual ~Decoder() = default;
  // Appends the rows of one record: into columns first_column, first_column + 1, … of `out`, then out.EndRow(). Usually one row, none for
  // a record that is skipped, several for some CDC records. On failure nothing was appended; the error has code "format.<name>.…" and
  // names the field and the offending text, cut to a sane length; the caller adds file and line, or topic, partition and offset.
  virtual Status Decode(std::string_view record, ChunkBuilder& out) = 0;
  // Many records of one block, each ended by '\n' ("\r\n" too; the last one may lack it only if `end_of_input`). Stops when `out` is full
  // or an incomplete record remains. Returns the bytes consumed and the number of records; a failure says in `failed_record` which record
  // (counted from 0 in this block) is at fault; rows before it were appended.
  struct LinesResult {
    size_t bytes = 0;
    int64_t records = 0;
  };
  virtual Result<LinesResult> DecodeLines(std::string_view block, bool end_of_input, ChunkBuilder& out, int64_t* failed_record);
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
  ChangelogMode decode_mode;  // what Decode() produces
  ChangelogMode encode_mode;  // what Encode() takes
  Result<std::unique_ptr<Decoder>> (*make_decoder)(const DecoderSpec& spec) = nullptr;
  Result<std::unique_ptr<Encoder>> (*make_encoder)(const EncoderSpec& spec) = nullptr;
};

// Fails with "format.unknown" and the nearest known name.
Result<const Format*> FindFormat(std::string_view name);
std::span<const Format* const> AllFormats();

}  // namespace millrace::formats
