// What the resources of the registry have in common: profiles, NASes and organizations are tables of fields
// with a few rules of their own. Writes are repeated when another came between reading and writing, unless
// the client named the version by If-Match.
#pragma once

#include "api/context.hpp"
#include "api/resource.hpp"
#include "store/records.hpp"

namespace hourglass::api {

// What stands between a body and its write: values to store, or errors of fields.
struct RecordDraft {
    store::RecordId id{};                             // 0: made by this write
    ParsedRecord record;                              // its fields as they would be written
    std::optional<store::Generation> unless_since{};  // the checks hold only while nothing else is written
};

struct RecordResource {
    std::string_view noun;  // as in "nas with this name already exists."
    std::span<const Field> fields;
    store::Records store::Registry::* records;
    // Whether a confined token may write what belongs to its own organizations. What is for all
    // organizations it may only read, in any case.
    bool is_written_by_tenants = false;
    // Looks beyond single fields, and refuses in `draft.record`. An error is the store's.
    awaitable<result<void>> (*check)(Context& context, RecordDraft& draft) = nullptr;
    // A sentence why the record must stay; empty: it may go.
    awaitable<result<std::string>> (*reason_to_stay)(Context& context, store::RecordId id) = nullptr;
    // Adds what is shown and not stored; it changes without a new version, so nothing is "not modified".
    awaitable<result<void>> (*complete)(Context& context, std::vector<store::Record>& records) = nullptr;
};

// `resource` outlives the coroutines.
awaitable<Response> list_records(Context& context, const RecordResource& resource);
awaitable<Response> create_record(Context& context, const RecordResource& resource);
awaitable<Response> read_record(Context& context, const RecordResource& resource);
awaitable<Response> change_record(Context& context, const RecordResource& resource, Write write);
awaitable<Response> delete_record(Context& context, const RecordResource& resource);

// The objects of these records as a page of a list.
awaitable<Response> show_records(Context& context, const RecordResource& resource, store::PageRequest page,
                                 store::Page<store::Record> records);

}  // namespace hourglass::api
