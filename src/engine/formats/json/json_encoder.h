// The encoder of the format 'json': one object for each row.
#pragma once

#include <string>
#include <vector>

#include "engine/formats/format.h"

namespace millrace::formats::json {

enum class MapNullKeyMode : uint8_t { kFail, kDrop, kLiteral };

struct EncodeOptions {
  bool iso_timestamps = false;
  MapNullKeyMode null_key_mode = MapNullKeyMode::kFail;
  std::string null_key_literal = "null";
  bool plain_decimals = false;
  bool ignore_null_fields = false;
};

class JsonEncoder final : public Encoder {
 public:
  JsonEncoder(const Schema& schema, EncodeOptions options);
  Status Encode(const Chunk& chunk, int32_t row, RowKind kind, std::string& out) override;

 private:
  struct Member {
    std::string key;  // in quotes, with the colon
    DataType type;
    std::vector<Member> children;  // of a ROW
  };
  static Member MakeMember(const std::string& name, const DataType& type);
  static std::vector<Member> MakeMembers(const std::vector<Field>& fields);

  Status WriteValue(const Member& member, const Column& column, int32_t row, std::string& out) const;
  Status WriteMap(const Member& member, const Column& column, int32_t position, std::string& out) const;
  Status WriteArray(const Member& member, const Column& column, int32_t position, std::string& out) const;
  // `columns` holds the values of the members.
  Status WriteObject(const std::vector<Member>& members, const std::vector<ColumnPtr>& columns, int32_t row,
                     std::string& out) const;
  void WriteTimestamp(const Member& member, Timestamp value, std::string& out) const;

  EncodeOptions options_;
  std::vector<Member> members_;
};

}  // namespace millrace::formats::json
