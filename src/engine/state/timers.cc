#include "engine/state/timers.h"

#include "engine/state/value_codec.h"

namespace millrace::state {

TimerQueue::~TimerQueue() {
  for (const Timer& timer : timers_) pool_->Charge(-BytesOf(timer.key));
}

void TimerQueue::Register(int64_t time, int32_t key_group, std::string_view key) {
  if (timers_.insert({time, key_group, std::string(key)}).second) pool_->Charge(BytesOf(key));
}

void TimerQueue::Delete(int64_t time, int32_t key_group, std::string_view key) {
  if (timers_.erase({time, key_group, std::string(key)}) > 0) pool_->Charge(-BytesOf(key));
}

bool TimerQueue::PopDue(int64_t now, Timer* timer) {
  if (timers_.empty() || timers_.begin()->time > now) return false;
  *timer = std::move(timers_.extract(timers_.begin()).value());
  pool_->Charge(-BytesOf(timer->key));
  return true;
}

Status TimerQueue::Snapshot(std::string_view state_name, SnapshotWriter& writer) const {
  MR_RETURN_IF_ERROR(writer.BeginState(state_name, 1));
  std::string time;
  for (const Timer& timer : timers_) {
    time.clear();
    PutFixed(timer.time, time);
    MR_RETURN_IF_ERROR(writer.KeyedRecord(timer.key_group, timer.key, time));
  }
  return Status::Ok();
}

Status TimerQueue::Restore(std::string_view state_name, SnapshotReader& reader) {
  return reader.ForEach(state_name, [this](const SnapshotRecord& record) -> Status {
    std::string_view value = record.value;
    int64_t time = 0;
    if (!TakeFixed(value, &time)) return CorruptRecord("a timer is cut short");
    Register(time, record.key_group, record.key);
    return Status::Ok();
  });
}

}  // namespace millrace::state
