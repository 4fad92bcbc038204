#include "tools/journal/journal.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "persistence/open.hpp"
#include "tools/command_line.hpp"
#include "tools/journal/inspection.hpp"

namespace reenact::tools {
namespace {

/// What the four subcommands share: which journal, and how to say it.
struct request {
  std::unique_ptr<command_line> given;
  std::string format = "text";
  selection which;

  output as() const { return format == "json" ? output::json : output::text; }
};

exit_code failed(const std::string& why, exit_code how = exit_code::failed) {
  std::cerr << "mallbots journal: " << why << "\n";
  return how;
}

/// Opens a journal that is there, for `look`; nothing is made.
template <class Look>
exit_code open_for(const request& wanted, Look look) {
  const auto read = wanted.given->read();
  if (!without_mistakes("mallbots journal", read.mistakes)) return exit_code::usage;
  const auto& url = read.values.text("journal.url");
  constexpr std::string_view on_disk = "rocksdb:";
  if (!url.starts_with(on_disk))
    return failed(url + " keeps nothing that could be looked at", exit_code::usage);
  if (!std::filesystem::is_directory(url.substr(on_disk.size()) + "/db"))
    return failed("there is no journal at " + url + "; --data or --journal say where it is");
  const auto shards = static_cast<std::uint32_t>(read.values.count("journal.shards"));
  const auto opened = persistence::open(url, {.shards = shards});
  if (!opened)
    return failed(opened.error().text, opened.error().what == persistence::failure::kind::corrupt
                                           ? exit_code::damaged
                                           : exit_code::failed);
  const auto how = look(**opened);
  const auto closed = (*opened)->close();
  return closed ? how : failed(closed.error().text);
}

std::shared_ptr<request> add(CLI::App& app) {
  auto wanted = std::make_shared<request>();
  wanted->given = std::make_unique<command_line>(
      app, std::vector<std::string_view>{"data.directory", "journal.url", "journal.shards"});
  app.add_option("--output", wanted->format, "text|json; default text")
      ->check(CLI::IsMember({"text", "json"}));
  app.footer(exit_codes);
  return wanted;
}

} // namespace

void add_journal(CLI::App& app, exit_code& code) {
  auto* journal = app.add_subcommand("journal", "Look at a journal that no node has open");
  journal->require_subcommand(1);

  auto* stat_app = journal->add_subcommand("stat", "Who it is and how much is in it");
  stat_app->callback([wanted = add(*stat_app), &code] {
    code = open_for(*wanted, [&](const auto& of) { return stat(of, wanted->as(), std::cout); });
  });

  auto* dump_app = journal->add_subcommand("dump", "Its records, one a line");
  const auto dumped = add(*dump_app);
  auto& which = dumped->which;
  dump_app->add_option("--type", which.type, "only streams of this type: customers.Customer");
  dump_app->add_option("--entity", which.entity, "only streams of this id");
  dump_app->add_option("--shard", which.shard, "only this shard");
  dump_app->add_option("--from", which.from, "from this sequence on in each shard; default 1");
  dump_app->add_option("--most", which.most, "at most so many records");
  dump_app->callback([dumped, &code] {
    code = open_for(
        *dumped, [&](const auto& of) { return dump(of, dumped->which, dumped->as(), std::cout); });
  });

  auto* verify_app = journal->add_subcommand("verify", "Read everything and check it");
  verify_app->callback([wanted = add(*verify_app), &code] {
    code = open_for(*wanted, [&](const auto& of) { return verify(of, wanted->as(), std::cout); });
  });
}

} // namespace reenact::tools
