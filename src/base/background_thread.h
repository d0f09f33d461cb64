// A thread for client libraries that block. It ends with its object.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace millrace {

// Runs `body` at once. The destructor sets `stop` and waits until the body returns; the body looks at `stop` at least
// every 100 ms.
class BackgroundThread {
 public:
  using Body = std::function<void(const std::atomic<bool>& stop)>;
  explicit BackgroundThread(Body body) : thread_([this, body = std::move(body)] { body(stop_); }) {}
  ~BackgroundThread() {
    stop_.store(true);
    thread_.join();
  }
  BackgroundThread(const BackgroundThread&) = delete;
  BackgroundThread& operator=(const BackgroundThread&) = delete;

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace millrace
