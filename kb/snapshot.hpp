// The merged, validated, immutable knowledge that one assessment reasons with: plain values plus look-ups by
// id. Built once, then shared read-only by any number of threads (std::shared_ptr<const snapshot>).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kb/bundle.hpp"
#include "kb/model.hpp"
#include "kb/usage.hpp"

namespace posterior::kb {

// What an assessment says about a plugin.
struct plugin_entry {
  manifest about;
  std::string location;
  std::string digest;
  bundle_origin origin = bundle_origin::program;
  bundle_form form = bundle_form::source_folder;
};

// What one bundle said of a statement that several say: the merge made one of what they said.
struct contribution {
  std::string statement; // id
  origin from;
  basis rests_on;
};

struct snapshot {
  statements all; // active statements after merge; every list sorted by id (links etc. by what they join)
  scale words;
  std::vector<plugin_entry> plugins; // sorted by id
  std::vector<dormant> asleep;
  // By statement, then by bundle; no part of the digest. Not known of revisions read from their rows.
  std::vector<contribution> said_apart;
  std::vector<std::string> loops; // named loops among uncut links; such a snapshot is refused
  std::string digest;             // over the canonical text of `all` (decided in FORMAT.md section 9)
  std::int64_t revision = 0;      // 0: never stored

  // Binary search by id; nullptr if there is none. Pointers live as long as the snapshot.
  const source* find_source(std::string_view id) const;
  const claim* find_claim(std::string_view id) const;
  const equipment* find_equipment(std::string_view id) const;
  const site* find_site(std::string_view id) const;
  const family* find_family(std::string_view id) const;
  const state* find_state(std::string_view id) const;
  const finding* find_finding(std::string_view id) const; // aliases too
  const rule* find_rule(std::string_view id) const;
  const exercise* find_exercise(std::string_view id) const;
  const precaution* find_precaution(std::string_view id) const;
  const sequence* find_sequence(std::string_view id) const;
  const tension* find_tension(std::string_view id) const;
  const theory* find_theory(std::string_view plugin) const;
  const message* find_message(std::string_view plugin, std::string_view key) const;
  const suspension* find_suspension(std::string_view rule) const;
  const withdrawal* find_withdrawal(std::string_view statement) const;
  const draft* find_draft(std::string_view statement) const;
  const retirement* find_retirement(std::string_view old_id) const;
  const plugin_entry* find_plugin(std::string_view id) const;

  // Statements that speak about one item, in id order.
  std::vector<const observes*> readings_of(std::string_view finding) const;
  std::vector<const prior*> priors_of(std::string_view state) const;
  std::vector<const wording*> texts_of(std::string_view id) const; // all languages, clinicians' first
  std::vector<const link*> links_from(std::string_view state) const;
  std::vector<const link*> links_to(std::string_view state) const;
  std::vector<const indication*> indications_for(std::string_view cause) const;
  std::vector<const indication*> indications_of(std::string_view exercise) const;
  std::vector<const change*> changes_of(std::string_view statement) const; // by field; "scale" for its words

  // What several bundles said of this statement; empty if only one says it.
  std::span<const contribution> contributions_to(std::string_view statement) const;

  // Who names what: made on the first call, then kept. Empty for a snapshot that index() did not make.
  const usage& users() const;

private:
  struct made_once;
  friend std::shared_ptr<const snapshot> index(snapshot&& merged);
  std::vector<std::pair<std::string_view, const finding*>> aliases_; // sorted
  std::vector<const link*> by_target_;                               // sorted by (target, source)
  std::vector<const indication*> by_cause_;                          // sorted by (cause, exercise)
  std::shared_ptr<made_once> made_;                                  // what few commands need
};

// The order that a snapshot keeps its lists in.
void sort(statements& s);

// Sorts, builds the look-ups and freezes.
std::shared_ptr<const snapshot> index(snapshot&& merged);

// "states: 107, links: 181, ..." for doctor and list.
std::string summary(const snapshot& s);

} // namespace posterior::kb
