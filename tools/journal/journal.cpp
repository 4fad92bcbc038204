#include "tools/journal/journal.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "persistence/inspection.hpp"
#include "persistence/repair.hpp"
#include "persistence/views/view_file.hpp"
#include "tools/command_line.hpp"
#include "tools/journal/dump.hpp"
#include "tools/journal/progress.hpp"
#include "tools/journal/report.hpp"
#include "tools/node/boot_id.hpp"
#include "tools/node/data_directory.hpp"

namespace reenact::tools {
namespace {

/// What the four subcommands share: which journal, and how to say it.
struct request {
  std::unique_ptr<command_line> given;
  std::string format = "text";
  selection which;
  bool apply = false;

  output as() const { return format == "json" ? output::json : output::text; }
};

std::shared_ptr<request> add(CLI::App& app) {
  auto wanted = std::make_shared<request>();
  wanted->given = std::make_unique<command_line>(
      app, std::vector<std::string_view>{"data.directory", "journal.url"});
  app.add_option("--output", wanted->format, "text|json; default text")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}));
  app.footer(exit_codes);
  return wanted;
}

exit_code failed(const persistence::failure& why, output as) {
  if (as == output::json)
    std::cout << boost::json::serialize(boost::json::object{{"error", why.text}}) << "\n";
  std::cerr << "mallbots journal: " << why.text << "\n";
  return why.what == persistence::failure::kind::corrupt ? exit_code::damaged : exit_code::failed;
}

/// Where the journal is, and where the views that were filled from it.
struct place {
  std::string url;
  std::string views;
};

template <class Look>
exit_code look_at(const request& wanted, Look look) {
  const auto read = wanted.given->read();
  if (!without_mistakes("mallbots journal", read.mistakes)) return exit_code::usage;
  const auto code =
      look(place{read.values.text("journal.url"), views_in(read.values.text("data.directory"))});
  if (std::cout.flush()) return code;
  std::cerr << "mallbots journal: cannot write all of it to stdout\n";
  return exit_code::failed;
}

exit_code run_stat(const request& wanted, const place& at) {
  const auto found = persistence::stat(at.url);
  return found ? report(*found, wanted.as(), std::cout) : failed(found.error(), wanted.as());
}

exit_code run_verify(const request& wanted, const place& at) {
  auto found = [&] {
    progress said;
    return persistence::verify(at.url, [&](auto done, auto of) { said.at(done, of); });
  }();
  return found ? report(*found, wanted.as(), std::cout) : failed(found.error(), wanted.as());
}

exit_code run_repair(const request& wanted, const place& at) {
  using persistence::repair_mode;
  persistence::sighting seen;
  if (auto views = persistence::witness_of(at.views, boot_id()))
    seen = {views->lineage, std::move(views->positions)};
  const auto mode = wanted.apply ? repair_mode::apply : repair_mode::look;
  const auto found = persistence::repair(at.url, mode, seen);
  return found ? report(*found, wanted.as(), std::cout) : failed(found.error(), wanted.as());
}

exit_code run_dump(const request& wanted, const place& at) {
  const auto found = persistence::look_at_events(at.url);
  if (!found) return failed(found.error(), wanted.as());
  if (const auto shards = found->who.shards; wanted.which.shard >= shards) {
    std::cerr << "mallbots journal: --shard: there are shards 0 to " << shards - 1 << "\n";
    return exit_code::usage;
  }
  const record_source from{found->ends, found->read_log, found->read_stream};
  const auto how = dump(from, wanted.which, wanted.as(), std::cout);
  return how ? exit_code::ok : failed(how.error(), wanted.as());
}

} // namespace

void add_journal(CLI::App& app, exit_code& code) {
  auto* journal = app.add_subcommand("journal", "Look at a journal that no node has open");
  journal->require_subcommand(1);
  const auto add_command = [&](const char* name, const char* help, auto run) {
    auto* command = journal->add_subcommand(name, help);
    const auto wanted = add(*command);
    command->callback([wanted, run, &code] {
      code = look_at(*wanted, [&](const place& at) { return run(*wanted, at); });
    });
    return std::pair(command, wanted);
  };
  add_command("stat", "Who it is and how much is in it", run_stat);
  add_command("verify", "Read every key and check it", run_verify);

  const auto [dump, dumped] = add_command("dump", "Its records, one a line", run_dump);
  auto& which = dumped->which;
  dump->add_option("--type", which.type, "only streams of this type: customers.Customer");
  dump->add_option("--entity", which.entity, "only streams of this id");
  dump->add_option("--shard", which.shard, "only this shard");
  dump->add_option("--from", which.from, "from this sequence on in each shard; default 1");
  dump->add_option("--most", which.most, "at most so many records; 0: all");

  const auto [repair, repaired] = add_command(
      "repair", "What a damaged one has lost; with --apply, make it open again", run_repair);
  repair->add_flag("--apply", repaired->apply,
                   "keep what can be read up to the first damage, for good");
}

} // namespace reenact::tools
