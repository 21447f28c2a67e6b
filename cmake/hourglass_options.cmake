# Flags that every target of ours shares, as the interface target hourglass_options.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(HOURGLASS_WERROR "Warnings are errors (on where we build for ourselves)" OFF)
option(HOURGLASS_LTO "Link-time optimization (ThinLTO)" OFF)
set(HOURGLASS_SANITIZE "" CACHE STRING "Value of -fsanitize= for everything")

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

add_library(hourglass_options INTERFACE)
target_include_directories(hourglass_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(hourglass_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Woverloaded-virtual
    -Xclang -fno-pch-timestamp)
target_compile_definitions(hourglass_options INTERFACE
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
    HOURGLASS_VERSION="${PROJECT_VERSION}")
target_link_options(hourglass_options INTERFACE -fuse-ld=lld -Wl,-z,relro,-z,now)

if(HOURGLASS_WERROR)
    target_compile_options(hourglass_options INTERFACE -Werror)
endif()
if(HOURGLASS_LTO)
    target_compile_options(hourglass_options INTERFACE -flto=thin)
    target_link_options(hourglass_options INTERFACE
        -flto=thin -Wl,--thinlto-cache-dir=${CMAKE_BINARY_DIR}/lto-cache)
endif()
if(HOURGLASS_SANITIZE)
    target_compile_options(hourglass_options INTERFACE -fsanitize=${HOURGLASS_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(hourglass_options INTERFACE -fsanitize=${HOURGLASS_SANITIZE})
    target_compile_options(hourglass_options INTERFACE -fno-sanitize-recover=all)
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(hourglass_options INTERFACE -fstack-protector-strong -D_FORTIFY_SOURCE=2)
endif()

# hourglass_library(store SOURCES a.cpp ... LINK hourglass_x ...): one folder's library.
function(hourglass_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
    add_library(hourglass_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(hourglass_${name} PUBLIC hourglass_options ${ARG_LINK})
    target_precompile_headers(hourglass_${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.hpp)
endfunction()
