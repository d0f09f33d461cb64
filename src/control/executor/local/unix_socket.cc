#include "control/executor/local/unix_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/file_system.h"

namespace millrace::executor {
namespace {

// A path to a socket has little room in its address; one through a descriptor of its folder is always short.
struct Address {
  Descriptor folder;
  sockaddr_un address;
};

Result<Address> AddressOf(const std::string& path) {
  Address address;
  address.folder = Descriptor(::open(std::string(DirectoryOf(path)).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  std::string short_path = fmt::format("/proc/self/fd/{}/{}", address.folder.number(), FileNameOf(path));
  if (!address.folder.open() || short_path.size() >= sizeof(address.address.sun_path)) {
    return ExternalError("job.socket", fmt::format("'{}' cannot be reached: {}", path, std::strerror(errno)));
  }
  std::memset(&address.address, 0, sizeof(address.address));
  address.address.sun_family = AF_UNIX;
  std::memcpy(address.address.sun_path, short_path.c_str(), short_path.size() + 1);
  return address;
}

Error SocketError(const std::string& path, const char* what) {
  return ExternalError("job.socket", fmt::format("'{}': {}: {}", path, what, std::strerror(errno)),
                       "choose another folder with --run-dir");
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Result<Descriptor> ListenAt(const std::string& path) {
  constexpr int kBacklog = 128;
  MR_ASSIGN(Address address, AddressOf(path));
  Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener.open()) return SocketError(path, "no socket");
  const auto* name = reinterpret_cast<const sockaddr*>(&address.address);
  if (::bind(listener.number(), name, sizeof(address.address)) != 0) return SocketError(path, "cannot be made");
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) return SocketError(path, "cannot be closed to others");
  if (::listen(listener.number(), kBacklog) != 0) return SocketError(path, "cannot be listened at");
  return listener;
}

Result<Descriptor> ConnectTo(const std::string& path) {
  MR_ASSIGN(Address address, AddressOf(path));
  Descriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!connection.open()) return SocketError(path, "no socket");
  const auto* name = reinterpret_cast<const sockaddr*>(&address.address);
  if (::connect(connection.number(), name, sizeof(address.address)) == 0) return connection;
  return ExternalError("job.unreachable", fmt::format("'{}': {}", path, std::strerror(errno)));
}

Descriptor AcceptOwn(const Descriptor& listener) {
  Descriptor connection(::accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!connection.open()) return connection;
  ucred peer{};
  socklen_t size = sizeof(peer);
  bool known = ::getsockopt(connection.number(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  bool own = known && (peer.uid == ::geteuid() || peer.uid == 0);
  return own ? std::move(connection) : Descriptor();
}

}  // namespace millrace::executor
