// What importing and exporting users have in common: which fields travel, in which form, and how many
// transfers run at once.
#pragma once

#include "api/context.hpp"
#include "api/row_format.hpp"

#include <memory>

namespace hourglass::api {

inline constexpr std::size_t transfers_max = 8;  // at once; 503 beyond

inline constexpr std::string_view password_sealed = "password_sealed";

// The fields of a user as they travel: beside those of user_token, `password_sealed`; and the dates that the
// daemon sets by itself may be sent, for a user who is new here.
std::span<const Field> transfer_fields();
// The same for an export, with or without `password_sealed`.
std::span<const Field> export_fields(bool with_credentials);

// Set by `format`, else by the media type that a header of the request names; 400 and 415 for what is none.
Checked<RowForm> read_form(const Context& context, http::field header);

// A place among the transfers and audits that run; the refusal if there is none.
using TransferPlace = std::shared_ptr<void>;
Checked<TransferPlace> take_place(Environment& environment);

}  // namespace hourglass::api
