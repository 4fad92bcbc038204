#pragma once

#include <memory>
#include <string>
#include <vector>

#include <caf/intrusive_ptr.hpp>
#include <caf/ref_counted.hpp>

#include "actors/model/registry.hpp"
#include "actors/model/view.hpp"
#include "actors/runtime/call.hpp"

namespace reenact::runtime {

/// A list, or one row, on its way from a view: a page at a time, so that a long list is never held
/// in memory.
/// finished() is called once for each cluster::ask(), on any thread, and must not block; for the
/// next page the same query asks again with `which.after = next` and without the barrier.
class query : public caf::ref_counted {
public:
  // -- what is asked; set before ask() ------------------------------------------
  const model::view_type* view = nullptr;
  model::filter which; ///< of model::selection(); `limit` bounds a page; 0: pages as they come
  const model::rejection* unknown = nullptr; ///< of a query that must find a row; else a list
  bool barrier = true; ///< see all that was acknowledged before; false for a following page

  // -- what comes of it ---------------------------------------------------------
  /// accepted; rejected (a bad `next`, nothing found); or unavailable, with the lag in the text.
  answer::kind what = answer::kind::pending;
  int code = 0;                  ///< gRPC status code of a rejection
  std::string text;              ///< of everything but accepted
  std::vector<std::string> rows; ///< serialized, as the view has them
  std::string next;              ///< empty: there are no more

  /// The way home, for whoever made the query.
  virtual void finished() noexcept = 0;
};

using query_ptr = caf::intrusive_ptr<query>;

} // namespace reenact::runtime
