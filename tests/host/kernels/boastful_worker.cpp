// Takes any order and says hello with less than was required.
#include <sys/socket.h>
#include <unistd.h>

#include "engine/wire/frames.hpp"

using namespace posterior;

int main() {
  wire::bytes order(wire::frame_bytes_max);
  recv(wire::connection_fd, order.data(), order.size(), 0);
  const auto hello = wire::encode(wire::greeting{wire::protocol, 0, wire::confined_limits});
  send(wire::connection_fd, hello.data(), hello.size(), 0);
  pause();
}
