#include "radius/error.hpp"

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

}  // namespace

const boost::system::error_category& error_category() {
    static const Category category;
    return category;
}

}  // namespace hourglass::radius
