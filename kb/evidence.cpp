#include "kb/evidence.hpp"

#include <algorithm>
#include <set>

#include "kb/schema.hpp"

namespace posterior::kb {
namespace {

bool is_about(const state& s, std::string_view id) {
  return s.id == id;
}
bool is_about(const link& l, std::string_view id) {
  return l.source == id || l.target == id;
}
bool is_about(const observes& o, std::string_view id) {
  return o.state == id;
}
bool is_about(const prior& p, std::string_view id) {
  return p.state == id;
}
bool is_about(const indication& i, std::string_view id) {
  return i.cause == id;
}
bool is_about(const theory& t, std::string_view id) {
  return std::find(t.causes.begin(), t.causes.end(), id) != t.causes.end();
}
bool is_about(const tension& t, std::string_view id) {
  return std::find(t.about.begin(), t.about.end(), id) != t.about.end();
}
template <typename T>
bool is_about(const T&, std::string_view) {
  return false;
}

void sort_once(std::vector<std::string_view>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

std::string id_at(const snapshot& s, const use& one) {
  std::string out;
  std::uint32_t number = 0;
  each_kind(s.all, [&](std::string_view, const auto& list) {
    if (number++ == one.kind)
      out = id_of(list[one.at]);
  });
  return out;
}

bool rests_on(const claim& c, std::string_view source_or_claim) {
  return c.source == source_or_claim || c.id == source_or_claim;
}

} // namespace

cited_about::cited_about(const snapshot& s, std::string_view state) {
  each_kind(s.all, [&](std::string_view, const auto& list) {
    for (const auto& item : list)
      if (const basis* b = basis_of(item); b != nullptr && is_about(item, state)) {
        claims_.insert(claims_.end(), b->claims.begin(), b->claims.end());
        for (const citation& c : b->sources)
          sources_.push_back(c.source);
      }
  });
  for (const tension& t : s.all.tensions)
    if (is_about(t, state))
      for (const auto& side : t.between)
        claims_.insert(claims_.end(), side.begin(), side.end());
  sort_once(claims_);
  for (const std::string_view id : claims_)
    if (const claim* c = s.find_claim(id))
      sources_.push_back(c->source);
  sort_once(sources_);
}

bool cited_about::has_claim(std::string_view id) const {
  return std::binary_search(claims_.begin(), claims_.end(), id);
}

bool cited_about::has_source(std::string_view id) const {
  return std::binary_search(sources_.begin(), sources_.end(), id);
}

std::vector<listed_claim> claims_of(const snapshot& s, const narrowing& only) {
  const cited_about cited(s, only.cause);
  std::vector<listed_claim> out;
  for (const claim& c : s.all.claims) {
    if ((!only.plugin.empty() && c.from.plugin != only.plugin) || (only.level && c.level != *only.level) ||
        (only.contested && !c.contested) || (!only.source.empty() && !rests_on(c, only.source)) ||
        (!only.cause.empty() && !cited.has_claim(c.id)))
      continue;
    listed_claim one{&c, {}};
    for (const use& u : s.users().of(c.id))
      one.used_by.push_back(id_at(s, u));
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<listed_source> sources_of(const snapshot& s, const narrowing& only) {
  const cited_about cited(s, only.cause);
  std::vector<listed_source> out;
  for (const source& one : s.all.sources) {
    if ((!only.plugin.empty() && one.from.plugin != only.plugin) ||
        (!only.source.empty() && one.id != only.source) || (!only.cause.empty() && !cited.has_source(one.id)))
      continue;
    listed_source entry{&one, {}, 0};
    for (const claim& c : s.all.claims)
      if (c.source == one.id)
        entry.claims.push_back(&c);
    const auto fits = [&](const claim* c) {
      return (!only.level || c->level == *only.level) && (!only.contested || c->contested);
    };
    if ((only.level || only.contested) && std::none_of(entry.claims.begin(), entry.claims.end(), fits))
      continue;
    std::set<std::string> users;
    for (const use& u : s.users().of(one.id))
      users.insert(id_at(s, u));
    for (const claim* c : entry.claims) {
      users.erase(c->id);
      for (const use& u : s.users().of(c->id))
        users.insert(id_at(s, u));
    }
    entry.used_by = users.size();
    out.push_back(std::move(entry));
  }
  return out;
}

std::vector<listed_tension> tensions_of(const snapshot& s, const narrowing& only) {
  const auto rests = [&](const tension& t) {
    const auto matches = [&](const std::string& id) {
      const claim* c = s.find_claim(id);
      return c != nullptr && rests_on(*c, only.source);
    };
    return std::any_of(t.between.begin(), t.between.end(),
                       [&](const auto& side) { return std::any_of(side.begin(), side.end(), matches); }) ||
           std::any_of(t.rests_on.claims.begin(), t.rests_on.claims.end(), matches) ||
           std::any_of(t.rests_on.sources.begin(), t.rests_on.sources.end(),
                       [&](const citation& c) { return c.source == only.source; });
  };
  std::vector<listed_tension> out;
  for (const tension& t : s.all.tensions)
    if ((only.plugin.empty() || t.from.plugin == only.plugin) &&
        (!only.level || t.rests_on.level == *only.level) && (only.cause.empty() || is_about(t, only.cause)) &&
        (only.source.empty() || rests(t)))
      out.push_back({&t, t.id.starts_with("tension.")});
  return out;
}

} // namespace posterior::kb
