// The code of Boost.Asio and Boost.Beast themselves, compiled once for this program (separate compilation).
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
