#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "messages/fields.hpp"

namespace reenact::gateway {

/// Messages as a seed makes them: all kinds, the ends of every range, texts of all scripts.
class random_message {
public:
  explicit random_message(std::uint32_t seed) : random_(seed) {}

  /// Fills some of the fields, nested messages at most `depth` deep.
  void fill(messages::any_message& m, int depth = 3);

  std::size_t below(std::size_t n) { return random_() % n; }

private:
  void fill_field(messages::any_message& m, const google::protobuf::FieldDescriptor* f, int depth);
  template <class Integer>
  Integer integer();
  double real();
  std::string text();
  std::string bytes();
  void stamp(messages::any_message& m);

  std::mt19937 random_;
};

} // namespace reenact::gateway
