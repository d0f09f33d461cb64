// Generators of one field of 'datagen': random values between limits, or a sequence.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/options.h"
#include "base/random.h"
#include "base/result.h"
#include "types/column.h"
#include "types/data_type.h"

namespace millrace::connectors::datagen {

// Makes the value of one field in row `row` of the whole table; all chance comes from `random`. Immutable.
class FieldGenerator {
 public:
  virtual ~FieldGenerator() = default;
  virtual void Append(Random& random, int64_t row, ColumnBuilder& out) const = 0;
  // How many rows it can make; INT64_MAX: as many as wanted.
  virtual int64_t rows() const { return INT64_MAX; }
};
using FieldGeneratorPtr = std::unique_ptr<FieldGenerator>;

// The generator that the options "fields.<name>.…" ask for; `used` receives the keys that were read. `clock` is
// borrowed.
Result<FieldGeneratorPtr> MakeFieldGenerator(const std::string& name, const DataType& type, const OptionMap& options,
                                             const Clock* clock, std::set<std::string>* used);

}  // namespace millrace::connectors::datagen
