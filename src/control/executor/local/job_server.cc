#include "control/executor/local/job_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <vector>

#include "base/background_thread.h"
#include "base/clock.h"
#include "control/executor/local/unix_socket.h"

namespace millrace::executor {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;
constexpr int kPollMs = 50;

int64_t NowMs() { return Clock::System()->MonotonicNanos() / kNanosPerMilli; }

struct Connection {
  Descriptor socket;
  std::string in;
  std::string out;
  int64_t due_ms = 0;    // when it is closed, unless something happens; not while it waits for an answer
  bool waiting = false;  // for an answer that takes time
  bool closing = false;  // when everything is written
  bool gone = false;
};

// A request that takes time, and its answer.
struct Work {
  int64_t connection = 0;
  JobCall call;
};

}  // namespace

struct JobServer::Impl {
  Handler handler;
  ServerLimits limits;
  Descriptor listener;
  Descriptor bell;  // rings when an answer is ready
  std::map<int64_t, Connection> connections;
  int64_t next_connection = 1;

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Work> work;
  bool working = false;
  bool closing = false;
  std::vector<std::pair<int64_t, std::string>> answers;

  std::unique_ptr<BackgroundThread> server;
  std::unique_ptr<BackgroundThread> worker;

  void Serve(const std::atomic<bool>& stop);
  void DoWork(const std::atomic<bool>& stop);
  void PollOnce();
  void Accept();
  void Read(Connection& connection);
  void TakeRequests(int64_t id, Connection& connection);
  void TakeRequest(int64_t id, Connection& connection, std::string_view line);
  void Refuse(Connection& connection, Error error);
  void Give(Connection& connection, const std::string& line);
  void GiveAnswers();
  void Write(Connection& connection);
  void CloseLate();
  bool AllGiven();
  void Ring();
  bool Closing();
};

void JobServer::Impl::Ring() {
  uint64_t one = 1;
  static_cast<void>(!::write(bell.number(), &one, sizeof(one)));
}

bool JobServer::Impl::Closing() {
  std::lock_guard lock(mutex);
  return closing;
}

void JobServer::Impl::Give(Connection& connection, const std::string& line) {
  connection.out += line;
  connection.out += '\n';
  connection.due_ms = NowMs() + limits.idle_ms;
  Write(connection);
}

void JobServer::Impl::Refuse(Connection& connection, Error error) {
  JobAnswer answer;
  answer.error = std::move(error);
  Give(connection, EncodeAnswer(answer));
}

void JobServer::Impl::Write(Connection& connection) {
  while (!connection.out.empty()) {
    ssize_t sent = ::send(connection.socket.number(), connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) {
      connection.gone = errno != EAGAIN && errno != EWOULDBLOCK;
      return;
    }
    connection.out.erase(0, static_cast<size_t>(sent));
    connection.due_ms = NowMs() + limits.idle_ms;
  }
  connection.gone = connection.gone || connection.closing;
}

void JobServer::Impl::Read(Connection& connection) {
  constexpr size_t kStepBytes = 16 * 1024;
  char buffer[kStepBytes];
  ssize_t got = ::recv(connection.socket.number(), buffer, sizeof(buffer), 0);
  if (got > 0) connection.in.append(buffer, static_cast<size_t>(got));
  bool nothing = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
  if (got <= 0 && !nothing) connection.gone = true;
}

void JobServer::Impl::TakeRequest(int64_t id, Connection& connection, std::string_view line) {
  auto call = DecodeCall(line);
  if (!call.ok()) return Refuse(connection, call.error());
  if (!TakesTime(call->op)) return Give(connection, EncodeAnswer(handler(*call)));
  std::lock_guard lock(mutex);
  if (work.size() >= limits.waiting_requests) {
    return Refuse(connection, UserError("protocol.busy", "too many requests wait for this job", "try again later"));
  }
  work.push_back({id, std::move(*call)});
  connection.waiting = true;
  changed.notify_all();
}

// Whole lines, one after the other; the next one only when the last one is answered.
void JobServer::Impl::TakeRequests(int64_t id, Connection& connection) {
  while (!connection.waiting && !connection.closing && !connection.gone) {
    size_t end = connection.in.find('\n');
    if (end == std::string::npos || end > limits.request_bytes) {
      if (connection.in.size() <= limits.request_bytes) return;
      connection.closing = true;
      return Refuse(connection, UserError("protocol.too_long", "the request is longer than a request may be",
                                          "send one JSON object a line"));
    }
    std::string line = connection.in.substr(0, end);
    connection.in.erase(0, end + 1);
    if (line.find_first_not_of(" \t\r") != std::string::npos) TakeRequest(id, connection, line);
  }
}

void JobServer::Impl::Accept() {
  Connection connection;
  connection.socket = AcceptOwn(listener);
  connection.due_ms = NowMs() + limits.idle_ms;
  if (!connection.socket.open()) return;
  if (connections.size() >= limits.connections) {
    auto idle = std::min_element(connections.begin(), connections.end(), [](const auto& a, const auto& b) {
      return std::pair(a.second.waiting, a.second.due_ms) < std::pair(b.second.waiting, b.second.due_ms);
    });
    connections.erase(idle);
  }
  connections.emplace(next_connection++, std::move(connection));
}

void JobServer::Impl::GiveAnswers() {
  std::vector<std::pair<int64_t, std::string>> ready;
  {
    std::lock_guard lock(mutex);
    ready.swap(answers);
  }
  for (const auto& [id, line] : ready) {
    auto found = connections.find(id);
    if (found == connections.end()) continue;  // it did not wait
    found->second.waiting = false;
    Give(found->second, line);
    TakeRequests(id, found->second);
  }
}

void JobServer::Impl::CloseLate() {
  int64_t now = NowMs();
  std::erase_if(connections, [now](const auto& entry) {
    const Connection& connection = entry.second;
    return connection.gone || (!connection.waiting && now >= connection.due_ms);
  });
}

void JobServer::Impl::PollOnce() {
  std::vector<pollfd> polled{{bell.number(), POLLIN, 0}};
  polled.push_back({listener.number(), POLLIN, 0});
  std::vector<int64_t> ids;
  for (const auto& [id, connection] : connections) {
    short events = 0;
    if (!connection.waiting && !connection.closing) events |= POLLIN;
    if (!connection.out.empty()) events |= POLLOUT;
    polled.push_back({connection.socket.number(), events, 0});
    ids.push_back(id);
  }
  if (::poll(polled.data(), polled.size(), kPollMs) <= 0) return CloseLate();
  if ((polled[0].revents & POLLIN) != 0) {
    uint64_t rings = 0;
    static_cast<void>(!::read(bell.number(), &rings, sizeof(rings)));
    GiveAnswers();
  }
  for (size_t i = 0; i < ids.size(); ++i) {
    Connection& connection = connections.at(ids[i]);
    short events = polled[i + 2].revents;
    if ((events & POLLIN) != 0) Read(connection);
    if ((events & (POLLERR | POLLHUP | POLLNVAL)) != 0 && (events & POLLIN) == 0) connection.gone = true;
    if ((events & POLLOUT) != 0) Write(connection);
    if (!connection.gone) TakeRequests(ids[i], connection);
  }
  if ((polled[1].revents & POLLIN) != 0) Accept();
  CloseLate();
}

bool JobServer::Impl::AllGiven() {
  std::lock_guard lock(mutex);
  if (!work.empty() || working || !answers.empty()) return false;
  return std::all_of(connections.begin(), connections.end(),
                     [](const auto& entry) { return entry.second.out.empty(); });
}

void JobServer::Impl::Serve(const std::atomic<bool>& stop) {
  while (!stop.load() && !(Closing() && AllGiven())) PollOnce();
  int64_t due = NowMs() + limits.last_answers_ms;
  while (!AllGiven() && NowMs() < due) PollOnce();
}

void JobServer::Impl::DoWork(const std::atomic<bool>& stop) {
  while (true) {
    Work next;
    {
      std::unique_lock lock(mutex);
      working = false;
      changed.wait_for(lock, std::chrono::milliseconds(kPollMs), [this] { return !work.empty() || closing; });
      if (work.empty() && (closing || stop.load())) return;
      if (work.empty()) continue;
      next = std::move(work.front());
      work.pop_front();
      working = true;
    }
    std::string line = EncodeAnswer(handler(next.call));
    std::lock_guard lock(mutex);
    answers.emplace_back(next.connection, std::move(line));
    Ring();
  }
}

JobServer::JobServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

JobServer::~JobServer() {
  {
    std::lock_guard lock(impl_->mutex);
    impl_->closing = true;
    impl_->changed.notify_all();
  }
  impl_->worker.reset();
  impl_->Ring();
  impl_->server.reset();
}

Result<std::unique_ptr<JobServer>> JobServer::Start(const std::string& socket_path, Handler handler,
                                                    ServerLimits limits) {
  auto impl = std::make_unique<Impl>();
  impl->handler = std::move(handler);
  impl->limits = limits;
  MR_ASSIGN(impl->listener, ListenAt(socket_path));
  impl->bell = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!impl->bell.open()) return ExternalError("job.socket", "no more files can be opened");
  Impl* of = impl.get();
  impl->server = std::make_unique<BackgroundThread>([of](const std::atomic<bool>& stop) { of->Serve(stop); });
  impl->worker = std::make_unique<BackgroundThread>([of](const std::atomic<bool>& stop) { of->DoWork(stop); });
  return std::unique_ptr<JobServer>(new JobServer(std::move(impl)));
}

}  // namespace millrace::executor
