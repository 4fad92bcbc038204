#pragma once

#include <string>
#include <utility>
#include <variant>

namespace reenact::persistence {

/// The world failed: a disk, a network, a file that is not what it was. A value, never an
/// exception: engines catch at the library that threw. Whoever owns the retry reads `what`, people
/// read `text`, which says what to do next.
struct failure {
  enum class kind {
    refused, ///< cannot be opened like this: wrong settings, held by another process, moved away
    corrupt, ///< bytes are not what was written
    broken,  ///< a write or sync failed: the engine serves no more until the process restarts
    unknown, ///< sent, no answer: may or may not have happened
    unreachable, ///< not sent
    fenced       ///< another token owns the shard
  };
  kind what = kind::broken;
  std::string text;
};

/// A value or the failure that stands in its place.
template <class T>
class [[nodiscard]] result {
public:
  result(T value) : held_(std::move(value)) {}
  result(failure why) : held_(std::move(why)) {}

  explicit operator bool() const { return held_.index() == 0; }
  T& operator*() { return std::get<0>(held_); }
  const T& operator*() const { return std::get<0>(held_); }
  T* operator->() { return &std::get<0>(held_); }
  const T* operator->() const { return &std::get<0>(held_); }
  const failure& error() const { return std::get<1>(held_); }

private:
  std::variant<T, failure> held_;
};

struct done {};
using status = result<done>;

} // namespace reenact::persistence
