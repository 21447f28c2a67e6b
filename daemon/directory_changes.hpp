// Which users a new version of the directory concerns: those of the organizations whose record, or one of
// whose profiles, is not what it was. Pure.
#pragma once

#include "store/records.hpp"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace hourglass::daemon {

struct Concerned {
    bool all = false;  // those of all organizations
    std::set<store::OrganizationId> organizations;

    bool is_anybody() const { return all || !organizations.empty(); }
};

class DirectoryChanges {
public:
    // The first ones are no news.
    void observe(const std::vector<store::Record>& profiles, const std::vector<store::Record>& organizations);
    // What was observed since the last time.
    Concerned take();

private:
    struct Known {
        store::Generation version{};
        std::optional<store::OrganizationId> organization;  // nullopt: all

        bool operator==(const Known&) const = default;
    };
    using Versions = std::map<store::RecordId, Known>;

    void compare(const Versions& before, const Versions& after);
    void concern(const Known& record);

    std::optional<Versions> profiles_;
    std::optional<Versions> organizations_;
    Concerned concerned_;
};

}  // namespace hourglass::daemon
