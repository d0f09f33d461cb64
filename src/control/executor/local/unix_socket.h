// Unix sockets by path, of any length. Private to this folder.
#pragma once

#include <string>

#include "base/result.h"

namespace millrace::executor {

// A file descriptor that is closed with its object.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int number() const { return number_; }
  bool open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

// Listens at `path`, mode 0600; calls on it never block. Errors: "job.socket".
Result<Descriptor> ListenAt(const std::string& path);
// Errors: "job.unreachable": nobody listens there.
Result<Descriptor> ConnectTo(const std::string& path);
// A connection of the same user, or of root; calls on it never block. Not open: there is none.
Descriptor AcceptOwn(const Descriptor& listener);

}  // namespace millrace::executor
