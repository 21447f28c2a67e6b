# embed_scripts(target a.lua b.lua INCLUDED c.lua): makes scripts.hpp and scripts.cpp, in which scripts::a is
# the Script of a.lua; c.lua is what scripts include. The header's shape is in store/script.hpp.
function(embed_scripts target)
    set(header "${CMAKE_CURRENT_BINARY_DIR}/generated/store/scripts.hpp")
    set(source "${CMAKE_CURRENT_BINARY_DIR}/generated/store/scripts.cpp")
    set(paths)
    cmake_parse_arguments(PARSE_ARGV 1 EMBED "" "" INCLUDED)
    list(TRANSFORM EMBED_INCLUDED PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
    foreach(script ${EMBED_UNPARSED_ARGUMENTS})
        list(APPEND paths ${CMAKE_CURRENT_SOURCE_DIR}/${script})
    endforeach()
    add_custom_command(
        OUTPUT ${header} ${source}
        COMMAND ${CMAKE_COMMAND} -DHEADER=${header} -DSOURCE=${source} "-DSCRIPTS=${paths}"
                -P ${CMAKE_SOURCE_DIR}/cmake/write_scripts.cmake
        DEPENDS ${paths} ${EMBED_INCLUDED} ${CMAKE_SOURCE_DIR}/cmake/write_scripts.cmake
        VERBATIM)
    target_sources(${target} PRIVATE ${source} ${header})
    target_include_directories(${target} PUBLIC ${CMAKE_CURRENT_BINARY_DIR}/generated)
endfunction()
