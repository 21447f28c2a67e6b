// Records that are few and read whole: NASes, profiles, organizations. All of them share one slot, so that
// one script writes a record, its unique values and its lists in one step. A write names the version it was
// made from and is refused when another came first; whoever wants to may then look again and repeat.
#pragma once

#include "store/error.hpp"
#include "store/record.hpp"
#include "store/users.hpp"

#include <span>

namespace hourglass::store {

class Reply;

using RecordId = std::int64_t;

// The fields that the store itself reads, of every kind.
namespace record_field {
inline constexpr std::string_view name = "name";
inline constexpr std::string_view organization = "organization";  // absent: for all
}  // namespace record_field

// Of the whole registry: it grows by one with each write of any record.
using Generation = std::uint64_t;

struct Record {
    RecordId id{};
    Fields fields;         // the secret in plain; absent if it cannot be opened
    Generation version{};  // the generation that its last write made; what an ETag is made from
};

// A write of any record of the registry.
struct RegistryChange {
    Generation generation{};
    std::string kind;  // its RecordKind's name
    RecordId id{};
};

// Of as many the store knows which records they concern.
inline constexpr std::int64_t registry_changes_kept = 1000;

struct RecordKind {
    std::string_view name;                     // names its keys
    std::span<const std::string_view> unique;  // no two records have the same value of one of these fields
    std::string_view secret{};                 // the field that is sealed, if any
    bool is_organization{};                    // a record belongs to the organization that its id names
};

struct RecordFilter {
    std::optional<std::string> name{};                    // exact
    std::optional<OrganizationId> organization{};         // those of this one, not those for all
    std::vector<OrganizationId> visible_organizations{};  // beside those for all; empty: every one
};

// One per event loop, like the connection it uses.
class Records {
public:
    Records(RedisConnection& redis, const SecretBox& secrets, const RecordKind& kind);

    // Without an id it gets the next one that nobody has. Error::id_taken, name_in_use, address_in_use.
    awaitable<result<Record>> create(Fields fields, std::optional<RecordId> id = {},
                                     std::optional<Generation> unless_since = {});
    // Error::not_found.
    awaitable<result<Record>> find(RecordId id);
    awaitable<result<Page<Record>>> list(RecordFilter filter, PageRequest page);
    awaitable<result<std::vector<Record>>> all();
    // Those of them that there are.
    awaitable<result<std::vector<Record>>> find_all(std::vector<RecordId> ids);
    // `fields` replace those of `before`. Error::version_changed when it is no longer the record that is
    // there; name_in_use, address_in_use.
    awaitable<result<Record>> replace(Record before, Fields fields,
                                      std::optional<Generation> unless_since = {});
    // Error::version_changed.
    awaitable<result<void>> remove(Record before, std::optional<Generation> unless_since = {});

    // What changes with every write; given to a write as `unless_since`, that is refused with
    // Error::version_changed when anything was written after it.
    awaitable<result<Generation>> generation();
    // All writes after that one, the oldest first. nullopt: they are no longer all known, so that whoever
    // wants to be up to date reads everything.
    awaitable<result<std::optional<std::vector<RegistryChange>>>> changes_since(Generation known);
    // How many belong to this organization.
    awaitable<result<std::uint64_t>> count_of(OrganizationId organization);

private:
    awaitable<result<Record>> write(Record before, Fields fields, std::optional<Generation> unless_since);
    awaitable<result<RecordId>> next_id();
    awaitable<result<std::vector<Record>>> find_by_name(std::string name);
    std::string list_of(RecordId id, const Fields& fields) const;
    std::optional<Record> parse(RecordId id, const Reply& reply) const;

    RedisConnection& redis_;
    const SecretBox& secrets_;
    const RecordKind& kind_;
};

}  // namespace hourglass::store
