#include "store/error.hpp"

#include <string>

namespace hourglass::store {
namespace {

class Category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "hourglass.store"; }

    std::string message(int code) const override {
        switch (static_cast<Error>(code)) {
            case Error::unavailable:
                return "the store is unavailable";
            case Error::not_found:
                return "no such record";
            case Error::name_taken:
                return "another user has this user name";
            case Error::already_exists:
                return "the user has a user_extra record already";
            case Error::parent_not_found:
                return "the parent user does not exist";
            case Error::session_running:
                return "the user has a running session";
            case Error::insufficient_balance:
                return "the balance would fall below zero";
            case Error::excessive_balance:
                return "the balance would be larger than is counted";
            case Error::version_changed:
                return "the record has changed since";
            case Error::key_reused:
                return "the idempotency key was used for another request";
            case Error::not_metered:
                return "the user's time is not metered";
            case Error::id_taken:
                return "another record has this id";
            case Error::name_in_use:
                return "another record has this name";
            case Error::address_in_use:
                return "another NAS has this address";
            case Error::corrupt:
                return "the store holds something that cannot be read";
        }
        return "unknown error of the store";
    }
};

}  // namespace

const boost::system::error_category& error_category() {
    static const Category category;
    return category;
}

}  // namespace hourglass::store
