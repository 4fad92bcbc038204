#include "tools/busywork/check.hpp"

#include <algorithm>
#include <deque>
#include <exception>
#include <string_view>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "tools/busywork/client.hpp"
#include "tools/journal/progress.hpp"

namespace reenact::tools::busywork {
namespace {

constexpr std::uint64_t unreachable_max = 20;

call question_about(thing what) {
  switch (what) {
    case thing::customer: return call::get_customer;
    case thing::store: return call::get_store;
    case thing::product: return call::get_product;
    case thing::order: return call::get_order;
    case thing::basket: break;
  }
  return call::get_basket;
}

std::string quoted(const boost::json::value& name) { return boost::json::serialize(name); }

std::string decimal(std::int64_t money) {
  auto places = std::to_string(money % 10'000);
  places.insert(0, 4 - places.size(), '0');
  return std::to_string(money / 10'000) + "." + places;
}

/// What the shop shows otherwise than it was; empty if nothing.
std::string difference(const fact& was, const boost::json::value& answer) {
  const auto& is = answer.at(name_of(was.what));
  const auto named = [&] {
    const boost::json::value name(was.name);
    return is.at("name") == name ? ""
                                 : "is called " + quoted(is.at("name")) + ", not " + quoted(name);
  };
  const auto worth = [&](const char* field) {
    const auto now = money(is.at(field));
    return now == was.money ? ""
                            : "has the " + std::string(field) + " " + decimal(now) + ", not " +
                                  decimal(was.money);
  };
  switch (was.what) {
    case thing::customer:
    case thing::store: return named();
    case thing::product: return named().empty() ? worth("price") : named();
    case thing::order:
      return text(is, "status") == "completed" ? worth("total")
                                               : "is " + text(is, "status") + ", not completed";
    case thing::basket: break;
  }
  return is.at("items").as_array().empty() ? "" : "has items, though it was canceled";
}

/// What the connections of one check share.
struct round {
  const std::vector<fact>& all;
  checked found;
  std::size_t next = 0;
  std::uint64_t unreachable = 0;
  progress said = {};

  void differs(const fact& was, const std::string& how) {
    ++found.different;
    if (found.shown.size() < checked::shown_max)
      found.shown.push_back(std::string(name_of(was.what)) + " " + was.id + " " + how);
  }
};

boost::asio::awaitable<void> compare(connection& with, round& in) {
  while (in.next < in.all.size() && in.unreachable < unreachable_max) {
    const auto& was = in.all[in.next++];
    in.said.at(in.next, in.all.size());
    try {
      const auto answer = co_await with.ask(question_about(was.what), was.id);
      if (const auto how = difference(was, answer); !how.empty()) in.differs(was, how);
      ++in.found.asked;
    } catch (const trouble& why) {
      in.differs(was, std::string("cannot be seen: ") + why.what());
      if (why.kind == "connection") ++in.unreachable;
    } catch (const std::exception& why) {
      in.differs(was, std::string("cannot be read: ") + why.what());
    }
  }
}

} // namespace

checked check(const std::vector<fact>& all, const place& at, std::size_t connections) {
  boost::asio::io_context loop(1);
  tally unread;
  round in{all};
  std::deque<connection> open;
  for (std::size_t i = 0; i < std::min(connections, all.size()); ++i) {
    open.emplace_back(loop, at, i, unread);
    boost::asio::co_spawn(loop, compare(open.back(), in), boost::asio::detached);
  }
  loop.run();
  if (in.next < all.size())
    in.found.shown.push_back("given up: " + std::to_string(all.size() - in.next) +
                             " more facts were not asked");
  in.found.different += all.size() - in.next;
  return in.found;
}

} // namespace reenact::tools::busywork
