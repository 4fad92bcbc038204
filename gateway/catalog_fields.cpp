#include <algorithm>

#include "gateway/catalog_links.hpp"
#include "gateway/json_plan.hpp"
#include "gateway/remark.hpp"

namespace reenact::gateway {
namespace {

using messages::descriptor;
using messages::field;

/// How a field is written in JSON.
std::string type_of(const field* f) {
  std::string name = f->type_name();
  if (messages::is_money(f))
    name = "money";
  else if (is_timestamp(f))
    name = "time";
  else if (f->message_type() != nullptr)
    name = f->message_type()->name();
  else if (f->enum_type() != nullptr)
    name = f->enum_type()->name();
  return f->is_repeated() ? "list of " + name : name;
}

/// The aggregate whose entities a field names, as its own key does; null: none, or one of several.
const model::aggregate_type* named_by(const model::registry& hosted, const field* f) {
  const model::aggregate_type* found = nullptr;
  for (const auto& a : hosted.aggregates())
    if (a->key->name() == f->name()) {
      if (found != nullptr) return nullptr;
      found = a.get();
    }
  return found;
}

html meaning_of(const model::registry& hosted, const field* f) {
  html meaning;
  const auto add = [&](const html& more) {
    if (!meaning.empty()) meaning += said("; ");
    meaning += more;
  };
  if (const auto* a = named_by(hosted, f)) add(said("id of ") + link_to(*a));
  if (messages::is_money(f)) add(said("a number of up to four decimals"));
  if (is_timestamp(f)) add(said("RFC 3339, UTC"));
  if (const auto remark = remark_on(f); !remark.empty()) add(said(remark));
  return meaning;
}

struct place {
  std::string name, number; ///< of what it lies in, with what parts them
  std::vector<const descriptor*> within;
};

void lay(const model::registry& hosted, const descriptor* type, place at,
         std::vector<cells>& rows) {
  if (std::ranges::find(at.within, type) != at.within.end()) return; // it speaks of itself
  at.within.push_back(type);
  for (int i = 0; i < type->field_count(); ++i) {
    const auto* f = type->field(i);
    const auto name = at.name + f->json_name() + (f->is_repeated() ? "[]" : "");
    const auto number = at.number + std::to_string(f->number());
    rows.push_back({code(name), said(number), said(type_of(f)), meaning_of(hosted, f)});
    if (f->message_type() != nullptr && !is_timestamp(f))
      lay(hosted, f->message_type(), {name + '.', number + '.', at.within}, rows);
  }
}

} // namespace

html fields_of(const context_map& in, const descriptor* type) {
  std::vector<cells> rows;
  lay(in.hosted, type, {}, rows);
  return table({"Field", "Number", "Type", "Meaning"}, rows);
}

} // namespace reenact::gateway
