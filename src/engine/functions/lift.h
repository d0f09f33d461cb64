// Turns a plain C++ function over one row's values into a vectorised kernel. Include in .cc files only.
//
//   Lift<Fn>       NULL in any plain argument gives NULL without a call of Fn; rows outside call.rows are never
//   touched. LiftTotal<Fn>  the same for fast arithmetic: Fn takes and gives plain fixed-width values, and may run on
//   rows that nobody asked
//                  for and on the garbage under a NULL, so it must not fail, trap, or read memory by a value.
//
// Fn is a function pointer (or a lambda without captures). Its parameters, in this order:
//   const KernelCall&   optional: context, state, constant arguments
//   StringSink&         optional: where the text of the result is written; then Fn returns void, bool (false: NULL),
//   Status or Result<bool> the arguments       bool, int8_t … int64_t, float, double, int128_t, Timestamp,
//   std::string_view, ListRef; or std::optional of
//                       one of them, which is empty for NULL (such an argument never makes the result NULL by itself)
// Its result: a value, std::optional of it (empty: NULL), or a Result of either. A std::string is copied into the
// result. A std::string_view must lie in an argument, in the call's state or in static memory.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "engine/functions/scalar_function.h"
#include "types/column.h"

namespace millrace::functions {

// Writes the text of one result row. Fresh for each row.
class StringSink {
 public:
  explicit StringSink(StringArena& arena) : arena_(&arena) {}

  // Room for at most `bytes`; one call per row, ended by Commit().
  char* Reserve(size_t bytes) {
    reserved_ = bytes;
    start_ = bytes <= StringRef::kInlineBytes ? inline_ : arena_->Reserve(bytes);
    return start_;
  }
  // The first `bytes` of the reserved room are the result.
  void Commit(size_t bytes) {
    if (start_ != inline_) arena_->Shrink(bytes <= StringRef::kInlineBytes ? reserved_ : reserved_ - bytes);
    result_ = StringRef(std::string_view(start_, bytes));
  }
  // Copies `text`.
  void Assign(std::string_view text) { result_ = arena_->Copy(text); }
  // Shares `text`, whose bytes lie in an argument or live for ever.
  void AssignView(std::string_view text) { result_ = StringRef(text); }

  StringRef result() const { return result_; }

 private:
  StringArena* arena_;
  char* start_ = nullptr;
  size_t reserved_ = 0;
  char inline_[StringRef::kInlineBytes];
  StringRef result_;
};

namespace lift_internal {

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <typename T>
struct IsResult : std::false_type {};
template <typename T>
struct IsResult<Result<T>> : std::true_type {};

template <typename T>
struct Bare {
  using Type = T;
};
template <typename T>
struct Bare<std::optional<T>> {
  using Type = T;
};
template <typename T>
struct Bare<Result<T>> {
  using Type = typename Bare<T>::Type;
};

// How a C++ type lies in a column.
template <typename T>
struct StoredType {
  using Type = T;
};
template <>
struct StoredType<bool> {
  using Type = uint8_t;
};
template <>
struct StoredType<std::string_view> {
  using Type = StringRef;
};
template <>
struct StoredType<std::string> {
  using Type = StringRef;
};
template <typename T>
using Stored = typename StoredType<typename Bare<T>::Type>::Type;

template <typename T>
inline T FromStored(const Stored<T>& stored) {
  if constexpr (std::is_same_v<T, bool>) {
    return stored != 0;
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    return stored.view();
  } else {
    return stored;
  }
}

template <typename A>
inline A Load(const ColumnReader<Stored<A>>& reader, int32_t row) {
  if constexpr (IsOptional<A>::value) {
    if (reader.IsNull(row)) return std::nullopt;
    return FromStored<typename Bare<A>::Type>(reader[row]);
  } else {
    return FromStored<A>(reader[row]);
  }
}

// A function type taken apart.
template <bool kCall, bool kSink, typename R, typename... A>
struct Shape {
  static constexpr bool kTakesCall = kCall;
  static constexpr bool kTakesSink = kSink;
  static constexpr size_t kArity = sizeof...(A);
  using Return = R;
  using Args = std::tuple<std::decay_t<A>...>;
};
template <typename F>
struct ShapeOf;
template <typename R, typename... A>
struct ShapeOf<R (*)(A...)> : Shape<false, false, R, A...> {};
template <typename R, typename... A>
struct ShapeOf<R (*)(const KernelCall&, A...)> : Shape<true, false, R, A...> {};
template <typename R, typename... A>
struct ShapeOf<R (*)(StringSink&, A...)> : Shape<false, true, R, A...> {};
template <typename R, typename... A>
struct ShapeOf<R (*)(const KernelCall&, StringSink&, A...)> : Shape<true, true, R, A...> {};

// Stores what Fn gave for a row. Returns an error to stop at.
template <typename W, typename R>
inline Status Store(W& writer, int32_t row, R&& value) {
  using V = std::decay_t<R>;
  if constexpr (IsResult<V>::value) {
    if (!value.ok()) return std::forward<R>(value).error();
    return Store(writer, row, *std::forward<R>(value));
  } else if constexpr (IsOptional<V>::value) {
    if (value.has_value()) return Store(writer, row, *std::forward<R>(value));
    writer.SetNull(row);
  } else if constexpr (std::is_same_v<V, std::string>) {
    writer.values()[row] = writer.arena().Copy(value);
  } else if constexpr (std::is_same_v<V, std::string_view>) {
    writer.values()[row] = StringRef(value);
  } else if constexpr (std::is_same_v<V, bool>) {
    writer.values()[row] = value ? 1 : 0;
  } else {
    writer.values()[row] = value;
  }
  return Status();
}

// Calls Fn for one row with a sink and stores its text.
template <typename W, typename F>
inline Status StoreSink(W& writer, int32_t row, F&& call) {
  StringSink sink(writer.arena());
  using R = decltype(call(sink));
  if constexpr (std::is_void_v<R>) {
    call(sink);
    writer.values()[row] = sink.result();
  } else if constexpr (std::is_same_v<R, bool>) {
    if (call(sink)) {
      writer.values()[row] = sink.result();
    } else {
      writer.SetNull(row);
    }
  } else if constexpr (std::is_same_v<R, Status>) {
    Status status = call(sink);
    if (!status.ok()) return status;
    writer.values()[row] = sink.result();
  } else {
    static_assert(std::is_same_v<R, Result<bool>>, "a function with a sink returns void, bool, Status or Result<bool>");
    R result = call(sink);
    if (!result.ok()) return std::move(result).error();
    if (*result) {
      writer.values()[row] = sink.result();
    } else {
      writer.SetNull(row);
    }
  }
  return Status();
}

// Whether NULL in argument i makes the result NULL.
template <typename S, size_t I>
constexpr bool kStrict = !IsOptional<std::tuple_element_t<I, typename S::Args>>::value;

template <auto Fn, typename Indices>
struct Runner;

template <auto Fn, size_t... I>
struct Runner<Fn, std::index_sequence<I...>> {
  using S = ShapeOf<std::remove_const_t<decltype(Fn)>>;
  template <size_t K>
  using Arg = std::tuple_element_t<K, typename S::Args>;
  using Result_ = std::conditional_t<S::kTakesSink, std::string, typename S::Return>;
  using Writer = FlatWriter<Stored<Result_>>;
  using Readers = std::tuple<ColumnReader<Stored<Arg<I>>>...>;

  static Status RunRow(const KernelCall& call, const Readers& readers, Writer& writer, int32_t row) {
    if constexpr (S::kTakesSink) {
      return StoreSink(writer, row, [&](StringSink& sink) {
        if constexpr (S::kTakesCall) {
          return Fn(call, sink, Load<Arg<I>>(std::get<I>(readers), row)...);
        } else {
          return Fn(sink, Load<Arg<I>>(std::get<I>(readers), row)...);
        }
      });
    } else if constexpr (S::kTakesCall) {
      return Store(writer, row, Fn(call, Load<Arg<I>>(std::get<I>(readers), row)...));
    } else {
      return Store(writer, row, Fn(Load<Arg<I>>(std::get<I>(readers), row)...));
    }
  }

  static Result<ColumnPtr> Run(const KernelCall& call) {
    MR_DCHECK(call.args.size() == S::kArity);
    Readers readers(ColumnReader<Stored<Arg<I>>>(*call.args[I])...);
    if (((kStrict<S, I> && (call.args[I]->type().Is(TypeKind::kNull) ||
                            (std::get<I>(readers).IsConstant() && std::get<I>(readers).IsNull(0)))) ||
         ...)) {
      return MakeConstant(call.expr.type, Value::Null(), call.size, call.context.pool);
    }
    Writer writer(call.expr.type, call.size, call.context.pool);
    bool nulls = ((kStrict<S, I> && std::get<I>(readers).MayHaveNulls()) || ...);
    for (int32_t i = 0; i < call.rows.count(); ++i) {
      int32_t row = call.rows[i];
      if (nulls && ((kStrict<S, I> && std::get<I>(readers).IsNull(row)) || ...)) {
        writer.SetNull(row);
        continue;
      }
      MR_RETURN_IF_ERROR(RunRow(call, readers, writer, row));
    }
    if constexpr (std::is_same_v<typename Bare<Result_>::Type, std::string_view> || S::kTakesSink) {
      (KeepBuffers(writer, *call.args[I]), ...);
    }
    return writer.Finish();
  }

  static void KeepBuffers(Writer& writer, const Column& column) {
    if (column.type().physical() == PhysicalKind::kString) writer.KeepBuffersOf(column);
  }
};

// Rows of `reader` that are null become null in the result. `words` holds call.size bits.
template <typename T>
void CopyNulls(const ColumnReader<T>& reader, uint64_t* words, int32_t size, RowSet rows) {
  if (!reader.MayHaveNulls()) return;
  if (reader.IsFlat()) {
    for (size_t i = 0; i < bits::BytesFor(size) / 8; ++i) words[i] &= reader.validity()[i];
    return;
  }
  rows.ForEach([&](int32_t row) {
    if (reader.IsNull(row)) bits::Clear(words, row);
  });
}

template <auto Fn, typename Indices>
struct TotalRunner;

template <auto Fn, size_t... I>
struct TotalRunner<Fn, std::index_sequence<I...>> {
  using S = ShapeOf<std::remove_const_t<decltype(Fn)>>;
  template <size_t K>
  using Arg = std::tuple_element_t<K, typename S::Args>;
  using R = typename S::Return;
  using Readers = std::tuple<ColumnReader<Stored<Arg<I>>>...>;
  static_assert(!S::kTakesCall && !S::kTakesSink && !IsOptional<R>::value && !IsResult<R>::value &&
                    (!IsOptional<Arg<I>>::value && ...) && (!std::is_same_v<Arg<I>, std::string_view> && ...),
                "LiftTotal takes plain fixed-width values");

  static void Dense(const Readers& readers, Stored<R>* out, int32_t size) {
    if constexpr (sizeof...(I) == 2) {
      using A = Arg<0>;
      using B = Arg<1>;
      const Stored<A>* a = std::get<0>(readers).values();
      const Stored<B>* b = std::get<1>(readers).values();
      if (std::get<0>(readers).IsConstant()) {
        const A left = FromStored<A>(a[0]);
        for (int32_t i = 0; i < size; ++i) out[i] = static_cast<Stored<R>>(Fn(left, FromStored<B>(b[i])));
        return;
      }
      if (std::get<1>(readers).IsConstant()) {
        const B right = FromStored<B>(b[0]);
        for (int32_t i = 0; i < size; ++i) out[i] = static_cast<Stored<R>>(Fn(FromStored<A>(a[i]), right));
        return;
      }
    }
    auto values = std::make_tuple(std::get<I>(readers).values()...);
    for (int32_t i = 0; i < size; ++i)
      out[i] = static_cast<Stored<R>>(Fn(FromStored<Arg<I>>(std::get<I>(values)[i])...));
  }

  static Result<ColumnPtr> Run(const KernelCall& call) {
    MR_DCHECK(call.args.size() == S::kArity);
    Readers readers(ColumnReader<Stored<Arg<I>>>(*call.args[I])...);
    if (((call.args[I]->type().Is(TypeKind::kNull) ||
          (std::get<I>(readers).IsConstant() && std::get<I>(readers).IsNull(0))) ||
         ...)) {
      return MakeConstant(call.expr.type, Value::Null(), call.size, call.context.pool);
    }
    FlatWriter<Stored<R>> writer(call.expr.type, call.size, call.context.pool);
    Stored<R>* out = writer.values();
    bool flat = (std::get<I>(readers).IsFlat() && ...);
    if constexpr (sizeof...(I) == 2) {
      flat = flat || (std::get<0>(readers).IsConstant() && std::get<1>(readers).IsFlat()) ||
             (std::get<0>(readers).IsFlat() && std::get<1>(readers).IsConstant());
    }
    if (flat && call.rows.count() * 2 > call.size) {
      Dense(readers, out, call.size);
    } else {
      call.rows.ForEach([&](int32_t row) {
        out[row] = static_cast<Stored<R>>(Fn(FromStored<Arg<I>>(std::get<I>(readers)[row])...));
      });
    }
    if ((std::get<I>(readers).MayHaveNulls() || ...)) {
      uint64_t* words = writer.MutableValidity();
      (CopyNulls(std::get<I>(readers), words, call.size, call.rows), ...);
    }
    return writer.Finish();
  }
};

template <auto Fn>
using Indices = std::make_index_sequence<ShapeOf<std::remove_const_t<decltype(Fn)>>::kArity>;

}  // namespace lift_internal

template <auto Fn>
Result<ColumnPtr> Lift(const KernelCall& call) {
  constexpr auto kFn = +Fn;
  return lift_internal::Runner<kFn, lift_internal::Indices<kFn>>::Run(call);
}

template <auto Fn>
Result<ColumnPtr> LiftTotal(const KernelCall& call) {
  constexpr auto kFn = +Fn;
  return lift_internal::TotalRunner<kFn, lift_internal::Indices<kFn>>::Run(call);
}

}  // namespace millrace::functions
