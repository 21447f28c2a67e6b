// A value that one thread makes anew now and then, and others read whole.
#pragma once

#include <mutex>
#include <utility>

namespace hourglass::daemon {

template <class Value>
class Published {
public:
    void set(Value value) {
        const std::lock_guard lock(mutex_);
        value_ = std::move(value);
    }
    Value get() const {
        const std::lock_guard lock(mutex_);
        return value_;
    }

private:
    mutable std::mutex mutex_;
    Value value_{};
};

}  // namespace hourglass::daemon
