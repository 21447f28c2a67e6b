// What the dictionary says of a mistake, as a sentence that stands alone.
#pragma once

#include <string>

namespace hourglass::radius {

inline std::string to_sentence(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text + ".";
}

}  // namespace hourglass::radius
