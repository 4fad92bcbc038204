#include "tests/cluster/evidence.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>

#include "tests/cluster/checker.hpp"

namespace reenact::tests {
namespace {

const char* word(work what) {
  switch (what) {
    case work::create: return "creation";
    case work::change: return "change";
    case work::remove: return "removal";
    case work::read: return "read";
    case work::list: break;
  }
  return "list";
}

} // namespace

evidence::evidence(const histories& seen, const journal_dump& kept)
  : all(seen),
    dump(kept),
    begin_ns(std::numeric_limits<std::int64_t>::max()) {
  for (std::size_t client = 0; client < seen.size(); ++client)
    for (const auto& did : seen[client]) {
      begin_ns = std::min(begin_ns, did.begun_ns);
      if (!did.command.empty()) attempts[did.command].push_back({client, &did});
    }
  for (auto& [command, tried] : attempts)
    std::ranges::stable_sort(tried, {}, [](const attempt& a) { return a.did->begun_ns; });
  for (const auto& r : kept) {
    of_stream[stream_name(r.stream, r.entity)].push_back(&r);
    if (!r.command.empty()) of_command[r.command].push_back(&r);
  }
}

const stream_records* evidence::stream(const std::string& type, const std::string& entity) const {
  const auto found = of_stream.find(stream_name(type, entity));
  return found == of_stream.end() ? nullptr : &found->second;
}

std::string evidence::words(const attempt& of) const {
  const auto& did = *of.did;
  const auto ms = [this](std::int64_t at) {
    char text[32];
    (void)std::snprintf(text, sizeof text, "%.3f", static_cast<double>(at - begin_ns) / 1e6);
    return std::string(text);
  };
  auto said = "client " + std::to_string(of.client) + "'s " + word(did.what) + " of " + did.type;
  if (!did.entity.empty()) said += "/" + did.entity;
  if (did.what == work::list && !did.within.empty()) said += " within " + did.within;
  if (!did.command.empty()) said += " (command " + did.command + ")";
  return said + " from " + ms(did.begun_ns) + " to " + ms(did.ended_ns) + " ms";
}

std::string stream_name(std::string_view type, std::string_view entity) {
  return std::string(type).append("/").append(entity); // no slash stands in a type
}

std::string words(const dumped_record& of) {
  return stream_name(of.stream, of.entity) + " version " + std::to_string(of.version) + " at " +
         std::to_string(of.shard) + "/" + std::to_string(of.sequence);
}

std::uint64_t version_shown(const stream_records& of, std::uint64_t records) {
  while (records > 0 && of[records - 1]->type.empty()) --records;
  return records;
}

std::vector<std::string> check(const histories& seen, const journal_dump& dump) {
  const evidence all(seen, dump);
  std::vector<std::string> said;
  for (const auto part : {check_logs, check_commands, check_order, check_lists}) {
    complaints found;
    part(all, found);
    const auto shown = std::min(found.size(), complaints_max);
    said.insert(said.end(), found.begin(), found.begin() + static_cast<std::ptrdiff_t>(shown));
    if (found.size() > shown)
      said.push_back("and " + std::to_string(found.size() - shown) + " complaints more like these");
  }
  return said;
}

} // namespace reenact::tests
