// What builds of plugins did wrong, and where that is kept. A strike holds nothing of a case.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace posterior::host {

// One time that a worker had to be ended, or ended by itself.
struct strike {
  std::int64_t at_ms = 0; // since 1970
  std::string what;       // a fixed sentence
  std::string how;        // signal, status, limit; for the operator

  bool operator==(const strike&) const = default;
};

// One build of one plugin. A new build has another digest and starts afresh.
struct offender {
  std::string digest, plugin, version;
  std::vector<strike> strikes; // oldest first; only those that may still count
  int in_a_row = 0;            // since it last answered
  std::optional<std::int64_t> quarantined_ms;

  bool operator==(const offender&) const = default;
};

// By plugin, version and digest.
void sort(std::vector<offender>& all);

class strike_book {
public:
  virtual ~strike_book() = default;
  // Any thread. Sorted by plugin, version and digest.
  virtual std::vector<offender> read() = 0;
  // Lets `alter` change what is there by now; nobody writes in between. What cannot be kept for later still
  // counts in this process. Any thread.
  virtual void change(const std::function<void(std::vector<offender>&)>& alter) = 0;
};

// For as long as the process lives.
class memory_book final : public strike_book {
public:
  std::vector<offender> read() override;
  void change(const std::function<void(std::vector<offender>&)>& alter) override;

private:
  std::mutex guard_;
  std::vector<offender> all_;
};

} // namespace posterior::host
