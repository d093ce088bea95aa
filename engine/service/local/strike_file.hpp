// The strikes of this installation's plugins, kept in strikes.json in the home, so that a detector that ends
// every command it is asked by is not started for ever. Several processes may share the file.
#pragma once

#include <mutex>
#include <string>

#include "engine/host/strike_book.hpp"
#include "engine/trust/disk.hpp"

namespace posterior::service {

class strike_file final : public host::strike_book {
public:
  // Without a home, or where it cannot be written, what is struck counts in this process alone. A file that
  // cannot be read is taken as empty, and said so by problem().
  explicit strike_file(std::string home);

  std::vector<host::offender> read() override;
  void change(const std::function<void(std::vector<host::offender>&)>& alter) override;

  // What was wrong with the file when it was last read or written; empty if nothing.
  std::string problem();

private:
  void refresh();

  std::mutex guard_;
  std::string home_, path_;
  trust::real_disk disk_;
  std::optional<kb::file_info> seen_;
  bool in_memory_ = false; // what counts is not in the file
  std::vector<host::offender> all_;
  std::string problem_;
};

std::string strikes_text(const std::vector<host::offender>& all);
// Nothing, and why, if the text is no list of strikes.
std::optional<std::vector<host::offender>> read_strikes(std::string_view text, const std::string& file,
                                                        std::string& why);

} // namespace posterior::service
