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
    if (young_.by_name.size() >= generation_users_) old_ = std::exchange(young_, {});
    Entry entry{user, secrets_.seal(user.password, user.username), {}};
    entry.user.password = {};
    const auto kept = young_.by_name.insert_or_assign(user.username, std::move(entry)).first;
    young_.by_id.insert_or_assign(user.id, &kept->second);
}

void Grace::note_balance(store::UserId user, store::Seconds balance) {
    auto* const entry = find_entry(user);
    if (!entry) return;
    entry->user.account.credited = balance;
    entry->user.account.consumed = store::Seconds::zero();
    entry->granted = store::Seconds::zero();
}

std::optional<store::LoginUser> Grace::find(const store::SoughtUser& sought) const {
    const auto* entry = find_entry(sought.name);
    if (!entry && !sought.other_spelling.empty()) entry = find_entry(sought.other_spelling);
    if (!entry || !sought.may_be_of(entry->user.organization)) return std::nullopt;
    auto password = secrets_.open(entry->sealed_password, entry->user.username);
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
    for (const auto* generation : {&young_, &old_}) {
        const auto found = generation->by_name.find(username);
        if (found != generation->by_name.end()) return &found->second;
    }
    return nullptr;
}

Grace::Entry* Grace::find_entry(std::string_view username) {
    return const_cast<Entry*>(std::as_const(*this).find_entry(username));
}

Grace::Entry* Grace::find_entry(store::UserId user) {
    for (const auto* generation : {&young_, &old_}) {
        const auto found = generation->by_id.find(user);
        // His name may be another's by now.
        if (found != generation->by_id.end() && found->second->user.id == user) return found->second;
    }
    return nullptr;
}

}  // namespace hourglass::radius
