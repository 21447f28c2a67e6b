// What a worker remembers of users: of each the record and the account, as they were read. Nothing in
// here knows whether that is still so: whoever hears of a change says so (see remembered_users.hpp), and a
// read that was under way meanwhile is not kept. Bounded: who was not asked for since the hand of the clock
// last came by makes room.
#pragma once

#include "store/users.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <atomic>
#include <deque>

namespace hourglass::store {

// Added to by the owner's thread, read by any.
struct UserMemoryCounts {
    std::atomic<std::uint64_t> found{0};      // users asked for who were there
    std::atomic<std::uint64_t> missed{0};     // and who were not
    std::atomic<std::uint64_t> completed{0};  // records whose accounts were read again
    std::atomic<std::uint64_t> changed{0};    // users or accounts forgotten, for they were written
    std::atomic<std::uint64_t> displaced{0};  // users forgotten to make room
    std::atomic<std::uint64_t> cleared{0};    // how often all were forgotten, for changes could not be heard
    std::atomic<std::uint64_t> users{0};      // remembered now
};

class UserMemory {
public:
    // `users_max` 0: nothing is ever kept.
    explicit UserMemory(std::size_t users_max) : users_max_(users_max) {}

    // nullptr unless the record is known; `has_account` says whether the account is. Valid until anything
    // else is called here.
    const LoginUser* find(UserId id);

    // To be taken when a read is sent; what it answers is kept only if nobody wrote to that user, and nothing
    // was cleared, in between.
    struct Read {
        std::uint64_t cleared{};
        std::uint32_t changes{};

        bool operator==(const Read&) const = default;
    };
    Read begin_read(UserId id) const;
    void keep(const LoginUser& user, Read read);
    // What a read of the account alone has answered, for a record that is still known.
    void keep_account(UserId id, Account account, Read read);

    void forget(UserId id);
    // The record stays: accounts change with every report.
    void forget_account(UserId id);
    void clear();

    std::size_t size() const { return places_.size(); }
    const UserMemoryCounts& counts() const { return counts_; }
    UserMemoryCounts& counts() { return counts_; }

private:
    struct Entry {
        LoginUser user;
        bool is_wanted{};  // asked for since the hand came by
    };
    using Place = std::uint32_t;
    // Users share these counters; a read that meets the change of another is not kept, which does no harm.
    static constexpr std::size_t change_counters = 4096;

    std::uint32_t& changes_of(UserId id) { return changes_[static_cast<std::size_t>(id) % change_counters]; }
    Place make_place();
    Place displace_one();
    void vacate(Place place);
    void publish_size();

    std::size_t users_max_;
    boost::unordered_flat_map<UserId, Place> places_;
    std::deque<Entry> entries_;  // their addresses stay
    std::vector<Place> vacant_;
    std::size_t hand_ = 0;
    std::array<std::uint32_t, change_counters> changes_{};
    std::uint64_t cleared_ = 0;
    UserMemoryCounts counts_;
};

}  // namespace hourglass::store
