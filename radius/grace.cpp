#include "radius/grace.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace hourglass::radius {
namespace {

store::SecretBox::Key draw_key() {
    store::SecretBox::Key key;
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1)
        throw std::runtime_error("OpenSSL has no random octets");
    return key;
}

}  // namespace

Grace::Grace(std::size_t generation_users) : generation_users_(generation_users), secrets_(draw_key()) {}

void Grace::remember(const store::LoginUser& user) {
    if (young_.size() >= generation_users_) {
        old_ = std::move(young_);
        young_.clear();
    }
    Entry entry{user, secrets_.seal(user.password, user.username), {}};
    entry.user.password = {};
    young_.insert_or_assign(user.username, std::move(entry));
}

void Grace::note_balance(std::string_view username, store::Seconds balance) {
    auto* const entry = find_entry(username);
    if (!entry) return;
    entry->user.account.credited = balance;
    entry->user.account.consumed = store::Seconds::zero();
    entry->granted = store::Seconds::zero();
}

std::optional<store::LoginUser> Grace::find(std::string_view username) const {
    const auto* const entry = find_entry(username);
    if (!entry) return std::nullopt;
    auto password = secrets_.open(entry->sealed_password, username);
    if (!password) return std::nullopt;
    auto user = entry->user;
    user.password = *std::move(password);
    user.account.consumed += entry->granted;
    return user;
}

store::Seconds Grace::left(std::string_view username, store::Seconds budget) const {
    const auto* const entry = find_entry(username);
    return entry ? std::max(budget - entry->granted, store::Seconds::zero()) : store::Seconds::zero();
}

void Grace::spend(std::string_view username, store::Seconds granted) {
    if (auto* const entry = find_entry(username)) entry->granted += granted;
}

const Grace::Entry* Grace::find_entry(std::string_view username) const {
    if (const auto found = young_.find(username); found != young_.end()) return &found->second;
    const auto found = old_.find(username);
    return found == old_.end() ? nullptr : &found->second;
}

Grace::Entry* Grace::find_entry(std::string_view username) {
    return const_cast<Entry*>(std::as_const(*this).find_entry(username));
}

}  // namespace hourglass::radius
