// Where a search is answered.
#include <mutex>
#include <utility>

#include "kb/search.hpp"
#include "kb/store.hpp"

namespace posterior::kb {

struct searcher::state {
  std::shared_ptr<const snapshot> knowledge;
  std::string store;
  std::mutex one_at_a_time; // over `index`
  std::optional<search_index> index;
};

searcher::searcher(std::shared_ptr<const snapshot> knowledge, std::string store)
    : state_(std::make_unique<state>()) {
  state_->knowledge = std::move(knowledge);
  state_->store = std::move(store);
}
searcher::~searcher() = default;

search_result searcher::search(const search_query& query) const {
  constexpr int no_wait = 0;
  if (!state_->store.empty() && state_->knowledge->revision > 0) {
    store_result result;
    auto kept = store::open(state_->store, store::access::read, no_wait, result);
    if (auto found = kept ? kept->search_in(*state_->knowledge, query, result) : std::nullopt)
      return std::move(*found);
  }
  const std::lock_guard held(state_->one_at_a_time);
  if (!state_->index)
    state_->index.emplace(*state_->knowledge);
  return state_->index->search(query);
}

} // namespace posterior::kb
