#include "radius/trace.hpp"

#include <algorithm>

namespace hourglass::radius {

TraceSubject subject_of(const boost::asio::ip::address& address, const Client* client, Bytes packet) {
    const auto decoded = decode(packet);
    return {address, client ? std::string_view(client->name) : "",
            decoded ? decoded->find(attr::user_name).value_or("") : ""};
}

bool TraceFilter::admits(const TraceSubject& subject) const {
    if (address && *address != subject.address) return false;
    if (nas && *nas != subject.nas) return false;
    if (user && *user != subject.user) return false;
    return !subject.nas.empty() || address;
}

Trace::Watcher::~Watcher() {
    const std::lock_guard lock(trace_.mutex_);
    std::erase(trace_.watchers_, this);
    trace_.count_.store(trace_.watchers_.size(), std::memory_order_relaxed);
}

Trace::Watcher::News Trace::Watcher::take(std::size_t packets_max) {
    const std::lock_guard lock(trace_.mutex_);
    News news;
    while (!queue_.empty() && news.packets.size() < packets_max) {
        news.packets.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    if (queue_.empty()) news.left_out = std::exchange(left_out_, 0);
    return news;
}

std::unique_ptr<Trace::Watcher> Trace::watch(TraceFilter filter) {
    const std::lock_guard lock(mutex_);
    if (watchers_.size() >= watchers_max) return nullptr;
    std::unique_ptr<Watcher> watcher(new Watcher(*this, std::move(filter)));
    watchers_.push_back(watcher.get());
    count_.store(watchers_.size(), std::memory_order_relaxed);
    return watcher;
}

bool Trace::is_wanted(const TraceSubject& subject) const {
    const std::lock_guard lock(mutex_);
    return std::ranges::any_of(watchers_,
                               [&](const Watcher* watcher) { return watcher->filter_.admits(subject); });
}

void Trace::tell(TracedPacket packet) {
    const auto told = std::make_shared<const TracedPacket>(std::move(packet));
    const auto address = told->nas.address();
    const auto subject = subject_of(address, told->client, told->packet);
    const std::lock_guard lock(mutex_);
    for (auto* const watcher : watchers_) {
        if (!watcher->filter_.admits(subject)) continue;
        if (watcher->queue_.size() < queued_packets_max && watcher->left_out_ == 0) {
            watcher->queue_.push_back(told);
        } else {
            ++watcher->left_out_;
        }
    }
}

}  // namespace hourglass::radius
