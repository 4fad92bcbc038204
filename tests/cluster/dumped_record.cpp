#include "tests/cluster/dumped_record.hpp"

#include <cstdio>
#include <ctime>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

namespace reenact::tests {
namespace {

namespace json = boost::json;

/// Of "2026-11-23T18:00:00.123456Z".
std::optional<std::int64_t> microseconds_of(const json::string& time) {
  std::tm parts{};
  int micros = 0, length = 0;
  const auto read =
      std::sscanf(time.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%6dZ%n", &parts.tm_year, &parts.tm_mon,
                  &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &micros, &length);
  if (read != 7 || static_cast<std::size_t>(length) != time.size()) return {};
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return std::int64_t{::timegm(&parts)} * 1'000'000 + micros;
}

dumped_record record_of(const json::object& line) {
  const auto text = [&](const char* name) {
    return std::string(line.at(name).as_string().c_str(), line.at(name).as_string().size());
  };
  dumped_record r;
  r.shard = json::value_to<std::uint32_t>(line.at("shard"));
  r.sequence = json::value_to<std::uint64_t>(line.at("sequence"));
  r.stream = text("stream");
  r.entity = text("entity");
  r.version = json::value_to<std::uint64_t>(line.at("version"));
  r.command = text("commandId");
  if (line.at("type").is_null()) return r;
  r.type = text("type");
  r.readable = line.at("event").is_object();
  r.next = r.readable && line.at("event").as_object().contains("next");
  return r;
}

} // namespace

std::optional<dumped_record> read_record(std::string_view line) {
  try {
    const auto parsed = json::parse(json::string_view(line.data(), line.size()));
    const auto stamp = microseconds_of(parsed.at("time").as_string());
    if (!stamp) return {};
    auto r = record_of(parsed.as_object());
    r.stamp_us = *stamp;
    return r;
  } catch (const std::exception&) {
    return {}; // torn, or another program's
  }
}

} // namespace reenact::tests
