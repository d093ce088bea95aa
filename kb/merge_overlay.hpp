// The clinic's overlay in a merge: what it adds, takes out, sets and suspends, and the records of all that.
// Private to kb; one thread; borrows what it is made with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kb/merge.hpp"
#include "kb/merge_parts.hpp"
#include "kb/overlay_parts.hpp"

namespace posterior::kb {

class overlay_merger {
public:
  explicit overlay_merger(merge_options& options);

  // Appends what is added as a bundle of its own, read with the words of the core among `bundles`.
  void add_to(std::vector<bundle>& bundles);

  // Checks bundles against each other. What the clinic added and cannot stand is left out entry by entry, so
  // that all the rest of it counts. Returns the loops of the core.
  std::vector<std::string> settle(std::vector<bundle>& bundles);

  // Takes its bundle away again, with what was found in it; its statements must have been moved.
  void take_from(std::vector<bundle>& bundles);

  // Takes out what is disabled; why it and what is retired is gone goes to `gone`.
  void withdraw(statements& all, absences& gone);

  // One statement of everything said about one thing; where the clinic says it, what it says.
  void combine_all(statements& all);

  // Sets fields, and adds the records and `drafts` to `all`.
  void finish(statements& all, const scale& words, std::vector<draft> drafts, std::vector<change> reviewed);

  // What of the overlay has no effect, as sleepers: they are kept with a revision, so that it says the same
  // again.
  void list_idle(std::vector<dormant>& asleep) const;

  // The last day for which the result holds, if there is one.
  std::optional<std::int64_t> valid_until() const;

private:
  overlay_entry* entry_at(const place& where);
  void leave_out(bundle& ours, const diagnostic& fault);
  template <typename T>
  void beat(std::vector<T>& list, const std::vector<T>& ours, std::vector<tension>& tensions);
  template <typename T>
  void record_addition(const T& item, const std::string& before);
  void record_additions(const statements& all, const std::vector<draft>& drafts);
  void keep_changes(statements& all);
  place inside(place where) const;
  void suspend(statements& all);

  merge_options& options_;
  overlay_document& said_;
  std::vector<change> changes_;
  std::vector<withdrawal> withdrawals_;
  std::map<std::string, std::string> replaced_; // canonical text of what the clinic's statement beat, by id
};

} // namespace posterior::kb
