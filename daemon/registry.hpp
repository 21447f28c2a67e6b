// What the store's registry says, as this daemon last read it: NASes as RADIUS clients, and the directory of
// profiles and organizations.
#pragma once

#include "daemon/directory_changes.hpp"
#include "radius/snapshot.hpp"
#include "store/log.hpp"
#include "store/registry.hpp"

namespace hourglass::daemon {

class Registry {
public:
    Registry(store::Registry& records, std::shared_ptr<const radius::Dictionary> dictionary, Log& log)
        : records_(records), log_(log), dictionary_(std::move(dictionary)), directory_({}, {}, dictionary_) {}

    // Reads what was written since the last time, and says whether anything was: the NASes that are others
    // now, or, if it was not NASes alone, everything. After an error everything is as before.
    enum class Refreshed : std::uint8_t { unchanged, renewed };
    awaitable<result<Refreshed>> refresh();

    const std::vector<radius::Client>& clients() const { return clients_; }
    const radius::Directory& directory() const { return directory_; }
    // By which the profiles' attributes are read from now on.
    void replace(std::shared_ptr<const radius::Dictionary> dictionary);
    // Whose running sessions the directory may end or change since this was last asked.
    Concerned take_concerned() { return changes_.take(); }

private:
    awaitable<result<void>> read_all();
    awaitable<result<std::optional<std::vector<store::RecordId>>>> changed_nases();
    awaitable<result<void>> read_nases(std::vector<store::RecordId> ids);
    void tell_mistakes() const;
    std::vector<radius::Client> to_clients(const std::vector<store::Record>& nases) const;

    store::Registry& records_;
    Log& log_;
    std::optional<store::Generation> known_;
    std::vector<radius::Client> clients_;  // by id
    std::shared_ptr<const radius::Dictionary> dictionary_;
    radius::Directory directory_;
    DirectoryChanges changes_;
};

}  // namespace hourglass::daemon
