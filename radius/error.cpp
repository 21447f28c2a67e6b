#include "radius/error.hpp"

#include <array>

namespace hourglass::radius {
namespace {

class Category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "radius"; }

    std::string message(int value) const override {
        switch (static_cast<Error>(value)) {
            case Error::none:
                break;
#define DROP(reason, sentence) \
    case Error::reason:        \
        return sentence;
#include "radius/drops.def"
#undef DROP
        }
        return "no error";
    }
};

constexpr auto names = std::to_array<std::string_view>({
    "none",
#define DROP(reason, sentence) #reason,
#include "radius/drops.def"
#undef DROP
});

}  // namespace

std::string_view name_of(Error error) {
    return names[static_cast<std::size_t>(error)];
}

const boost::system::error_category& error_category() {
    static const Category category;
    return category;
}

}  // namespace hourglass::radius
