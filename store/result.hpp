// How operations answer: a value or an error_code, never an exception. awaitable<result<T>> is the shape of
// every call that asks Redis something.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace hourglass {

template <class T>
using result = boost::system::result<T, boost::system::error_code>;

using boost::asio::awaitable;
using boost::system::error_code;

}  // namespace hourglass
