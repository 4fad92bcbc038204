#include "persistence/views/query.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include <google/protobuf/stubs/strutil.h>

#include "persistence/views/hash.hpp"
#include "persistence/views/view_table.hpp"

namespace reenact::persistence {

namespace {

using messages::condition;
using messages::filter;
using sqlite::quoted;

failure refused(std::string text) { return {failure::kind::refused, std::move(text)}; }

/// What a condition is about; neither column nor list: the row's key.
struct target {
  const messages::field* field = nullptr; ///< null: the rows have no such column
  view_column::kind holds = view_column::kind::text;
  bool column = false, list = false;
};

target target_of(const view_schema& schema, std::string_view name) {
  if (name == schema.key->name()) return {.field = schema.key};
  for (const auto& c : schema.columns)
    if (c.from->name() == name) return {c.from, c.holds, true};
  for (const auto* f : schema.lists)
    if (f->name() == name) return {.field = f, .list = true};
  return {};
}

bool fits(const messages::value& v, view_column::kind k) {
  using kind = view_column::kind;
  switch (k) {
    case kind::integer: return std::holds_alternative<std::int64_t>(v);
    case kind::real: return std::holds_alternative<double>(v);
    case kind::boolean: return std::holds_alternative<bool>(v);
    case kind::text: return std::holds_alternative<std::string>(v);
  }
  return false;
}

bool asks_equality(const condition& c) {
  return c.is == condition::kind::equals || c.is == condition::kind::any_of;
}

/// Empty: the condition can be held against rows.
std::string what_is_wrong(const condition& c, const target& of, const view_schema& schema) {
  if (of.field == nullptr) return schema.name + " is not indexed by it";
  const bool any = c.is == condition::kind::any_of;
  if (any ? c.values.size() > filter::any_of_max : c.values.size() != 1)
    return std::to_string(c.values.size()) + " values to compare with";
  for (const auto& v : c.values)
    if (!fits(v, of.holds)) return "a value of another kind";
  return of.list && !asks_equality(c) ? "a list has no order" : "";
}

/// Of everything that says which rows are meant and in what order, but for the limit.
std::uint64_t checksum(const view_schema& schema, const filter& which,
                       const creation::bytes& last) {
  const auto mix = [](std::uint64_t seed, const auto& x) {
    return fnv1a({reinterpret_cast<const char*>(&x), sizeof x}, seed);
  };
  auto sum = fnv1a(schema.name + '@' + schema.version, mix(fnv1a({}), which.by));
  sum = mix(mix(sum, which.from_us), which.before_us);
  for (const auto& c : which.conditions) {
    sum = mix(mix(fnv1a(c.field, sum), c.is), c.values.size());
    for (const auto& v : c.values)
      sum = std::visit(
          [&](const auto& x) {
            if constexpr (std::is_same_v<std::decay_t<decltype(x)>, std::string>)
              return mix(fnv1a(x, sum), x.size());
            else
              return mix(sum, x);
          },
          v);
  }
  return fnv1a({last.data(), last.size()}, sum);
}

constexpr std::size_t checksum_size = 4;

std::string sealed(const view_schema& schema, const filter& which, const creation::bytes& last) {
  std::string bytes(last.data(), last.size());
  auto sum = checksum(schema, which, last);
  for (std::size_t i = 0; i < checksum_size; ++i, sum >>= 8U) bytes += static_cast<char>(sum);
  return bytes;
}

/// Between which creations the rows are: of the filter's times, and after the token's row.
status lay_bounds(const view_schema& schema, const filter& which, view_query& to) {
  const auto at = [](std::int64_t us) {
    return creation{std::max<std::int64_t>(us, 0), 0, 0}.encode(); // sequences begin at 1
  };
  to.above = at(which.from_us);
  to.below = at(which.before_us);
  if (which.after.empty()) return done{};
  std::string bytes;
  const bool decoded = google::protobuf::WebSafeBase64Unescape(which.after, &bytes);
  creation::bytes last{};
  if (decoded && bytes.size() == creation::size + checksum_size) {
    std::copy_n(bytes.begin(), creation::size, last.begin());
    if (bytes == sealed(schema, which, last)) {
      (which.by == filter::order::newest_first ? to.below : to.above) = last;
      return done{};
    }
  }
  return refused("next: not a token of this query");
}

/// A condition and what it is about.
struct placed {
  const condition* is;
  target of;

  bool is_key() const { return !of.column && !of.list; }
  bool names_keys() const { return is_key() && asks_equality(*is); }
  bool may_lead() const { return !is_key() && asks_equality(*is) && !is->values.empty(); }
  bool is_number() const {
    return of.column &&
           (of.holds == view_column::kind::integer || of.holds == view_column::kind::real);
  }
};

/// Writes the one statement that a filter is. Rows are named r. Where a condition leads, or numbers
/// decide, they are found through an index, named i, in order of creation: nothing is sorted, but
/// where few rows are in a range of numbers that leads. A condition that leads by several values
/// makes as many selects, which SQLite merges.
class writer {
public:
  writer(const view_schema& schema, const std::vector<placed>& all,
         std::vector<messages::value>& to)
    : schema_(schema),
      all_(all),
      values_(to),
      served_(serving_name(schema.name, schema.version)) {}

  void write(filter::order by, std::string_view few, view_query& to) {
    choose(few);
    const std::string i = indexed_ ? "i" : "r";
    // With a plus before it SQLite does not see an order to walk in.
    const auto created = (range_.empty() ? "" : "+") + i + ".created";
    auto rest = created + " > ?1 AND " + created + " < ?2";
    for (const auto& p : all_)
      if (&p != leads_) rest += " AND " + condition_of(p, i);
    auto from = "SELECT " + created + ", r.row FROM ";
    if (indexed_) {
      from += quoted(leads_by_list() ? list_of(*leads_) : served_) + " AS i CROSS JOIN ";
      rest += " AND r.created = i.created";
    }
    from += quoted(served_) + " AS r WHERE ";
    if (leads_ == nullptr) to.sql = from + rest;
    for (std::size_t n = 0; leads_ != nullptr && n < leads_->is->values.size(); ++n)
      to.sql += (n == 0 ? "" : " UNION ALL ") + from +
                (leads_by_list() ? "i.value" : "i." + column_of(*leads_)) + " = " +
                mark(leads_->is->values[n]) + " AND " + rest;
    if (leads_ != nullptr) to.selects = leads_->is->values.size();
    to.sql +=
        by == filter::order::newest_first ? " ORDER BY 1 DESC LIMIT ?3" : " ORDER BY 1 LIMIT ?3";
  }

  /// What the conditions on this field leave.
  std::string count(const placed& of) {
    std::string conditions;
    for (const auto& p : all_)
      if (p.of.field == of.of.field)
        conditions += (conditions.empty() ? "i." : " AND i.") +
                      (of.of.list ? "value" : column_of(p)) + comparison(*p.is);
    return "SELECT count(*) FROM (SELECT 1 FROM " + quoted(of.of.list ? list_of(of) : served_) +
           " AS i WHERE " + conditions + " LIMIT ?1)";
  }

private:
  void choose(std::string_view few) {
    const auto leading = [&](const placed& p) {
      return p.may_lead() && (few.empty() || p.of.field->name() == few);
    };
    if (std::ranges::any_of(all_, &placed::names_keys)) return;
    const auto first = std::ranges::find_if(all_, leading);
    if (first != all_.end()) leads_ = &*first;
    if (leads_ == nullptr) range_ = few;
    indexed_ = leads_ != nullptr || std::ranges::any_of(all_, &placed::is_number);
  }

  bool leads_by_list() const { return leads_ != nullptr && leads_->of.list; }
  std::string list_of(const placed& p) const { return served_ + list_index::ending(p.of.field); }
  std::string column_of(const placed& p) const { return column_name(schema_, p.of.field); }

  std::string mark(messages::value v) {
    values_.push_back(std::move(v));
    return '?' + std::to_string(view_query::bounds + values_.size());
  }
  std::string one_of(const std::vector<messages::value>& values) {
    std::string all;
    for (const auto& v : values) all += (all.empty() ? "" : ", ") + mark(v);
    return " IN (" + all + ")";
  }
  std::string comparison(const condition& c) {
    switch (c.is) {
      case condition::kind::equals: return " = " + mark(c.values[0]);
      case condition::kind::at_least: return " >= " + mark(c.values[0]);
      case condition::kind::at_most: return " <= " + mark(c.values[0]);
      case condition::kind::any_of: break;
    }
    return one_of(c.values);
  }

  std::string condition_of(const placed& p, const std::string& i) {
    if (p.is->values.empty()) return "0";
    if (p.of.list)
      return "EXISTS (SELECT 1 FROM " + quoted(list_of(p)) + " AS v WHERE v.value" +
             one_of(p.is->values) + " AND v.created = " + i + ".created)";
    // Numbers stand in the index that rows are found by; the plus keeps SQLite to that index.
    const bool beside = p.is_number() && indexed_ && !leads_by_list();
    const auto* of = !beside ? "r." : p.of.field->name() == range_ ? "i." : "+i.";
    return keys_of(p) + of + column_of(p) + comparison(*p.is);
  }
  /// Where rows with these keys are; hashes are not unique, so the keys are compared too.
  std::string keys_of(const placed& p) {
    if (!p.names_keys()) return "";
    std::vector<messages::value> hashes;
    for (const auto& key : p.is->values) hashes.emplace_back(hash_of(std::get<std::string>(key)));
    return "r.created IN (SELECT created FROM " + quoted(served_ + keys_ending) + " WHERE hash" +
           one_of(hashes) + ") AND ";
  }

  const view_schema& schema_;
  const std::vector<placed>& all_;
  std::vector<messages::value>& values_;
  const std::string served_;
  const placed* leads_ = nullptr;
  std::string_view range_; ///< the field of numbers that leads; empty: none does
  bool indexed_ = false;
};

} // namespace

result<view_query> translate(const view_schema& schema, const filter& which, std::string_view few) {
  view_query made;
  if (auto ok = lay_bounds(schema, which, made); !ok) return ok.error();
  std::vector<placed> all;
  for (const auto& c : which.conditions) {
    all.push_back({&c, target_of(schema, c.field)});
    if (const auto wrong = what_is_wrong(c, all.back().of, schema); !wrong.empty())
      return refused(c.field + ": " + wrong);
  }
  writer(schema, all, made.values).write(which.by, few, made);
  return made;
}

std::vector<view_count> counts(const view_schema& schema, const filter& which) {
  std::vector<placed> all, fields;
  for (const auto& c : which.conditions) all.push_back({&c, target_of(schema, c.field)});
  for (const auto& p : all) {
    const bool known = std::ranges::any_of(
        fields, [&](const placed& other) { return other.of.field == p.of.field; });
    if (!known && (p.may_lead() || p.is_number())) fields.push_back(p);
  }
  const bool chosen =
      std::ranges::any_of(all, &placed::names_keys) || (fields.size() == 1 && fields[0].may_lead());
  std::vector<view_count> made;
  for (const auto& p : chosen ? std::vector<placed>() : fields) {
    auto& count = made.emplace_back(view_count{p.is->field, {}, {}});
    count.sql = writer(schema, all, count.values).count(p);
  }
  return made;
}

std::string token(const view_schema& schema, const filter& which, const creation::bytes& last) {
  std::string text;
  google::protobuf::WebSafeBase64Escape(sealed(schema, which, last), &text);
  return text;
}

} // namespace reenact::persistence
