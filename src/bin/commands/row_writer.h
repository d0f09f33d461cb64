// Rows on standard output: plain (`+I[1, a]`), JSON, or a table on a terminal.
#pragma once

#include <string>

#include "engine/session/session.h"

namespace millrace::bin {

// kText: {"kind":"+I","row":["1",null]}, every value as CAST(… AS STRING) prints it; what the goldens hold.
enum class RowStyle : uint8_t { kPlain, kJson, kText };

// Prints what statements give. Plain rows are as Flink's `print` connector writes them.
class RowWriter : public engine::ResultListener {
 public:
  RowWriter(RowStyle style, const engine::Session& session) : style_(style), session_(session) {}
  Status OnSchema(const Schema& schema, bool changelog) override;
  Status OnRows(const Chunk& chunk) override;
  void OnMessage(const std::string& text) override;
  int64_t rows() const { return rows_; }

 private:
  void AppendPlain(const Chunk& chunk, int32_t row, std::string& out) const;
  void AppendJson(const Chunk& chunk, int32_t row, std::string& out) const;

  void AppendText(const Chunk& chunk, int32_t row, std::string& out) const;

  RowStyle style_;
  const engine::Session& session_;
  Schema schema_;
  int64_t rows_ = 0;
};

// A JSON string literal with its quotes.
std::string JsonQuote(std::string_view text);

}  // namespace millrace::bin
