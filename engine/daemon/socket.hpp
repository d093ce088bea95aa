// The listening socket: taken over from systemd, or made here. A file that nobody listens behind is replaced,
// one that another daemon serves is left alone. One thread; owner: main.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "engine/daemon/rights.hpp"
#include "engine/service/places.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::daemon {

struct listening {
  int descriptor = -1;
  std::filesystem::path path;
  int lock = -1;      // held as long as the socket is ours; -1 if systemd owns it
  bool ours = false;  // to be removed at the end
  diagnostic problem; // if there is no descriptor
};

// `group`: a group whose members may ask (mode 0660); empty: this user only (0600).
listening listen_at(const std::filesystem::path& path, const std::string& group);

// The socket that systemd handed over, if it did.
std::optional<listening> listening_from_systemd();

// $POSTERIOR_SOCKET, else /run/posterior (if this user may write there), else $XDG_RUNTIME_DIR, else the
// home.
std::filesystem::path default_socket(const service::environment& variables, const service::places& at);

// Removes the file, if it is ours.
void remove_socket(const listening& l);

// Who may do what at this socket.
door door_of(const listening& l);

} // namespace posterior::daemon
